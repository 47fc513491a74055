import type { CopiedState } from '../../shared/contracts/contract.ts';

/** Whether what the last act of this page kept is in the second place too, whichever call it was. */
export type LastKept = {
  readonly get: () => CopiedState;
  readonly set: (copied: CopiedState) => void;
  /** Calls the listener at every change; the answer stops that. */
  readonly subscribe: (listener: () => void) => () => void;
};

export function lastKept(): LastKept {
  const listeners = new Set<() => void>();
  let last: CopiedState = 'none';
  return {
    get: () => last,
    set(copied) {
      last = copied;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
