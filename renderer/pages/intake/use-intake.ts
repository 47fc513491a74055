import { useCallback, useEffect, useRef, useState } from 'react';

import type { OutputOf } from '../../../shared/contracts/contracts.ts';
import type { Refusal } from '../../../shared/domain/result.ts';
import type { DeskBridge } from '../../api/bridge.ts';
import type { Call } from '../../api/call.ts';

export type IntakeOverview = OutputOf<'intake:overview'>;

const topics: readonly string[] = ['visits', 'settlements', 'devices'];

/** The sources and how much waits, asked again whenever something of it may have changed. */
export function useIntake(
  bridge: DeskBridge,
  call: Call,
): { readonly overview: IntakeOverview | null; readonly refusal: Refusal | null } {
  const [overview, setOverview] = useState<IntakeOverview | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const asked = useRef(0);
  const read = useCallback((): void => {
    asked.current += 1;
    const number = asked.current;
    void call('intake:overview', {}).then((answer) => {
      if (number !== asked.current) return;
      setRefusal(answer.ok ? null : answer.refusal);
      if (answer.ok) setOverview(answer.value);
    });
  }, [call]);
  useEffect(() => {
    read();
    const stopEvents = bridge.subscribe(({ topic }) => {
      if (topics.includes(topic)) read();
    });
    return () => {
      stopEvents();
      asked.current += 1;
    };
  }, [bridge, read]);
  return { overview, refusal };
}
