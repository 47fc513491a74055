import {
  usualCost,
  startPasswordHasher,
  type PasswordHasher,
} from '../../electron/security/password-hasher.ts';
import { timeOrderedIds } from '../../electron/base/ids.ts';
import { createTestStore } from '../../electron/database/test-store.ts';
import { callerOfPage } from '../../electron/ipc/caller-of-page.ts';
import type { DeskParts } from '../../electron/ipc/desk-parts.ts';
import { makeCallDoor } from '../../electron/ipc/handle-call.ts';
import { peopleCalls } from '../../electron/ipc/people.ts';
import { PageSessions } from '../../electron/security/page-sessions.ts';
import { signIn } from '../../electron/security/sign-in.ts';
import { activeUser } from '../../electron/security/users.ts';
import {
  cheapHasher,
  firstAdministrator,
  goodPassword,
  partsOn,
  worker,
} from '../../electron/security/users.test-support.ts';

// What a sign-in costs: nearly all of it is the hash, which is meant to. How long the desk stands still meanwhile, what
// asking who sits there costs each call, and the check of the role by itself. Prints figures.

const samples = Number(process.argv[2] ?? '20');
const store = await createTestStore();
const hasher: PasswordHasher & { close(): Promise<void> } = startPasswordHasher();
try {
  const parts = { ...partsOn(store), hasher };
  const boss = await firstAdministrator(parts);
  // With the cheapest hash, for what is not the hash.
  await worker(partsOn(store), boss, { userId: 'c001', name: '林秋', role: 'cashier' });
  const { memoryKib, passes } = usualCost;
  console.log(`argon2id, ${String(memoryKib / 1024)} MiB, ${String(passes)} passes`);
  const given = { userId: 'boss', password: goodPassword, from: 'the bench' };
  await print('sign-in, right', samples, () => signIn(parts, given));
  await print('the hash alone', samples, () => hasher.check('x', null));
  let longest = 0;
  let last = performance.now();
  const beat = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  await signIn(parts, given);
  clearInterval(beat);
  console.log(`longest standstill of the desk during one: ${longest.toFixed(1)} ms`);
  await printSwitching();
  await print('who sits there, asked for each call', 2000, () =>
    store.read(({ users }) => activeUser(users, 'boss')),
  );
  const door = makeCallDoor(
    {} as never,
    () => null,
    () => undefined,
    () => '1',
    () => Promise.resolve('none'),
  );
  const who = { sessionId: 'p', userId: 'boss', name: 'x', role: 'administrator' } as const;
  await print('the check of the role, refused', 20_000, () =>
    door('settlement:settle-visit', {}, who),
  );
} finally {
  await hasher.close();
  await store.remove();
}

/** Switching user at a page, without the hash: signing in, the first use of the new secret, and who sits there now. */
async function printSwitching(): Promise<void> {
  const users = partsOn(store);
  const pageSessions = new PageSessions({
    ...{ store, clock: users.clock, ids: timeOrderedIds(), firstUserId: null },
    monotonicMs: () => performance.now(),
    onFault: (problem) => {
      throw problem;
    },
  });
  const desk = {
    services: { ...users, folder: { kind: 'live' } },
    hasher: cheapHasher,
    pageSessions,
  };
  const calls = peopleCalls(desk as unknown as DeskParts);
  const { session } = await pageSessions.open('browser');
  const asks = { sessionId: session.id, userId: null };
  await print('switching user, without the hash', 200, async () => {
    const given = { userId: 'c001', password: goodPassword };
    const answer = await calls['people:sign-in'](given, asks);
    if (!answer.ok) throw new Error(answer.refusal.code);
    const found = await pageSessions.find(answer.value.newSecret ?? '');
    if (!found.ok) throw new Error('the page has ended');
    const { services } = desk;
    await callerOfPage(services as unknown as DeskParts['services'], pageSessions, found.session);
    await calls['people:who']({}, asks);
  });
  await pageSessions.close();
}

async function print(what: string, times: number, act: () => Promise<unknown>): Promise<void> {
  await act();
  const took: number[] = [];
  const before = process.cpuUsage();
  for (let time = 0; time < times; time += 1) {
    const began = performance.now();
    await act();
    took.push(performance.now() - began);
  }
  const { user, system } = process.cpuUsage(before);
  took.sort((one, other) => one - other);
  const at = (share: number): string => (took[Math.floor(share * (times - 1))] ?? 0).toFixed(3);
  console.log(
    `${what}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, ${((user + system) / 1000 / times).toFixed(3)} ms of a core`,
  );
}
