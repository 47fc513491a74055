import { useCallback } from 'react';

import type { EventTopic } from '../../../shared/contracts/contract-names.ts';
import type { OutputOf } from '../../../shared/contracts/contracts.ts';
import type { Refusal } from '../../../shared/domain/result.ts';
import type { DeskBridge } from '../../api/bridge.ts';
import type { Call } from '../../api/call.ts';
import { useAnswer } from '../../components/use-answer.ts';

export type IntakeOverview = OutputOf<'intake:overview'>;

const topics: readonly EventTopic[] = ['visits', 'settlements', 'devices'];

/** The sources and how much waits. */
export function useIntake(
  bridge: DeskBridge,
  call: Call,
): { readonly overview: IntakeOverview | null; readonly refusal: Refusal | null } {
  const ask = useCallback(() => call('intake:overview', {}), [call]);
  const { value: overview, refusal } = useAnswer(bridge, topics, ask);
  return { overview, refusal };
}
