import type { Moment } from '../../components/moment.ts';

/** What a key asks of the desk. */
export type KeyAct =
  | 'forward'
  | 'confirm'
  | 'back'
  | 'next'
  | 'read-again'
  | 'find'
  | 'bill'
  | 'tenders'
  | 'print-again'
  | 'cancel-settlement'
  | 'proxy'
  | 'help'
  | 'up'
  | 'down'
  | 'type-to-find';

export type KeyPress = {
  readonly key: string;
  readonly repeat: boolean;
  readonly modified: boolean;
  /** The key goes into a field. */
  readonly inField: boolean;
};

const functionKeys: Readonly<Record<string, KeyAct>> = {
  F1: 'help',
  F2: 'read-again',
  F3: 'find',
  F4: 'cancel-settlement',
  F6: 'bill',
  F7: 'tenders',
  F8: 'confirm',
  F9: 'print-again',
  F10: 'next',
  F11: 'proxy',
  Escape: 'back',
};

/**
 * What a key press means now; null leaves it to the page. A key held down counts once: only arrows repeat.
 * Nothing but a function key or Esc reaches past a field that is being typed in.
 */
export function keyAct(press: KeyPress, moment: Moment): KeyAct | null {
  const { key, repeat, modified, inField } = press;
  if (modified) return null;
  if (key === 'ArrowUp' || key === 'ArrowDown') {
    if (inField || moment !== 'choosing') return null;
    return key === 'ArrowUp' ? 'up' : 'down';
  }
  const act = functionKeys[key];
  if (act !== undefined) return repeat ? null : act;
  if (inField || repeat) return null;
  if (key === 'Enter') return 'forward';
  if (key === '?') return 'help';
  // A name or number typed at the empty desk is for the finder.
  return moment === 'waiting' && Array.from(key).length === 1 && key !== ' '
    ? 'type-to-find'
    : null;
}
