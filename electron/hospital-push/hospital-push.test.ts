import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { timeOrderedIds } from '../base/ids.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { refusalOf, testClock, valueOf } from '../settlement/settlement.test-support.ts';
import { startHospitalPush, type HospitalPush } from './hospital-push.ts';
import { pushDescription } from './openapi.ts';
import { endPushSender, listPushSenders, makePushSender } from './push-senders.ts';
import { parsePushAddress, pushAddressOf, type PushSettings } from './push-settings.ts';
import { billOf, certificateFolder, sendTo } from './push.test-support.ts';

const program = fileURLToPath(new URL('./testing/push-program.ts', import.meta.url));

let store: TestStore;
let files: Awaited<ReturnType<typeof certificateFolder>>;
const opened: HospitalPush[] = [];
beforeEach(async () => {
  store = await createTestStore();
  files = await certificateFolder();
});
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
  await files.remove();
  await store.remove();
});

const dependencies = () => ({ store, clock: testClock, ids: timeOrderedIds() });
/** A port that is free now. */
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const at = probe.address();
      probe.close(() => {
        resolve(typeof at === 'object' && at !== null ? at.port : 0);
      });
    });
  });
const settingsOn = (port: number, more: Partial<PushSettings> = {}): PushSettings => ({
  'hospital-push': `127.0.0.1:${String(port)}`,
  'hospital-push-certificate': files.certificate,
  'hospital-push-key': files.key,
  ...more,
});
async function start(settings: PushSettings): Promise<HospitalPush> {
  const push = await startHospitalPush({
    ...{ dependencies: dependencies(), settings },
    onTaken: () => undefined,
    onFault: () => undefined,
    inWords: (problem) => {
      throw problem;
    },
  });
  opened.push(push);
  return push;
}
const acts = async () =>
  (await store.read(({ audit }) => audit.list({ after: 0, limit: 100 }))).map(({ act }) => act);

describe('the address for bills', () => {
  it('is closed unless it is set', async () => {
    const push = await start({ ...settingsOn(1), 'hospital-push': null });
    expect(push.source()).toMatchObject({ kind: 'pushed', state: 'not-set', where: null });
  });

  it('says on the page that it is open, and what came last', async () => {
    const port = await freePort();
    const { token } = valueOf(await makePushSender(dependencies(), { name: 'HIS', by: 'admin' }));
    const push = await start(settingsOn(port));
    const where = `https://127.0.0.1:${String(port)}`;
    expect(push.source()).toMatchObject({ state: 'working', where, last: null });
    const bills = JSON.stringify([await billOf('P1'), { visit: {} }]);
    expect((await sendTo(port, bills, { token })).status).toBe(207);
    expect(push.source().last).toMatchObject({ what: 'HIS', taken: 1, refused: 1 });
    await sendTo(port, bills, { token: 'swp_wrong-wrong-wrong-wrong' });
    await push.close();
    opened.splice(0);
    const [sender] = await listPushSenders({ store });
    expect(sender?.last_push_at).not.toBeNull();
    expect(await acts()).toEqual(
      expect.arrayContaining(['make-push-sender', 'take-in-visit', 'turn-away-push']),
    );
  });

  it('is not open, and says why, where a file is missing, is no pair, is for everybody, or the port is taken', async () => {
    const port = await freePort();
    const codeOf = async (more: Partial<PushSettings>) =>
      (await start(settingsOn(port, more))).source().problem?.code;
    expect(await codeOf({ 'hospital-push-key': null })).toBe('push-certificate');
    expect(await codeOf({ 'hospital-push-certificate': files.key })).toBe('push-certificate');
    const open = join(store.folder, 'open-key.pem');
    await writeFile(open, await readFile(files.key), { mode: 0o644 });
    if (process.platform !== 'win32')
      expect(await codeOf({ 'hospital-push-key': open })).toBe('push-certificate');
    expect(await codeOf({ 'hospital-push': 'no-such-interface:8443' })).toBe('push-no-interface');
    expect(await codeOf({})).toBeUndefined();
    expect(await codeOf({})).toBe('push-port-taken');
  });

  it('is one of this machine, never all of them', async () => {
    expect(parsePushAddress('127.0.0.1:8443')).toEqual({ where: '127.0.0.1', port: 8443 });
    expect(parsePushAddress('[::1]:8443')).toEqual({ where: '::1', port: 8443 });
    expect(parsePushAddress('eth0:8443')).toEqual({ where: 'eth0', port: 8443 });
    for (const wrong of ['0.0.0.0:8443', '[::]:8443', '*:8443', '127.0.0.1', 'eth0:0', 'a b:1'])
      expect(parsePushAddress(wrong)).toBeNull();
    const eth0 = [
      { address: '10.0.0.7', family: 'IPv4', internal: false } as never,
      { address: 'fe80::1', family: 'IPv6', internal: false } as never,
    ];
    const address = await pushAddressOf(settingsOn(1, { 'hospital-push': 'eth0:8443' }), { eth0 });
    expect(address === null ? null : valueOf(address)).toMatchObject({
      ...{ host: '10.0.0.7', port: 8443 },
    });
  });
});

