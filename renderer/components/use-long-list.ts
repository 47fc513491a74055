import { useCallback, useEffect, useRef, useState } from 'react';

import type { EventTopic } from '../../shared/contracts/contract-names.ts';
import type { Refusal, Result } from '../../shared/domain/result.ts';
import type { DeskBridge } from '../api/bridge.ts';

export type LongListOf<Row> = {
  /** Null: not heard yet. */
  readonly rows: readonly Row[] | null;
  readonly refusal: Refusal | null;
  readonly read: () => void;
  readonly readMore: () => void;
  readonly say: (refusal: Refusal | null) => void;
};

/** A page of a list, after the last row of the pages before. */
export type LoadPage<Row> = (
  after: Row | undefined,
) => Promise<Result<{ readonly rows: readonly Row[]; readonly hasMore: boolean }>>;

/** The row that is worked on: the one chosen, or the first; moving on asks for more near the end. */
export function useChosenRow<Row>(
  list: LongListOf<Row>,
  idOf: (row: Row) => string,
): {
  readonly rows: readonly Row[];
  readonly chosen: Row | null;
  readonly choose: (row: Row) => void;
  readonly move: (by: number) => void;
} {
  const [chosenId, setChosen] = useState<string | null>(null);
  const rows = list.rows ?? [];
  const chosen = rows.find((row) => idOf(row) === chosenId) ?? rows[0] ?? null;
  const choose = (row: Row): void => {
    setChosen(idOf(row));
  };
  return {
    ...{ rows, chosen, choose },
    move(by) {
      if (chosen === null) return;
      const at = rows.indexOf(chosen) + by;
      if (at >= rows.length - 1) list.readMore();
      const next = rows[Math.min(rows.length - 1, Math.max(0, at))];
      if (next !== undefined) choose(next);
    },
  };
}

/**
 * A list that comes by pages, asked again whenever something of it may have changed; as many rows as were shown before, so that
 * nothing moves away under whoever works on it. `load` is one thing for as long as the same is listed.
 */
export function useLongList<Row>(
  bridge: DeskBridge,
  topics: readonly EventTopic[],
  load: LoadPage<Row>,
): LongListOf<Row> {
  const [listed, setListed] = useState<{
    readonly of: LoadPage<Row>;
    readonly rows: readonly Row[];
    readonly hasMore: boolean;
  } | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const shown = listed?.of === load ? listed : null;
  const count = useRef(0);
  useEffect(() => {
    count.current = shown?.rows.length ?? 0;
  });
  const asked = useRef(0);
  const isReading = useRef(false);
  /** What is read anew; told again meanwhile, it is read once more behind that, and never begun anew before its end. */
  const reading = useRef<{ readonly of: LoadPage<Row>; isStale: boolean } | null>(null);
  const listFrom = useCallback(
    async (known: readonly Row[], least: number, number: number): Promise<void> => {
      let rows = known;
      for (;;) {
        const answer = await load(rows.at(-1));
        // Something else is listed by now, or it was asked again.
        if (number !== asked.current) return;
        if (!answer.ok) {
          setRefusal(answer.refusal);
          return;
        }
        rows = [...rows, ...answer.value.rows];
        const { hasMore } = answer.value;
        if (hasMore && rows.length < least) continue;
        setListed({ of: load, rows, hasMore });
        return;
      }
    },
    [load],
  );
  const read = useCallback((): void => {
    if (reading.current?.of === load) {
      reading.current.isStale = true;
      return;
    }
    const own = { of: load, isStale: false };
    reading.current = own;
    const isStale = (): boolean => own.isStale && reading.current === own;
    const readOn = async (): Promise<void> => {
      do {
        own.isStale = false;
        asked.current += 1;
        await listFrom([], count.current, asked.current);
      } while (isStale());
      if (reading.current === own) reading.current = null;
    };
    void readOn();
  }, [listFrom, load]);
  useEffect(() => {
    read();
    const stopEvents = bridge.subscribe(({ topic }) => {
      if (topics.includes(topic)) read();
    });
    return () => {
      stopEvents();
      asked.current += 1;
      reading.current = null;
    };
  }, [bridge, read, topics]);
  return {
    ...{ rows: shown?.rows ?? null, refusal, read, say: setRefusal },
    readMore() {
      if (shown?.hasMore !== true || isReading.current) return;
      if (reading.current !== null) {
        // Two at once would each put its rows in the place of the other's.
        count.current = shown.rows.length + 1;
        reading.current.isStale = true;
        return;
      }
      isReading.current = true;
      void listFrom(shown.rows, 0, asked.current).finally(() => {
        isReading.current = false;
      });
    },
  };
}
