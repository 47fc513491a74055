import type { Kysely } from 'kysely';

import { hasParticulars, type ClaimWithHistory } from './claim-history.ts';
import type { Tables } from './schema.ts';
import { claimEventDocument } from './stored-documents/claim-documents.ts';
import { readStored } from './stored-documents/stored-kind.ts';

/** An intent's message ids, each with the last number counted for its second; null: none was. */
export type IntentToVerify = {
  readonly settlement_id: string;
  readonly messageIds: readonly { readonly id: string; readonly counted: number | null }[];
};

/** Claims with what happened to each, by id after one of them. Messages are left out: they say nothing of what became of it. */
export async function claimHistories(
  db: Kysely<Tables>,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<readonly ClaimWithHistory[]> {
  const claims = await db
    .selectFrom('claims')
    .select(['id', 'state', 'attempts', 'approved_fen', 'payer_reference'])
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
  if (claims.length === 0) return [];
  const ids = claims.map(({ id }) => id);
  const events = await db
    .selectFrom('claim_events')
    .select(['id', 'claim_id', 'event', 'detail_json as text', 'detail_version as version'])
    .where('claim_id', 'in', ids)
    .where('event', '<>', 'message-kept')
    .orderBy('id')
    .execute();
  const eventsOf = Map.groupBy(events, ({ claim_id }) => claim_id);
  return claims.map((claim) => ({
    ...claim,
    steps: (eventsOf.get(claim.id) ?? []).map(({ id, event, text, version }) => ({
      event,
      detail: hasParticulars(event)
        ? readStored(claimEventDocument, { id: String(id), text, version })
        : null,
    })),
  }));
}

/** Intents with the message ids they kept, by settlement after one of them. */
export async function intentsToVerify(
  db: Kysely<Tables>,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<readonly IntentToVerify[]> {
  const rows = await db
    .selectFrom('settlement_intents')
    .select(['settlement_id', 'message_ids_json'])
    .where('settlement_id', '>', after)
    .orderBy('settlement_id')
    .limit(limit)
    .execute();
  const kept = rows.map(({ settlement_id, message_ids_json: text }) => {
    const ids: unknown = JSON.parse(text);
    const values = typeof ids === 'object' && ids !== null ? Object.values(ids) : [];
    return { settlement_id, ids: values.map(String) };
  });
  const seconds = [...new Set(kept.flatMap(({ ids }) => ids.map((id) => id.slice(12, 26))))];
  if (seconds.length === 0)
    return kept.map(({ settlement_id }) => ({ settlement_id, messageIds: [] }));
  const counters = await db
    .selectFrom('message_sequences')
    .selectAll()
    .where('second', 'in', seconds)
    .execute();
  const counted = new Map(counters.map((row) => [row.institution + row.second, row.last]));
  return kept.map(({ settlement_id, ids }) => ({
    settlement_id,
    messageIds: ids.map((id) => ({ id, counted: counted.get(id.slice(0, 26)) ?? null })),
  }));
}
