import { useCallback, useEffect, useRef, useState } from 'react';

import type { ClaimGroup, ClaimRow } from '../../../shared/contracts/claims.ts';
import type { OutputOf } from '../../../shared/contracts/contracts.ts';
import type { Refusal } from '../../../shared/domain/result.ts';
import type { DeskBridge } from '../../api/bridge.ts';
import type { Call } from '../../api/call.ts';

export type ClaimsOverview = OutputOf<'claims:overview'>;

/** Which claims are listed: one group, of one payer or of all. */
export type Listed = { readonly group: ClaimGroup; readonly destination: string | null };

export type ClaimsAtDesk = {
  /** Null: not heard yet. */
  readonly overview: ClaimsOverview | null;
  /** Null: not heard yet. */
  readonly claims: readonly ClaimRow[] | null;
  readonly hasMore: boolean;
  readonly refusal: Refusal | null;
  readonly read: () => void;
  readonly readMore: () => void;
  readonly say: (refusal: Refusal | null) => void;
};

/**
 * The queue, asked again whenever something of it may have changed; as many claims as were listed before, so that
 * nothing moves away under whoever works on it.
 */
export function useClaims(bridge: DeskBridge, call: Call, listed: Listed): ClaimsAtDesk {
  const [overview, setOverview] = useState<ClaimsOverview | null>(null);
  const [rows, setRows] = useState<{
    readonly of: Listed;
    readonly claims: readonly ClaimRow[];
    readonly hasMore: boolean;
  } | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const shown = rows?.of === listed ? rows : null;
  const count = useRef(0);
  useEffect(() => {
    count.current = shown?.claims.length ?? 0;
  });
  const asked = useRef(0);
  const isReading = useRef(false);
  const listFrom = useCallback(
    async (known: readonly ClaimRow[], least: number, number: number): Promise<void> => {
      const { group, destination } = listed;
      let claims = known;
      for (;;) {
        const last = claims.at(-1);
        const answer = await call('claims:list', {
          group,
          ...(destination === null ? {} : { destination }),
          ...(last === undefined ? {} : { after: last.claimId }),
        });
        // Something else is listed by now, or it was asked again.
        if (number !== asked.current) return;
        if (!answer.ok) {
          setRefusal(answer.refusal);
          return;
        }
        claims = [...claims, ...answer.value.claims];
        const { hasMore } = answer.value;
        if (hasMore && claims.length < least) continue;
        setRows({ of: listed, claims, hasMore });
        return;
      }
    },
    [call, listed],
  );
  const read = useCallback((): void => {
    asked.current += 1;
    const number = asked.current;
    void call('claims:overview', {}).then((answer) => {
      if (number !== asked.current) return;
      if (answer.ok) setOverview(answer.value);
      else setRefusal(answer.refusal);
    });
    void listFrom([], count.current, number);
  }, [call, listFrom]);
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
    ...{ claims: shown?.claims ?? null, hasMore: shown?.hasMore ?? false },
    readMore() {
      if (shown?.hasMore !== true || isReading.current) return;
      isReading.current = true;
      void listFrom(shown.claims, 0, asked.current).finally(() => {
        isReading.current = false;
      });
    },
  };
}