describe('a sender', () => {
  it('is made once, told its token once, listed and ended with a reason', async () => {
    const by = 'admin';
    const made = valueOf(await makePushSender(dependencies(), { name: ' HIS ', by }));
    expect(made).toMatchObject({
      name: 'HIS',
      token: expect.stringMatching(/^swp_[\w-]{43}$/) as string,
    });
    expect(refusalOf(await makePushSender(dependencies(), { name: 'HIS', by }))).toBe(
      'push-sender-twice',
    );
    expect(refusalOf(await makePushSender(dependencies(), { name: ' ', by }))).toBe(
      'push-sender-name',
    );
    const end = (sender: string, reason: string) =>
      endPushSender(dependencies(), { sender, reason, by });
    expect(refusalOf(await end('HIS', ' '))).toBe('push-reason-missing');
    expect(refusalOf(await end('other', 'x'))).toBe('push-sender-unknown');
    valueOf(await end(made.senderId, '换令牌'));
    expect(refusalOf(await end('HIS', 'x'))).toBe('push-sender-unknown');
    // Another token under the same name.
    const again = valueOf(await makePushSender(dependencies(), { name: 'HIS', by }));
    expect(again.token).not.toBe(made.token);
    expect(JSON.stringify(await listPushSenders({ store }))).not.toContain(again.token);
    expect(await acts()).toEqual(['make-push-sender', 'end-push-sender', 'make-push-sender']);
  });
});

describe('a program that is killed', () => {
  it('after it took a bill and before it answered, loses and doubles nothing', async () => {
    const port = await freePort();
    const { token } = valueOf(await makePushSender(dependencies(), { name: 'HIS', by: 'admin' }));
    const words = [
      ...[program, store.file, store.folder, Buffer.from(store.key).toString('hex')],
      JSON.stringify(settingsOn(port)),
    ];
    const bills = JSON.stringify([await billOf('P1'), await billOf('P2')]);
    const run = (crashAt: string) => {
      const child = spawn(process.execPath, words, {
        env: { ...process.env, CRASH_AT: crashAt },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const open = new Promise<void>((resolve, reject) => {
        child.stdout.once('data', () => {
          resolve();
        });
        child.once('exit', reject);
      });
      const ended = new Promise<unknown>((resolve) => {
        child.once('exit', (_code, signal) => {
          resolve(signal);
        });
      });
      return { child, open, ended };
    };
    const first = run('push:before-answer');
    await first.open;
    await expect(sendTo(port, bills, { token })).rejects.toThrow();
    expect(await first.ended).toBe('SIGKILL');
    const second = run('');
    await second.open;
    const again = await sendTo(port, bills, { token });
    expect(again.answer.visits.map(({ outcome }) => outcome)).toEqual(['equal', 'equal']);
    second.child.kill('SIGKILL');
    await second.ended;
    expect((await acts()).filter((act) => act === 'take-in-visit')).toHaveLength(2);
  });
});

it('the description is of the shapes that are enforced', () => {
  const text = JSON.stringify(pushDescription());
  const { openapi, components, paths } = JSON.parse(text) as {
    openapi: string;
    components: { schemas: Record<string, { properties: Record<string, object> }> };
    paths: Record<string, object>;
  };
  expect(openapi).toBe('3.1.0');
  expect(Object.keys(paths)).toEqual(['/v1/visits', '/v1/openapi.json']);
  expect(Object.keys(components.schemas['VisitJson']?.properties ?? {})).toEqual(
    expect.arrayContaining(['visit', 'person', 'yearToDate', 'sent']),
  );
  // Every reference leads somewhere.
  for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
    expect(components.schemas[name]).toBeDefined();
});
