import { useCallback, useEffect, useRef, useState } from 'react';

import type { EventTopic } from '../../shared/contracts/contract-names.ts';
import type { Refusal, Result } from '../../shared/domain/result.ts';
import type { DeskBridge } from '../api/bridge.ts';

/** What a call answers, asked again whenever something of it may have changed. `ask` is one thing for as long as the same is asked. */
export function useAnswer<Value>(
  bridge: DeskBridge,
  topics: readonly EventTopic[],
  ask: () => Promise<Result<Value>>,
): {
  /** Null: not heard yet. */
  readonly value: Value | null;
  readonly refusal: Refusal | null;
  readonly read: () => void;
} {
  const [value, setValue] = useState<Value | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const asked = useRef(0);
  const read = useCallback((): void => {
    asked.current += 1;
    const number = asked.current;
    void ask().then((answer) => {
      if (number !== asked.current) return;
      setRefusal(answer.ok ? null : answer.refusal);
      if (answer.ok) setValue(answer.value);
    });
  }, [ask]);
  useEffect(() => {
    read();
    const stopEvents = bridge.subscribe(({ topic }) => {
      if (topics.includes(topic)) read();
    });
    return () => {
      stopEvents();
      asked.current += 1;
    };
  }, [bridge, read, topics]);
  return { value, refusal, read };
}
