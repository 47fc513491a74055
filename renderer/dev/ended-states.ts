import type { Link } from '../api/bridge.ts';
import type { DevState } from './dev-state.ts';

type MakeState = (
  name: string,
  keys: readonly string[],
  answers: DevState['answers'],
  link: Link,
) => DevState;

/** A page that has lost its program, or may ask it nothing more. */
export function endedStates(state: MakeState): readonly DevState[] {
  return [
    state('connection-lost', [], {}, 'lost'),
    state('no-session', [], {}, 'no-session'),
    { ...state('ended', [], {}, 'no-session'), ended: 'by-administrator' },
    { ...state('ended-idle', [], {}, 'no-session'), ended: 'idle' },
    state('another-page', [], {}, 'another-page'),
    { ...state('ended-english', ['@not-this-page-language'], {}, 'no-session'), ended: 'idle' },
    state('another-page-english', ['@not-this-page-language'], {}, 'another-page'),
  ];
}
