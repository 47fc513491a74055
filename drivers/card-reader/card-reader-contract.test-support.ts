import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CardRead } from './card.ts';
import type { CardReader, CardReaderEvent } from './port.ts';
import { cardEndingInX, inventedCards, residentCard } from './simulator/invented-cards.ts';
import type { Misbehaviour, SimulatedCard } from './simulator/sam-v-module.ts';

/** A polling reader, not yet opened, and the hand at its plate and cable. */
export type ReaderUnderTest = {
  readonly reader: CardReader;
  place(card: SimulatedCard): Promise<void>;
  lift(): Promise<void>;
  misbehave(how: Misbehaviour): Promise<void>;
  unplug(): Promise<void>;
  plug(): Promise<void>;
  dispose(): Promise<void>;
};

const second = 1000;

/** What every reader of cards keeps, whatever it is. One kind of reader, one call. */
export function testCardReaderContract(kind: string, start: () => Promise<ReaderUnderTest>): void {
  describe(`the card reader ${kind}`, { timeout: 20 * second }, () => {
    let under: ReaderUnderTest;
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
    const cards = (): CardRead[] => events.flatMap((e) => (e.type === 'card' ? [e.card] : []));
    const wait = { timeout: 4 * second };

    it('is ready once it is open', async () => {
      await reader.open();
      expect(reader.state).toBe('ready');
      expect(reader.refusal).toBeNull();
    });

    it('finds a card by itself and tells it once, until another is laid down', async () => {
      await reader.open();
      await under.place(residentCard);
      await expect.poll(() => cards().length, wait).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(cards()).toHaveLength(1);
      await under.lift();
      await expect.poll(() => events.at(-1)?.type, wait).toBe('removed');
      await under.place(cardEndingInX);
      await expect.poll(() => cards().length, wait).toBe(2);
      expect(cards().map((card) => card.name)).toEqual(['张三', '李秀英']);
    });

    it('reads every kind of card into the JSON of the contract', async () => {
      await reader.open();
      for (const card of Object.values(inventedCards)) {
        await under.place(card);
        const read = await reader.read({ deadlineMs: 3 * second });
        expect(read.ok).toBe(true);
        if (read.ok) expectCardJson(read.value, card, reader.url);
        await under.lift();
      }
    });

    it('reads on request a card that was read and left lying', async () => {
      await reader.open();
      await under.place(residentCard);
      await expect.poll(() => cards().length, wait).toBe(1);
      expect(await reader.read({ deadlineMs: 2 * second })).toMatchObject({ ok: true });
    });

    it('refuses no-card when the deadline passes over an empty plate', async () => {
      await reader.open();
      const read = await reader.read({ deadlineMs: 200 });
      expect(read).toMatchObject({ ok: false, refusal: { code: 'no-card' } });
    });

    it('refuses a card whose data contradict themselves, whole', async () => {
      await reader.open();
      await under.place({ ...residentCard, birthDate: '1951-01-01' });
      const read = await reader.read({ deadlineMs: second });
      expect(read).toMatchObject({ ok: false, refusal: { code: 'card-not-recognised' } });
      expect(cards()).toEqual([]);
    });

    it('gets over one damaged answer, and refuses checksum if they go on', async () => {
      await reader.open();
      await under.place(residentCard);
      await under.misbehave({ badChecks: 1 });
      expect(await reader.read({ deadlineMs: 4 * second })).toMatchObject({ ok: true });
      await under.misbehave({ badChecks: -1 });
      const read = await reader.read({ deadlineMs: 4 * second });
      expect(read).toMatchObject({ ok: false, refusal: { code: 'checksum' } });
    });

    it('says that it was removed, comes back by itself, and reads again', async () => {
      await reader.open();
      await under.place(residentCard);
      await expect.poll(() => cards().length, wait).toBe(1);
      await under.unplug();
      await expect.poll(() => reader.state, wait).toBe('absent');
      expect(reader.refusal?.code).toBe('reader-removed');
      const read = await reader.read({ deadlineMs: second });
      expect(read).toMatchObject({ ok: false, refusal: { code: 'reader-removed' } });
      await under.plug();
      await expect.poll(() => reader.state, { timeout: 2 * second }).toBe('ready');
      expect(await reader.read({ deadlineMs: 3 * second })).toMatchObject({ ok: true });
    });

    it('says that no reader is there, and is ready when one comes', async () => {
      await under.unplug();
      await reader.open();
      expect(reader.state).toBe('absent');
      expect(await reader.read({ deadlineMs: 500 })).toMatchObject({
        refusal: { code: 'no-reader' },
      });
      await under.plug();
      await expect.poll(() => reader.state, { timeout: 2 * second }).toBe('ready');
    });

    it('ends a read that waits when it is closed', async () => {
      await reader.open();
      const reading = reader.read({ deadlineMs: 15 * second });
      await new Promise((resolve) => setTimeout(resolve, 50));
      await reader.close();
      expect(await reading).toMatchObject({ ok: false, refusal: { code: 'reader-removed' } });
    });
  });
}

/** The fields of the contract, no others, and the values that were laid down. */
function expectCardJson(read: CardRead, card: SimulatedCard, url: string): void {
  const { reader, readAt, elapsedMs, warnings, ...rest } = read;
  expect(reader).toBe(url);
  expect(readAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00$/);
  expect(Number.isInteger(elapsedMs) && elapsedMs >= 0).toBe(true);
  expect(warnings).toEqual([]);
  const kinds = {
    resident: 'resident',
    'hk-macao-taiwan': 'hk-macao-taiwan',
    'foreign-2017': 'foreign-permanent',
    'foreign-2023': 'foreign-permanent',
  } as const;
  const isLongTerm = card.validUntil === '长期';
  const isResident = card.layout === undefined;
  const hasAddress = isResident || card.layout === 'hk-macao-taiwan';
  expect(rest).toEqual({
    card: 'resident-id',
    kind: kinds[card.layout ?? 'resident'],
    name: card.name === '' ? card.englishName : card.name,
    idNumber: card.idNumber,
    birthDate: card.birthDate,
    sex: card.sex,
    issuedOn: card.validFrom,
    validUntil: isLongTerm ? null : card.validUntil,
    longTerm: isLongTerm,
    ...(isResident ? { ethnicity: card.ethnicity } : {}),
    ...(hasAddress ? { address: card.address, issuerName: card.issuer } : {}),
  });
}
