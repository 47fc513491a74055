import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CardRead } from '../card.ts';
import type { CardReader, CardReaderEvent } from '../port.ts';

/** A reader of codes or stripes, not yet opened, and the hand before it and at its cable. */
export type CodeReaderUnderTest = {
  readonly reader: CardReader;
  /** Scans or swipes; ends when the device has sent it. */
  present(text: string): Promise<void>;
  unplug(): Promise<void>;
  plug(): Promise<void>;
  dispose(): Promise<void>;
};

/** Texts for this kind of reader: two good ones with the code they give, and one that is refused. */
export type CodesUnderTest = {
  readonly card: CardRead['card'];
  readonly good: { readonly text: string; readonly code: string };
  readonly other: { readonly text: string; readonly code: string };
  readonly foreign: string;
};

const second = 1000;
const soon = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What every reader of codes keeps, whatever carries its bytes. One kind of reader, one call. */
export function testCodeReaderContract(
  kind: string,
  codes: CodesUnderTest,
  start: () => Promise<CodeReaderUnderTest>,
): void {
  describe(`the code reader ${kind}`, { timeout: 300 * second }, () => {
    const { good, other, foreign } = codes;
    let under: CodeReaderUnderTest;
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
    const cards = (): (string | undefined)[] =>
      events.flatMap((e) => (e.type === 'card' ? [e.card.code] : []));
    const refusals = (): string[] =>
      events.flatMap((e) => (e.type === 'refused' ? [e.refusal.code] : []));
    const wait = { timeout: 60 * second };

    it('is ready once it is open', async () => {
      await reader.open();
      expect(reader.state).toBe('ready');
      expect(reader.refusal).toBeNull();
    });

    it('tells every scan by itself, as a card of the contract', async () => {
      await reader.open();
      await under.present(good.text);
      await expect.poll(cards, wait).toEqual([good.code]);
      await under.present(other.text);
      await expect.poll(cards, wait).toEqual([good.code, other.code]);
      const card = events.find((event) => event.type === 'card')?.card;
      expect(card).toMatchObject({ card: codes.card, reader: reader.url, warnings: [] });
      expect(card?.readAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00$/);
      expect(Number.isInteger(card?.elapsedMs)).toBe(true);
      expect(events.map((event) => event.type)).not.toContain('removed');
    });

    it('tells the same scan twice at once only once', async () => {
      await reader.open();
      await under.present(good.text);
      await under.present(good.text);
      await under.present(other.text);
      await expect.poll(cards, wait).toEqual([good.code, other.code]);
    });

    it('reads the next scan on request, and every request gets it', async () => {
      await reader.open();
      const reading = [
        reader.read({ deadlineMs: 60 * second }),
        reader.read({ deadlineMs: 60 * second }),
      ];
      await under.present(good.text);
      for (const read of await Promise.all(reading)) {
        expect(read).toMatchObject({ ok: true, value: { code: good.code } });
      }
      const again = reader.read({ deadlineMs: 60 * second });
      await under.present(good.text);
      expect(await again).toMatchObject({ ok: true, value: { code: good.code } });
    });

    it('refuses no-card when nothing is scanned before the deadline', async () => {
      await reader.open();
      const read = await reader.read({ deadlineMs: 100 });
      expect(read).toMatchObject({ ok: false, refusal: { code: 'no-card' } });
      expect(await reader.read({ deadlineMs: 0 })).toMatchObject({ ok: false });
    });

    it('refuses what is no card, tells it once, and goes on', async () => {
      await reader.open();
      const reading = reader.read({ deadlineMs: 60 * second });
      await under.present(foreign);
      expect(await reading).toMatchObject({ ok: false, refusal: { code: 'card-not-recognised' } });
      expect(refusals()).toEqual(['card-not-recognised']);
      await under.present(good.text);
      await expect.poll(cards, wait).toEqual([good.code]);
    });

    it('says that it was removed, comes back by itself, and reads again', async () => {
      await reader.open();
      const reading = reader.read({ deadlineMs: 60 * second });
      await under.unplug();
      expect(await reading).toMatchObject({ ok: false, refusal: { code: 'reader-removed' } });
      await expect.poll(() => reader.state, wait).toBe('absent');
      expect(reader.refusal?.code).toBe('reader-removed');
      await under.plug();
      await expect.poll(() => reader.state, wait).toBe('ready');
      await under.present(good.text);
      await expect.poll(cards, wait).toEqual([good.code]);
    });

    it('says that no reader is there, and is ready when one comes', async () => {
      await under.unplug();
      await reader.open();
      expect(reader.state).toBe('absent');
      const read = await reader.read({ deadlineMs: 500 });
      expect(read).toMatchObject({ ok: false, refusal: { code: 'no-reader' } });
      await under.plug();
      await expect.poll(() => reader.state, wait).toBe('ready');
    });

    it('ends a read that waits when it is closed, and can be opened again', async () => {
      await reader.open();
      const reading = reader.read({ deadlineMs: 60 * second });
      await soon(20);
      await reader.close();
      expect(await reading).toMatchObject({ ok: false, refusal: { code: 'reader-removed' } });
      expect(await reader.read({ deadlineMs: 10 })).toMatchObject({ ok: false });
      await reader.open();
      await under.present(good.text);
      await expect.poll(cards, wait).toEqual([good.code]);
    });
  });
}
