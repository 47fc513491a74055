import { useCallback, useEffect, useRef, useState } from 'react';

import type { OutputOf } from '../../../../shared/contracts/contracts.ts';
import type { DifferenceRow } from '../../../../shared/contracts/reconciliation.ts';
import type { Refusal } from '../../../../shared/domain/result.ts';
import type { DeskBridge } from '../../../api/bridge.ts';
import type { Call } from '../../../api/call.ts';

export type DaysOverview = OutputOf<'reconciliation:overview'>;

/** Which differences are listed. */
export type ListedDay = { readonly businessDate: string | null; readonly isOpen: boolean };

export type DaysAtDesk = {
  /** Null: not heard yet. */
  readonly overview: DaysOverview | null;
  readonly differences: readonly DifferenceRow[];
  readonly refusal: Refusal | null;
  readonly read: () => void;
  readonly readMore: () => void;
  readonly say: (refusal: Refusal | null) => void;
};

/** The days to be closed, and the differences of one of them; asked again whenever something of them may have changed. */
export function useDays(bridge: DeskBridge, call: Call, listed: ListedDay): DaysAtDesk {
  const [overview, setOverview] = useState<DaysOverview | null>(null);
  const [rows, setRows] = useState<{
    readonly of: ListedDay;
    readonly differences: readonly DifferenceRow[];
    readonly hasMore: boolean;
  } | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const asked = useRef(0);
  const isReading = useRef(false);
  const shown = rows?.of === listed ? rows : null;
  const listAfter = useCallback(
    async (known: readonly DifferenceRow[], number: number): Promise<void> => {
      const { businessDate, isOpen } = listed;
      if (businessDate === null) return;
      const last = known.at(-1);
      const answer = await call('reconciliation:differences', {
        ...{ businessDate, isOpen },
        ...(last === undefined ? {} : { after: last.differenceId }),
      });
      if (number !== asked.current) return;
      if (!answer.ok) {
        setRefusal(answer.refusal);
        return;
      }
      const { differences, hasMore } = answer.value;
      setRows({ of: listed, differences: [...known, ...differences], hasMore });
    },
    [call, listed],
  );
  const read = useCallback((): void => {
    asked.current += 1;
    const number = asked.current;
    void call('reconciliation:overview', {}).then((answer) => {
      if (number !== asked.current) return;
      if (answer.ok) setOverview(answer.value);
      else setRefusal(answer.refusal);
    });
    void listAfter([], number);
  }, [call, listAfter]);
  useEffect(() => {
    read();
    const stopEvents = bridge.subscribe(({ topic }) => {
      if (topic === 'claims') read();
    });
    return () => {
      stopEvents();
      asked.current += 1;
    };
  }, [bridge, read]);
  return {
    ...{ overview, refusal, read, say: setRefusal },
    differences: shown?.differences ?? [],
    readMore() {
      if (shown?.hasMore !== true || isReading.current) return;
      isReading.current = true;
      void listAfter(shown.differences, asked.current).finally(() => {
        isReading.current = false;
      });
    },
  };
}
