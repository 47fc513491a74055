import { useEffect } from 'react';

import type { Call } from '../../api/call.ts';
import { visitToLock } from './account-lock-flow.ts';
import type { DeskEvent } from './desk-events.ts';
import type { DeskFlow } from './desk-flow.ts';

/** How often the lock is made to last on; the hospital ends one that is not asked for three times as long. */
const holdAgainMs = 60_000;

/**
 * Keeps the hospital's account of the open visit locked while it is checked and settled, and frees it whenever the visit leaves the
 * screen: by Esc, another visit, the end of the page. A page that cannot say so any more loses the lock in the program.
 */
export function useAccountLock(call: Call, flow: DeskFlow, send: (event: DeskEvent) => void): void {
  const visitId = visitToLock(flow);
  useEffect(() => {
    if (visitId === null) return;
    let isLeft = false;
    const hold = async (): Promise<void> => {
      const answer = await call('visits:lock-account', { visitId });
      if (isLeft) return;
      const lock = answer.ok
        ? answer.value
        : { isLocked: false, refusal: { ...answer.refusal, details: [] }, changes: null };
      send({ type: 'account-lock', visitId, lock, atMs: performance.now() });
    };
    void hold();
    const again = setInterval(() => void hold(), holdAgainMs);
    return () => {
      isLeft = true;
      clearInterval(again);
      void call('visits:free-account', { visitId });
    };
  }, [call, visitId, send]);
}
