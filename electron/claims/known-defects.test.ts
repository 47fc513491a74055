import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { timeOrderedIds } from '../base/ids.ts';
import { manualTimer } from '../base/timer.test-support.ts';
import type { ClaimsRepository } from '../database/claims-repository.ts';
import type { Store } from '../database/store.ts';
import type { LockPlace } from '../database/lock-places.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  refusalOf,
  testClock,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import type { ClaimChannel, OutgoingClaim } from './channel.ts';
import { ownChannels } from './channels/channels.ts';
import { startPayers } from './payers.test-support.ts';
import { uploadClaims } from './upload-claims.ts';

// Defects seen in public clients of the national interface, by their number in insurers.md 1.10: those a run of
// the upload can have. Each is planted here in ours, and its check must notice.

const packs = await ownPacks();
const input = await colonCancer();
let settlementId = '';
let prepared: TestStore;
let store: TestStore;
let other: Store;
/** A store with one settled visit, copied for each test. */
beforeAll(async () => {
  prepared = await createTestStore();
  await keepVisit(prepared, { ...input, yearToDate: null });
  const call = { visitId: input.visit.id, by: 'cashier1' };
  const settled = await settleVisit(dependenciesOn(prepared, packs), call);
  ({ settlementId } = valueOf(settled).settlement);
  await prepared.emptyLog();
});
afterAll(() => prepared.remove());
beforeEach(async () => {
  store = await createTestStore(prepared);
  other = await store.another();
});
afterEach(() => store.remove());

/** The insurers on loopback, for the checks that ask what they have booked. */
async function beforePayers(
  work: (payers: Awaited<ReturnType<typeof startPayers>>) => Promise<void>,
): Promise<void> {
  const payers = await startPayers();
  try {
    await work(payers);
  } finally {
    await payers.end();
  }
}

/** What a run is made of: each defect puts a wrong part in the place of one. */
type Client = {
  /** The same data, as this client keeps its books of it. */
  readonly store: (store: Store) => Store;
  /** Of what the nth run takes the lock. */
  readonly folder: (run: number) => LockPlace;
  readonly messageId: (claims: ClaimsRepository, at: string) => Promise<string>;
};
const ours: Client = {
  store: (same) => same,
  folder: () => ({ home: store.folder, databaseFile: store.file }),
  messageId: (claims, at) => claims.nextMessageId('H43062600001', at),
};

type Change = (claims: ClaimsRepository) => Partial<ClaimsRepository>;
const changed = (of: Store, change: Change): Store => ({
  ...of,
  transact: (work, scope) =>
    of.transact(
      (repositories) =>
        work({
          ...repositories,
          claims: { ...repositories.claims, ...change(repositories.claims) },
        }),
      scope,
    ),
});

let runs = 0;
function upload(
  client: Client,
  {
    payersUrl = 'http://127.0.0.1:1',
    channel,
    on,
  }: { readonly payersUrl?: string; readonly channel?: ClaimChannel; readonly on?: Store } = {},
) {
  runs += 1;
  return uploadClaims(
    {
      store: client.store(on ?? store),
      clock: testClock,
      ids: timeOrderedIds(),
      folder: client.folder(runs),
      channels: { returning: [], of: () => channel ?? ownChannels().of('medical-assistance') },
      timer: manualTimer().timer,
    },
    { payersUrl, payer: 'medical-assistance', who: 'clerk1' },
  );
}

/** A payer that takes everything, and looks at each claim first. */
const looking = (look: (outgoing: OutgoingClaim) => Promise<void>): ClaimChannel => ({
  ...ownChannels().of('hospital-reduction'),
  async send(claims, sending) {
    for (const each of claims) await look(each);
    return ownChannels().of('hospital-reduction').send(claims, sending);
  },
});

/** The claim on medical assistance, as another program sees it. */
const claimAsKept = async () => {
  const claims = await other.read((all) => all.claims.ofSettlement(settlementId));
  const claim = claims.find(({ destination }) => destination === 'medical-assistance');
  if (claim === undefined) throw new Error('no claim');
  return claim;
};

type Defect = {
  readonly number: number;
  readonly what: string;
  readonly check: (client: Client) => Promise<void>;
  readonly planted: () => Client;
};

