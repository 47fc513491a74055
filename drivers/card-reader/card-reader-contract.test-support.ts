import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CardRead } from './card.ts';
import type { CardReader, CardReaderEvent } from './port.ts';

/** A polling reader, not yet opened, and what moves cards and its cable. */
export type ReaderUnderTest<Card> = {
  readonly reader: CardReader;
  place(card: Card): Promise<void>;
  lift(): Promise<void>;
  unplug(): Promise<void>;
  plug(): Promise<void>;
  dispose(): Promise<void>;
  /** The next so many answers are damaged on their way; -1: all. Absent where nothing damages them. */
  damage?(answers: number): Promise<void>;
};

/** The cards of one kind, and what each must come to. */
export type CardsUnderTest<Card> = {
  /** Two people. */
  readonly one: Card;
  readonly other: Card;
  readonly contradictory: Card;
  readonly all: readonly Card[];
  /** The Card JSON without what the reading itself adds: reader, instant, time taken, warnings. */
  jsonOf(card: Card): Partial<CardRead>;
};

const second = 1000;

/** What every reader of cards keeps, whatever it is. One kind of reader, one call. */
export function testCardReaderContract<Card>(
  kind: string,
  cards: CardsUnderTest<Card>,
  start: () => Promise<ReaderUnderTest<Card>>,
  line: 'can be damaged' | 'comes whole' = 'comes whole',
): void {
  describe(`the card reader ${kind}`, { timeout: 300 * second }, () => {
    let under: ReaderUnderTest<Card>;
    let reader: CardReader;
    let events: CardReaderEvent[];
    beforeEach(async () => {
      under = await start();
      reader = under.reader;
      events = [];
      reader.on((event) => events.push(event));
    });
    afterEach(async () => {
      await reader.close();
      await under.dispose();
    });
    const seen = (): CardRead[] => events.flatMap((e) => (e.type === 'card' ? [e.card] : []));
    /** What must come may take as long as it takes on a busy machine. */
    const patiently = { deadlineMs: 60 * second };
    const wait = { timeout: 60 * second };

    it('is ready once it is open', async () => {
      await reader.open();
      expect(reader.state).toBe('ready');
      expect(reader.refusal).toBeNull();
    });

    it('finds a card by itself and tells it once, until another is laid down', async () => {
      await reader.open();
      await under.place(cards.one);
      await expect.poll(() => seen().length, wait).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(seen()).toHaveLength(1);
      await under.lift();
      await expect.poll(() => events.at(-1)?.type, wait).toBe('removed');
      await under.place(cards.other);
      await expect.poll(() => seen().length, wait).toBe(2);
      expect(seen().map(({ idNumber }) => idNumber)).toEqual([
        cards.jsonOf(cards.one).idNumber,
        cards.jsonOf(cards.other).idNumber,
      ]);
    });

    it('reads every kind of card into the JSON of the contract', async () => {
      await reader.open();
      for (const card of cards.all) {
        await under.place(card);
        const read = await reader.read(patiently);
        expect(read.ok).toBe(true);
        if (read.ok) expectCardJson(read.value, cards.jsonOf(card), reader.url);
        await under.lift();
      }
    });

    it('reads on request a card that was read and left lying', async () => {
      await reader.open();
      await under.place(cards.one);
      await expect.poll(() => seen().length, wait).toBe(1);
      expect(await reader.read(patiently)).toMatchObject({ ok: true });
    });

    it('refuses no-card when the deadline passes over an empty plate', async () => {
      await reader.open();
      const read = await readInTime(reader);
      expect(read).toMatchObject({ ok: false, refusal: { code: 'no-card' } });
    });

    it('refuses a card whose data contradict themselves, whole', async () => {
      await reader.open();
      await under.place(cards.contradictory);
      const read = await reader.read(patiently);
      expect(read).toMatchObject({ ok: false, refusal: { code: 'card-not-recognised' } });
      expect(seen()).toEqual([]);
    });

    if (line === 'can be damaged') {
      it('gets over one damaged answer, and refuses checksum if they go on', async () => {
        await reader.open();
        await under.place(cards.one);
        await under.damage?.(1);
        expect(await reader.read(patiently)).toMatchObject({ ok: true });
        await under.damage?.(-1);
        const read = await readInTime(reader);
        expect(read).toMatchObject({ ok: false, refusal: { code: 'checksum' } });
      });
    }

    it('says that it was removed, comes back by itself, and reads again', async () => {
      await reader.open();
      await under.place(cards.one);
      await expect.poll(() => seen().length, wait).toBe(1);
      await under.unplug();
      await expect.poll(() => reader.state, wait).toBe('absent');
      expect(reader.refusal?.code).toBe('reader-removed');
      const read = await reader.read({ deadlineMs: second });
      expect(read).toMatchObject({ ok: false, refusal: { code: 'reader-removed' } });
      await under.plug();
      await expect.poll(() => reader.state, wait).toBe('ready');
      expect(await reader.read(patiently)).toMatchObject({ ok: true });
    });

    it('says that no reader is there, and is ready when one comes', async () => {
      await under.unplug();
      await reader.open();
      expect(reader.state).toBe('absent');
      expect(await reader.read({ deadlineMs: 500 })).toMatchObject({
        refusal: { code: 'no-reader' },
      });
      await under.plug();
      await expect.poll(() => reader.state, wait).toBe('ready');
    });

    it('ends a read that waits when it is closed', async () => {
      await reader.open();
      const reading = reader.read(patiently);
      await new Promise((resolve) => setTimeout(resolve, 50));
      await reader.close();
      expect(await reading).toMatchObject({ ok: false, refusal: { code: 'reader-removed' } });
    });
  });
}

/**
 * What a read says that goes on up to its deadline, because no card lies there or no answer is whole. On a busy
 * machine a short deadline is over before anything has come, and then a longer one is given.
 */
export async function readInTime(reader: CardReader): ReturnType<CardReader['read']> {
  let read = await reader.read({ deadlineMs: second });
  for (const deadlineMs of [4 * second, 20 * second, 60 * second]) {
    if (read.ok || read.refusal.code !== 'timeout') break;
    read = await reader.read({ deadlineMs });
  }
  return read;
}

/** The fields of the contract, no others, and the values of the card. */
function expectCardJson(read: CardRead, card: Partial<CardRead>, url: string): void {
  const { reader, readAt, elapsedMs, warnings, ...rest } = read;
  expect(reader).toBe(url);
  expect(readAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00$/);
  expect(Number.isInteger(elapsedMs) && elapsedMs >= 0).toBe(true);
  expect(warnings).toEqual([]);
  expect(rest).toEqual(card);
}
