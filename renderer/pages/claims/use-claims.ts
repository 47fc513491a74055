import { useCallback } from 'react';

import type { ClaimGroup, ClaimRow } from '../../../shared/contracts/claims.ts';
import type { EventTopic } from '../../../shared/contracts/contract-names.ts';
import type { OutputOf } from '../../../shared/contracts/contracts.ts';
import type { Refusal } from '../../../shared/domain/result.ts';
import type { DeskBridge } from '../../api/bridge.ts';
import type { Call } from '../../api/call.ts';
import { useAnswer } from '../../components/use-answer.ts';
import { useLongList, type LoadPage, type LongListOf } from '../../components/use-long-list.ts';

export type ClaimsOverview = OutputOf<'claims:overview'>;

/** Which claims are listed: one group, of one payer or of all. */
export type Listed = { readonly group: ClaimGroup; readonly destination: string | null };

export type ClaimsAtDesk = {
  /** Null: not heard yet. */
  readonly overview: ClaimsOverview | null;
  readonly list: LongListOf<ClaimRow>;
  readonly refusal: Refusal | null;
  readonly read: () => void;
};

const topics: readonly EventTopic[] = ['claims'];

/** The queue, asked again whenever something of it may have changed. */
export function useClaims(bridge: DeskBridge, call: Call, listed: Listed): ClaimsAtDesk {
  const askOverview = useCallback(() => call('claims:overview', {}), [call]);
  const overview = useAnswer(bridge, topics, askOverview);
  const load = useCallback<LoadPage<ClaimRow>>(
    async (last) => {
      const { group, destination } = listed;
      const answer = await call('claims:list', {
        group,
        ...(destination === null ? {} : { destination }),
        ...(last === undefined ? {} : { after: last.claimId }),
      });
      return answer.ok
        ? { ok: true, value: { rows: answer.value.claims, hasMore: answer.value.hasMore } }
        : answer;
    },
    [call, listed],
  );
  const list = useLongList(bridge, topics, load);
  return {
    ...{ overview: overview.value, list, refusal: list.refusal ?? overview.refusal },
    read() {
      overview.read();
      list.read();
    },
  };
}
