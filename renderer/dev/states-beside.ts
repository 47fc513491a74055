import { approvalStates } from './approval-states.ts';
import { claimStates } from './claim-states.ts';
import { dayStates } from './day-states.ts';
import type { DevState } from './dev-state.ts';
import { findingStates } from './finding-states.ts';
import { intakeStates } from './intake-states.ts';
import { peopleStates, type Making } from './people-states.ts';
import { warningStates } from './warning-states.ts';

/** The states that have a file of their own, by what the page is at. */
export function statesBeside(
  parts: Making & { readonly empty: DevState['answers'] },
): readonly DevState[] {
  return [
    ...peopleStates(parts),
    ...approvalStates(parts),
    ...findingStates(parts),
    ...warningStates(parts),
    ...claimStates(parts),
    ...dayStates(parts),
    ...intakeStates(parts),
  ];
}
