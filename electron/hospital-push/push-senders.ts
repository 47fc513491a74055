import { createHash, randomBytes } from 'node:crypto';

import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { readReason, steersLine } from '../../shared/domain/written-text.ts';
import { shanghaiInstant, type Clock } from '../base/clock.ts';
import type { Ids } from '../base/ids.ts';
import type { PushSender } from '../database/push-senders-repository.ts';
import { assertRoom } from '../database/reading-only.ts';
import type { Store } from '../database/store.ts';
import { transactResult } from '../database/transact-result.ts';
import { pushRefusal } from './push-refusals.ts';

type Dependencies = {
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
};

const nameMax = 60;

/** Makes a sender; the token is told this once, and only its hash is kept. Audited. */
export async function makePushSender(
  { store, clock, ids }: Dependencies,
  { name: written, by }: { readonly name: string; readonly by: string },
): Promise<
  Result<
    { readonly senderId: string; readonly name: string; readonly token: string },
    'push-sender-name' | 'push-sender-twice'
  >
> {
  const name = written.trim();
  if (name === '' || [...name].length > nameMax || steersLine(name))
    return refused(pushRefusal('push-sender-name'));
  assertRoom(store);
  const token = `swp_${randomBytes(32).toString('base64url')}`;
  const [senderId, at] = [ids.next(), shanghaiInstant(clock.now())];
  return transactResult(store, async ({ pushSenders, audit }) => {
    const there = await pushSenders.list();
    if (there.some((each) => each.ended_at === null && each.name === name))
      return refused(pushRefusal('push-sender-twice'));
    await pushSenders.add({ id: senderId, name, tokenHash: tokenHashOf(token), at, by });
    const detail = { sender: senderId };
    await audit.append({ at, who: by, act: 'make-push-sender', about: name, detail });
    return accepted({ senderId, name, token });
  });
}

/** All senders that ever were, without their tokens. */
export function listPushSenders({
  store,
}: Pick<Dependencies, 'store'>): Promise<readonly PushSender[]> {
  return store.read(({ pushSenders }) => pushSenders.list());
}

/** A sender (its id, or its name) may push no more, from its next request on. Audited. */
export async function endPushSender(
  { store, clock }: Pick<Dependencies, 'store' | 'clock'>,
  { sender, reason: given, by }: Readonly<Record<'sender' | 'reason' | 'by', string>>,
): Promise<Result<{ readonly senderId: string }, 'push-sender-unknown' | 'push-reason-missing'>> {
  const reason = readReason(given);
  if (reason === '') return refused(pushRefusal('push-reason-missing'));
  assertRoom(store);
  const at = shanghaiInstant(clock.now());
  return transactResult(store, async ({ pushSenders, audit }) => {
    const found = (await pushSenders.list()).find(
      ({ id, name, ended_at: ended }) => ended === null && (id === sender || name === sender),
    );
    if (found === undefined) return refused(pushRefusal('push-sender-unknown'));
    await pushSenders.end(found.id, { at, by, reason });
    const detail = { sender: found.id, reason };
    await audit.append({ at, who: by, act: 'end-push-sender', about: found.name, detail });
    return accepted({ senderId: found.id });
  });
}

/** By which a token is known. It holds 256 random bits, so nobody finds it from its hash, however fast that is. */
export const tokenHashOf = (token: string): string =>
  createHash('sha256').update(token).digest('hex');
