import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { armCrashPoint, type CrashPoint } from '../../../base/crash-points.ts';
import { timeOrderedIds } from '../../../base/ids.ts';
import { manualTimer } from '../../../base/timer.test-support.ts';
import { createTestStore, type TestStore } from '../../../database/test-store.ts';
import {
  authority,
  otherAuthority,
  serverCertificate,
  serverKey,
} from '../../../intake/sql/sql-certificates.test-support.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  testClock,
  valueOf,
} from '../../../settlement/settlement.test-support.ts';
import { settleVisit } from '../../../settlement/settle-visit.ts';
import { verifyFolder } from '../../../settlement/verify-folder.ts';
import type { OutgoingClaim } from '../../channel.ts';
import { startPayers } from '../../payers.test-support.ts';
import { settledClaims } from '../../settled-claim.test-support.ts';
import { uploadClaims } from '../../upload-claims.ts';
import { checksOf, type ChannelOnTrial } from '../channel-contract.test-support.ts';
import { claimChannels, ownProfiles } from '../channels.ts';
import { httpsBatchChannel } from './https-batch-channel.ts';
import type { HttpsProfile } from './https-profile.ts';

const nextClaim = await settledClaims('medical-assistance');
const packs = await ownPacks();
const input = await colonCancer();
let folder: string;
let payers: Awaited<ReturnType<typeof startPayers>>;
let address: URL;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'https-batch-test-'));
  const files = {
    ...{ 'server.pem': serverCertificate, 'server.key': serverKey, 'clients.pem': authority },
    ...{ 'other.pem': otherAuthority },
  };
  for (const [name, text] of Object.entries(files))
    await writeFile(join(folder, name), text, { mode: 0o600 });
  payers = await startPayers(undefined, { certificates: folder });
  const { port } = await payers.batches('fault/none');
  address = new URL(`https://localhost:${String(port)}`);
});
afterAll(async () => {
  await payers.end();
  await rm(folder, { recursive: true });
});

const profile = (): HttpsProfile => ({
  ...{ profile: 'civil-affairs', protocol: 'https-batch', destinations: ['medical-assistance'] },
  ...{ address, batches: '/batches', returns: '/returns', claimsAtOnce: 100 },
  authorityFile: join(folder, 'clients.pem'),
  certificateFile: join(folder, 'server.pem'),
  keyFile: join(folder, 'server.key'),
  takesSameBatchAgain: true,
  deadlines: { connect: 20_000, headers: 20_000, body: 20_000 },
});
const channelWith = (change: Partial<HttpsProfile> = {}) =>
  httpsBatchChannel({ ...profile(), ...change });

const line: NonNullable<ChannelOnTrial['line']> = {
  answerWith: async (how) => {
    await payers.batches(`fault/${how}`);
  },
  undecided: ['lost-request', 'busy', 'malformed', 'another-batch'],
  silence: 'silence',
  lostAnswer: 'lost-answer',
  spoil: (body) => body.replace(/"amountFen":\d+/, '"amountFen":1'),
};
const trial: ChannelOnTrial = {
  get channel() {
    return channelWith();
  },
  nextClaim,
  address: () => address,
  booked: async ({ claim }) =>
    (await payers.batches('fault/none')).booked
      .filter((each) => each.settlement === claim.settlementId)
      .map(({ approved }) => approved),
  later: {
    decide: async () => {
      await payers.batches('decide');
    },
  },
  line,
};

describe('the https-batch channel before a real HTTPS server', () => {
  it.each(checksOf({ line, later: trial.later }).map(({ name, check }) => [name, check] as const))(
    '%s',
    (_name, check) => check(trial),
  );
});

function outgoing(isInDoubt = false): OutgoingClaim {
  const settled = nextClaim();
  const written = channelWith().write(settled);
  if (written.kind !== 'written') throw new Error(written.problems.join());
  return { claim: settled.claim, body: written.body, isInDoubt };
}
async function send(change: Partial<HttpsProfile> = {}, claim = outgoing(), to = address) {
  const { timer } = manualTimer();
  const sending = { address: to, timer, onHandedOver: () => undefined };
  return (await channelWith(change).send([claim], sending)).get(claim.claim.id);
}