const defects: readonly Defect[] = [
  {
    number: 1,
    what: 'the end of a message id is left to chance',
    async check({ messageId }) {
      const at = '2017-11-27T10:00:00.000+08:00';
      const made = await store.transact(async ({ claims }) => {
        const ids: string[] = [];
        for (let turn = 0; turn < 600; turn += 1) ids.push(await messageId(claims, at));
        return ids;
      });
      for (const id of made) expect(id).toMatch(/^H4306260000120171127100000\d{4}$/);
      expect(new Set(made).size).toBe(made.length);
    },
    planted: () => ({
      ...ours,
      messageId: () => {
        const chance = String(Math.floor(Math.random() * 10_000)).padStart(4, '0');
        return Promise.resolve(`H4306260000120171127100000${chance}`);
      },
    }),
  },
  {
    number: 4,
    what: 'a lock is looked at but never taken',
    async check(client) {
      const beside: (string | null)[] = [];
      const channel = looking(async () => {
        beside.push(refusalOf(await upload(client, { on: other })));
      });
      valueOf(await upload(client, { channel }));
      expect(beside).toEqual(['busy']);
    },
    planted: () => ({
      ...ours,
      folder: (run) => {
        const home = join(store.folder, `run-${String(run)}`);
        return { home, databaseFile: join(home, 'settlement.db') };
      },
    }),
  },
  {
    number: 12,
    what: 'what was cancelled here while the run began goes out all the same',
    async check(client) {
      const cancelledFirst = changed(store, (claims) => ({
        async openBatch(batch) {
          const at = testClock.businessDate();
          valueOf(await claims.withdrawForCancellation(settlementId, at, () => false));
          await claims.openBatch(batch);
        },
      }));
      await beforePayers(async (payers) => {
        valueOf(await upload(client, { payersUrl: payers.url(), on: cancelledFirst }));
        expect(await claimAsKept()).toMatchObject({ state: 'withdrawn' });
        expect((await payers.ledger()).accepted).toEqual([]);
      });
    },
    planted: () => ({
      ...ours,
      store: (same) =>
        changed(same, (claims) => ({
          async find(id) {
            const claim = await claims.find(id);
            return claim === null ? null : { ...claim, state: 'in-batch' };
          },
        })),
    }),
  },
  {
    number: 15,
    what: 'a claim whose answer was lost is sent again as a new one',
    async check(client) {
      await beforePayers(async (payers) => {
        const payersUrl = payers.url();
        await payers.faults({ faults: ['lost-answer*1'] });
        valueOf(await upload(client, { payersUrl }));
        expect(await claimAsKept()).toMatchObject({ state: 'unknown' });
        valueOf(await upload(client, { payersUrl }));
        expect(await claimAsKept()).toMatchObject({ state: 'accepted' });
        const { accepted, duplicates } = await payers.ledger();
        expect(accepted).toMatchObject([{ settlementId, repeats: 1 }]);
        expect(duplicates).toEqual([]);
      });
    },
    planted: () => ({
      ...ours,
      store: (same) =>
        changed(same, (claims) => ({
          keptBody: () => Promise.resolve(null),
          async find(id) {
            const claim = await claims.find(id);
            if (claim === null || claim.attempts === 0) return claim;
            return { ...claim, messageId: claim.messageId.replace(/^(.{26})..../, '$19999') };
          },
        })),
    }),
  },
  {
    number: 16,
    what: 'a claim goes out before it is kept that it does',
    async check(client) {
      const seen: unknown[] = [];
      const channel = looking(async ({ body }) => {
        const { id, state, attempts } = await claimAsKept();
        const kept = await other.read(({ claims }) => claims.keptBody(id));
        seen.push({ state, attempts, isKept: kept === body });
      });
      valueOf(await upload(client, { channel }));
      expect(seen).toEqual([{ state: 'sent', attempts: 1, isKept: true }]);
    },
    planted: () => ({
      ...ours,
      store: (same) => changed(same, () => ({ markSent: () => Promise.resolve() })),
    }),
  },
];

describe.each(defects)('defect $number of public clients, $what', ({ check, planted }) => {
  it('is not ours', () => check(ours));
  it('would be noticed', async () => {
    await expect(check(planted())).rejects.toThrow();
  });
});
