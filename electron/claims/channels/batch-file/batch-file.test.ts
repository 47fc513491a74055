import { existsSync, readdirSync } from 'node:fs';
import { chmod, copyFile, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { manualTimer } from '../../../base/timer.test-support.ts';
import type { OutgoingClaim } from '../../channel.ts';
import { startPayers } from '../../payers.test-support.ts';
import { settledClaims } from '../../settled-claim.test-support.ts';
import { checksOf, type ChannelOnTrial } from '../channel-contract.test-support.ts';
import { batchFileChannel } from './batch-file-channel.ts';
import type { BatchProfile } from './batch-profile.ts';
import { digestOf } from './records.ts';
import { profileOf } from './batch-profile.test-support.ts';
import { startSftpServer, type SftpServer } from './sftp-server.test-support.ts';

const nextClaim = await settledClaims('medical-assistance');
let server: SftpServer;
let payers: Awaited<ReturnType<typeof startPayers>>;
beforeAll(async () => {
  server = await startSftpServer();
  payers = await startPayers(undefined, { files: server.home });
});
afterAll(async () => {
  await payers.end();
  await server.stop();
});
afterEach(() => {
  server.setLine({});
});

const channelWith = (change: Partial<BatchProfile> = {}) =>
  batchFileChannel({ ...profileOf(server), ...change });
const inbox = () => readdir(join(server.home, 'in'));

/** Lets bytes back until a file has its name in the inbox that had none: the answer to that step is in them. */
function onceTaken(then: 'cut' | 'hold'): () => Promise<void> {
  return async () => {
    const before = new Set(await inbox());
    const isTaken = (): boolean =>
      existsSync(join(server.home, 'in')) &&
      readdirSync(join(server.home, 'in')).some(
        (name) => !name.startsWith('.') && !before.has(name),
      );
    let isOver = false;
    server.setLine({
      server() {
        if (!isOver && !isTaken()) return 'pass';
        if (then === 'cut' && isOver) return 'pass';
        isOver = true;
        return then;
      },
    });
  };
}

const trial: ChannelOnTrial = {
  get channel() {
    return channelWith();
  },
  nextClaim,
  address: () => server.address,
  booked: async ({ claim }) =>
    (await payers.files('fault/none')).booked
      .filter((each) => each.settlement === claim.settlementId)
      .map(({ approved }) => approved),
  later: {
    decide: async () => {
      server.setLine({});
      await payers.files('take');
    },
  },
  line: {
    answerWith: (how) => onceTaken(how === 'silence' ? 'hold' : 'cut')(),
    undecided: ['cut'],
    silence: 'silence',
    lostAnswer: 'cut',
    spoil: (body) => body.replace(/(\nITM\|.*\|)\d+\n/, '$11\n'),
  },
};

describe('the batch-file channel before a real SFTP server', () => {
  const later = { decide: () => Promise.resolve() };
  const line = trial.line;
  it.each(checksOf({ line, later }).map(({ name, check }) => [name, check] as const))(
    '%s',
    (_name, check) => check(trial),
  );
});

function outgoing(
  change: { readonly body?: string; readonly isInDoubt?: boolean } = {},
): OutgoingClaim {
  const settled = nextClaim();
  const written = channelWith().write(settled);
  if (written.kind !== 'written') throw new Error(written.problems.join());
  return { claim: settled.claim, body: written.body, isInDoubt: false, ...change };
}
async function send(claim: OutgoingClaim, change: Partial<BatchProfile> = {}) {
  const { timer } = manualTimer();
  const sending = { address: server.address, timer, onHandedOver: () => undefined };
  return (await channelWith(change).send([claim], sending)).get(claim.claim.id);
}
const nameOf = (claim: OutgoingClaim) => channelWith().nameTogether?.([claim]) ?? '';
const inIn = (name: string) => join(server.home, 'in', name);

describe('a way that is not the payer’s', () => {
  it('is shut where the host shows another key than the pinned one: nothing is sent', async () => {
    const claim = outgoing();
    const before = await inbox();
    const outcome = await send(claim, { hostKeys: [server.otherHostKey] });
    expect(outcome).toMatchObject({ kind: 'not-sent', problem: { code: 'host-key-differs' } });
    expect(outcome?.kind === 'not-sent' ? outcome.problem.words : '').toContain(server.hostKey);
    expect(await inbox()).toEqual(before);
  });

  it.each([
    ['others may read our key', (path: string) => chmod(path, 0o644), 'key-file-open'],
    ['the key is gone', (path: string) => rm(path), 'key-file-unusable'],
    ['the file holds no key', (path: string) => writeFile(path, 'no key'), 'key-file-unusable'],
    [
      'the payer does not know our key',
      (path: string) => copyFile(join(server.home, 'other'), path),
      'sign-in-refused',
    ],
  ])('is not taken where %s', async (_what, spoil, code) => {
    const keyFile = join(server.home, `key-${code}`);
    await copyFile(server.keyFile, keyFile);
    await chmod(keyFile, 0o600);
    await spoil(keyFile);
    expect(await send(outgoing(), { keyFile })).toMatchObject({
      ...{ kind: 'not-sent', problem: { code } },
    });
  });
});

describe('a file on its way', () => {
  it('that finds the disk full was not sent, and goes out later', async () => {
    const claim = outgoing();
    const part = inIn(`.${nameOf(claim)}.part`);
    await symlink('/dev/full', part);
    expect(await send(claim)).toMatchObject({
      ...{ kind: 'not-sent', problem: { code: 'payer-refused-file' } },
    });
    expect(await inbox()).not.toContain(nameOf(claim));
    await rm(part);
    expect(await send(claim)).toMatchObject({ kind: 'acknowledged' });
  });

  it('that is cut in the middle is not there under its name, and goes out whole later', async () => {
    const claim = outgoing({ body: `CLM|${'x'.repeat(300_000)}\n` });
    server.setLine({ client: (sent) => (sent > 150_000 ? 'cut' : 'pass') });
    expect(await send(claim)).toMatchObject({ kind: 'not-sent', problem: { code: 'no-answer' } });
    expect(await inbox()).not.toContain(nameOf(claim));
    expect(await inbox()).toContain(`.${nameOf(claim)}.part`);
    server.setLine({});
    expect(await send(claim)).toMatchObject({ kind: 'acknowledged' });
    expect((await stat(inIn(nameOf(claim)))).size).toBeGreaterThan(300_000);
  });

  it('is not written a second time where it lies already', async () => {
    const claim = outgoing();
    await send(claim);
    const { ino, mtimeMs } = await stat(inIn(nameOf(claim)));
    expect(await send({ ...claim, isInDoubt: true })).toMatchObject({ kind: 'acknowledged' });
    expect(await stat(inIn(nameOf(claim)))).toMatchObject({ ino, mtimeMs });
  });

  it('whose name another file has is not put in its place', async () => {
    const claim = outgoing();
    await writeFile(inIn(nameOf(claim)), 'another file');
    expect(await send(claim)).toMatchObject({ kind: 'unknown', problem: { code: 'name-taken' } });
    expect((await stat(inIn(nameOf(claim)))).size).toBe(12);
    await rm(inIn(nameOf(claim)));
  });

  it('that the payer may have taken waits for its word where the payer takes no file twice', async () => {
    const claim = outgoing();
    await send(claim);
    await rename(inIn(nameOf(claim)), join(server.home, 'taken', nameOf(claim)));
    const again = { ...claim, isInDoubt: true };
    expect(await send(again, { takesSameFileAgain: false })).toMatchObject({
      ...{ kind: 'unknown', isSilent: false, problem: { code: 'file-may-be-taken' } },
    });
    expect(await inbox()).not.toContain(nameOf(claim));
    expect(await send(again)).toMatchObject({ kind: 'acknowledged' });
  });
});

describe('a return that lies there', () => {
  it('under an odd name, or as no file, is said and hinders no other', async () => {
    await payers.files('take');
    await send(outgoing());
    await payers.files('take');
    await writeFile(join(server.home, 'out', 'a name with spaces'), 'x');
    await writeFile(join(server.home, 'out', 'half.part'), 'x');
    const names: string[] = [];
    const collect = () =>
      channelWith().returns?.collect({
        ...{ address: server.address, timer: manualTimer().timer },
        keep: ({ name }) => {
          names.push(name);
          return Promise.resolve();
        },
      });
    expect(await collect()).toMatchObject({
      ...{ kind: 'not-reached', problem: { code: 'return-odd' } },
    });
    expect(names.length).toBeGreaterThan(0);
    expect(names).not.toContain('half.part');
    await rm(join(server.home, 'out', 'a name with spaces'));
    expect(await collect()).toEqual({ kind: 'collected', returns: 0 });
  });
});

describe('SM3', () => {
  it.each([
    ['abc', '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'],
    ['abcd'.repeat(16), 'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732'],
  ])('is that of GB/T 32905 for %s', async (text, digest) => {
    expect(await digestOf('sm3', text)).toBe(digest);
  });

  it('proves a file where the profile says so', async () => {
    const claim = outgoing();
    expect(await send(claim, { hash: 'sm3' })).toMatchObject({ kind: 'acknowledged' });
    // This payer wants SHA-256: it refuses the file as a whole.
    await payers.files('take');
    const sm3 = channelWith({ hash: 'sha256' });
    const lines: unknown[] = [];
    await sm3.returns?.collect({
      ...{ address: server.address, timer: manualTimer().timer },
      async keep(found) {
        const read = await sm3.returns?.read(found);
        if (read?.kind === 'answers') lines.push(...read.lines);
      },
    });
    expect(lines).toContainEqual(
      expect.objectContaining({
        sentWith: nameOf(claim),
        answer: { kind: 'rejected', problem: { code: 'DIGEST', words: '摘要不符' }, namesIt: true },
      }),
    );
  });
});
