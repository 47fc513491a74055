import {
  usualCost,
  startPasswordHasher,
  type PasswordHasher,
} from '../../electron/security/password-hasher.ts';
import { createTestStore } from '../../electron/database/test-store.ts';
import { makeCallDoor } from '../../electron/ipc/handle-call.ts';
import { signIn } from '../../electron/security/sign-in.ts';
import { activeUser } from '../../electron/security/users.ts';
import {
  firstAdministrator,
  goodPassword,
  partsOn,
} from '../../electron/security/users.test-support.ts';

// What a sign-in costs: nearly all of it is the hash, which is meant to. How long the desk stands still meanwhile, what
// asking who sits there costs each call, and the check of the role by itself. Prints figures.

const samples = Number(process.argv[2] ?? '20');
const store = await createTestStore();
const hasher: PasswordHasher & { close(): Promise<void> } = startPasswordHasher();
try {
  const parts = { ...partsOn(store), hasher };
  await firstAdministrator(parts);
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
