import { useState } from 'react';

import type { Frame } from '../../../shared/contracts/devices.ts';

export type LogHold = {
  /** What is shown: as it is now, or as it was when the reading of it began. */
  readonly shown: readonly Frame[];
  readonly held: boolean;
  /** How many frames came since. */
  readonly news: number;
  /** The mouse or the focus is in the log, or has left it. */
  readonly look: (isLooking: boolean) => void;
  /** Holds the log until told otherwise, wherever one looks. */
  readonly toggle: () => void;
};

type Held = { readonly frames: readonly Frame[]; readonly byHand: boolean };

/** A log that stands still while one reads it. */
export function useLogHold(frames: readonly Frame[]): LogHold {
  const [held, setHeld] = useState<Held | null>(null);
  return {
    shown: held?.frames ?? frames,
    held: held !== null,
    news: held === null ? 0 : newsSince(held.frames, frames),
    look: (isLooking) => {
      setHeld((before) => {
        if (before?.byHand === true) return before;
        return isLooking ? (before ?? { frames, byHand: false }) : null;
      });
    },
    toggle: () => {
      setHeld((before) =>
        before?.byHand === true ? null : { frames: before?.frames ?? frames, byHand: true },
      );
    },
  };
}

function newsSince(before: readonly Frame[], now: readonly Frame[]): number {
  const newest = before.at(-1)?.at;
  return newest === undefined ? now.length : now.filter(({ at }) => at > newest).length;
}