describe('a line that is not the payer’s, or not ours', () => {
  it('is not taken where another authority vouches for the payer', async () => {
    expect(await send({ authorityFile: join(folder, 'other.pem') })).toMatchObject({
      ...{ kind: 'not-sent', problem: { code: 'payer-certificate' } },
    });
  });

  it('is not taken where the certificate is of another name', async () => {
    const byNumber = new URL(address.href.replace('localhost', '127.0.0.1'));
    expect(await send({}, outgoing(), byNumber)).toMatchObject({
      ...{ kind: 'not-sent', problem: { code: 'payer-certificate' } },
    });
  });

  it('brings nothing where the payer does not know our certificate', async () => {
    const claim = outgoing();
    const certificateFile = join(folder, 'other.pem');
    const outcome = await send({ certificateFile }, claim);
    expect(['not-sent', 'unknown']).toContain(outcome?.kind);
    expect(await trial.booked({ ...nextClaim(), claim: claim.claim })).toEqual([]);
  });

  it('is not taken where others may read our key, or it is gone', async () => {
    const keyFile = join(folder, 'open.key');
    await writeFile(keyFile, serverKey);
    await chmod(keyFile, 0o644);
    expect(await send({ keyFile })).toMatchObject({
      ...{ kind: 'not-sent', problem: { code: 'key-file-open' } },
    });
    expect(await send({ keyFile: join(folder, 'none.key') })).toMatchObject({
      ...{ kind: 'not-sent', problem: { code: 'key-file-unusable' } },
    });
  });

  it('holds back what is in doubt where the payer takes no batch twice', async () => {
    expect(await send({ takesSameBatchAgain: false }, outgoing(true))).toMatchObject({
      ...{ kind: 'unknown', isSilent: false, problem: { code: 'batch-may-be-taken' } },
    });
  });

  it('has a batch refused as a whole by its name and digest', async () => {
    await payers.batches('fault/refuse');
    expect(await send()).toEqual({
      ...{ kind: 'rejected', namesIt: true, problem: { code: 'CLOSED', words: '本期已关账' } },
    });
  });
});

describe('a night with a payer of JSON batches', () => {
  let store: TestStore;
  let visits = 0;
  afterEach(async () => {
    armCrashPoint(null, () => undefined);
    const { checks } = await verifyFolder({ store });
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    await store.remove();
  });

  /** By configuration alone: the profile as a file of the hospital says it. */
  const channels = () => {
    const { address: at, ...rest } = profile();
    const content = { ...rest, address: at.href };
    return valueOf(claimChannels([...ownProfiles, { file: 'civil-affairs.json', content }]));
  };
  const upload = async () =>
    valueOf(
      await uploadClaims(
        {
          ...{ store, clock: testClock, ids: timeOrderedIds(), channels: channels() },
          folder: { home: store.folder, databaseFile: store.file },
        },
        { payersUrl: payers.url(), payer: 'medical-assistance', who: 'clerk1' },
      ),
    );
  async function settle(): Promise<string> {
    store = await createTestStore();
    visits += 1;
    const visit = { ...input.visit, id: `ZY${String(visits)}` };
    await keepVisit(store, { ...input, visit, yearToDate: null });
    const call = { visitId: visit.id, by: 'cashier1' };
    const { settlement } = valueOf(await settleVisit(dependenciesOn(store, packs), call));
    return settlement.settlementId;
  }
  const stateOf = async (settlementId: string) =>
    (await store.read((all) => all.claims.ofSettlement(settlementId))).find(
      ({ destination }) => destination === 'medical-assistance',
    )?.state;
  const codes = () =>
    store.read(async ({ payerReturns }) => {
      const all: string[] = [];
      for (const { id } of await payerReturns.latest(10))
        all.push(...(await payerReturns.findingsOf(id)).map(({ code }) => code));
      return all;
    });

  it.each([
    ['none', 'accepted', []],
    ['partial', 'unknown', []],
    ['wrong-total', 'acknowledged', ['unfit']],
    ['unknown-claim', 'accepted', ['unknown-claim']],
    ['contradict', 'accepted', ['contradiction']],
    ['remittance', 'accepted', []],
  ] as const)('%s: the claim is %s', async (fault, state, findings) => {
    const id = await settle();
    await payers.batches(`fault/${fault}`);
    await upload();
    await payers.batches('decide');
    await upload();
    expect([await stateOf(id), await codes()]).toEqual([state, findings]);
    expect((await payers.batches('decide')).oddities).toEqual([]);
  });

  it.each([
    ...(['upload:after-marked-sent', 'upload:after-answer', 'upload:after-answer-kept'] as const),
    ...(['https-batch:before-kept-said', 'return:after-kept'] as const),
  ] satisfies readonly CrashPoint[])('killed at %s books each share once', async (point) => {
    const id = await settle();
    const isTaking = !point.startsWith('upload:');
    if (isTaking) {
      await upload();
      await payers.batches('decide');
    }
    let hits = 0;
    armCrashPoint(point, () => {
      hits += 1;
      throw new Error('no power');
    });
    await expect(upload()).rejects.toThrow();
    armCrashPoint(null, () => undefined);
    expect(hits).toBe(1);
    await upload();
    await payers.batches('decide');
    await upload();
    expect(await stateOf(id)).toBe('accepted');
    const { booked, oddities } = await payers.batches('decide');
    expect(booked.filter(({ settlement }) => settlement === id)).toHaveLength(1);
    expect(oddities).toEqual([]);
  });
});
