import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import type { CardRead, CardRefusalCode } from '../../drivers/card-reader/card.ts';
import type { CardReader } from '../../drivers/card-reader/port.ts';

/** How a test read ended; `stopped`: somebody pressed stop before anything came. */
export type TestReadOutcome =
  | { readonly kind: 'read'; readonly read: Result<CardRead, CardRefusalCode> }
  | { readonly kind: 'stopped' };

export type TestRead = {
  readonly outcome: Promise<TestReadOutcome>;
  /** Ends it at once; no effect when it is over. */
  stop(): void;
};

/**
 * A card already on the reader is read by asking for it; for one put there later the reader's own polling is
 * enough, and a test that was stopped does not hold the reader for long.
 */
const askMs = 2000;

/** What asking may say while a card can still come. */
const notYet: readonly string[] = ['no-card', 'timeout'];

/**
 * Reads one card from a reader that looks for cards by itself: the one that is there, or the first one that
 * comes within `deadlineMs`. A refusal ends it too, unless it only says that nothing has come yet; then it is the
 * answer when the time is over.
 */
export function startTestRead(reader: CardReader, deadlineMs: number): TestRead {
  const stopped = Promise.withResolvers<null>();
  return {
    outcome: Promise.race([
      stopped.promise,
      readNowOrLater(reader, deadlineMs, stopped.promise),
    ]).then((read) => (read === null ? { kind: 'stopped' } : { kind: 'read', read })),
    stop: () => {
      stopped.resolve(null);
    },
  };
}

async function readNowOrLater(
  reader: CardReader,
  deadlineMs: number,
  stopped: Promise<null>,
): Promise<Result<CardRead, CardRefusalCode> | null> {
  const untilMs = performance.now() + deadlineMs;
  const asked = await reader.read({ deadlineMs: Math.min(askMs, deadlineMs) });
  if (asked.ok || !notYet.includes(asked.refusal.code)) return asked;
  // One that does not work says so at once, whatever time is left.
  if (reader.state !== 'ready') return asked;
  const later = Promise.withResolvers<Result<CardRead, CardRefusalCode>>();
  const stopListening = reader.on((event) => {
    if (event.type === 'card') later.resolve(accepted(event.card));
    else if (event.type === 'refused') later.resolve(refused(event.refusal));
    else if (event.type === 'state' && event.refusal !== null)
      later.resolve(refused(event.refusal));
  });
  const timer = setTimeout(
    () => {
      later.resolve(asked);
    },
    Math.max(0, untilMs - performance.now()),
  );
  const read = await Promise.race([later.promise, stopped]);
  stopListening();
  clearTimeout(timer);
  return read;
}
