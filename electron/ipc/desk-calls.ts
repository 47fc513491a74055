import { settlementCallsUnderLock } from './account-lock.ts';
import { cardCalls } from './card.ts';
import { deskCalls } from './desk.ts';
import type { DeskParts } from './desk-parts.ts';
import { claimCalls } from './claims.ts';
import { demoCalls } from './demo.ts';
import { deviceCalls } from './devices.ts';
import { documentCalls } from './documents.ts';
import { asPromised, type CallHandlers } from './handle-call.ts';
import { intakeCalls } from './intake.ts';
import { peopleCalls } from './people.ts';
import { policyCalls } from './policies.ts';
import { reconciliationCalls } from './reconciliation.ts';
import { replayCalls } from './replay.ts';
import { secondPersonCalls } from './second-person.ts';
import { sessionCalls } from './sessions.ts';
import { visitCalls } from './visits.ts';

/** What stands behind every contract. */
export function allCalls(parts: DeskParts): CallHandlers {
  return asPromised({
    ...deskCalls(parts),
    ...visitCalls(parts),
    ...cardCalls(parts),
    ...settlementCallsUnderLock(parts),
    ...documentCalls(parts),
    ...policyCalls(parts),
    ...replayCalls(parts),
    ...intakeCalls(parts),
    ...claimCalls(parts),
    ...reconciliationCalls(parts),
    ...deviceCalls(parts),
    ...demoCalls(parts),
    ...secondPersonCalls(parts),
    ...sessionCalls(parts),
    ...peopleCalls(parts),
  });
}
