import type { DeskBridge } from '../api/bridge.ts';
import type { DevState } from './dev-state.ts';
import { devStates } from './states.ts';

/** The state named in the address, else the first. */
export function stateOfAddress(): DevState {
  const name = window.location.hash.slice(1);
  const found = devStates.find((state) => state.name === name) ?? devStates[0];
  if (found === undefined) throw new Error('there are no states');
  return found;
}

/** Answers like the program would in one state; for looking at the page without one. */
export function fakeBridge(state: DevState): DeskBridge {
  return {
    call(name) {
      const answer = state.answers[name];
      return answer === undefined
        ? Promise.reject(new Error(`${state.name} has no answer to ${name}`))
        : Promise.resolve(answer);
    },
    subscribe: () => () => undefined,
    onLink(listener) {
      listener(state.link, state.ended ?? null);
      return () => undefined;
    },
  };
}
