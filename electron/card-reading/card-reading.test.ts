import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { deviceStateSchema } from '../../shared/contracts/desk.ts';
import {
  cardEndingInX,
  expiredCard,
  residentCard,
} from '../../drivers/card-reader/simulator/invented-cards.ts';
import { startPtyPair } from '../../drivers/card-reader/simulator/pty-pair.ts';
import { startSimulator } from '../../drivers/card-reader/simulator/start-simulator.ts';
import { timeByTurns } from '../../drivers/transport/time-by-turns.test-support.ts';
import { CardReading, type CardLogEntry, type CardReadingChange } from './card-reading.ts';

const opened: CardReading[] = [];

function newDesk(readerUrl: string | null) {
  const log: CardLogEntry[] = [];
  const changes: CardReadingChange[] = [];
  const reading = new CardReading({
    readerUrl,
    clock: { now: () => new Date('2026-11-22T17:00:00Z') },
    log: (entry) => log.push(entry),
  });
  reading.on((change) => changes.push(change));
  opened.push(reading);
  return { reading, log, changes };
}

async function startDesk(readerUrl: string | null) {
  const desk = newDesk(readerUrl);
  await desk.reading.start();
  return desk;
}

async function stopAll(): Promise<void> {
  for (const reading of opened.splice(0)) await reading.stop();
}
afterEach(stopAll);

const latestName = (reading: CardReading) => {
  const latest = reading.latestCard();
  return latest.kind === 'card' ? latest.card.name : latest.kind;
};

describe('the desk with a reader', () => {
  timeByTurns();
  afterEach(stopAll);

  it('sees a card that is laid down, keeps it when it leaves, and counts', async () => {
    const { reading, changes } = await startDesk('sim://desk');
    expect(reading.deviceState()).toMatchObject({ state: 'ready', remedy: null });
    expect(reading.latestCard()).toEqual({ kind: 'no-card', sequence: 0 });
    reading.simulated?.placeCard(residentCard);
    await expect.poll(() => latestName(reading)).toBe('张三');
    expect(reading.latestCard()).toMatchObject({ sequence: 1, onPlate: true });
    reading.simulated?.liftCard();
    await expect.poll(() => reading.latestCard()).toMatchObject({ sequence: 1, onPlate: false });
    reading.simulated?.placeCard(cardEndingInX);
    await expect.poll(() => latestName(reading)).toBe('李秀英');
    expect(reading.latestCard()).toMatchObject({ sequence: 2 });
    expect(changes).toContain('card');
    reading.forgetCard();
    expect(reading.latestCard()).toEqual({ kind: 'no-card', sequence: 2 });
  });

  it('reads again on request what was left lying', async () => {
    const { reading } = await startDesk('sim://desk');
    reading.simulated?.placeCard(residentCard);
    await expect.poll(() => latestName(reading)).toBe('张三');
    expect(await reading.readCard({ timeoutSeconds: 60 })).toMatchObject({ ok: true });
    expect(reading.latestCard()).toMatchObject({ sequence: 2, onPlate: true });
  });

  it('refuses a card past its last day, in words with that day', async () => {
    const { reading } = await startDesk('sim://desk');
    reading.simulated?.placeCard(expiredCard);
    const read = await reading.readCard({ timeoutSeconds: 60 });
    expect(read).toMatchObject({ ok: false, refusal: { code: 'card-expired' } });
    expect(!read.ok && read.refusal.message.zh).toContain('2016-05-01');
    expect(reading.latestCard()).toMatchObject({ kind: 'refused' });
  });

  it('takes a card on its last day: the day is that of Shanghai', async () => {
    const { reading } = await startDesk('sim://desk');
    reading.simulated?.placeCard({ ...cardEndingInX, validUntil: '2026-11-23' });
    expect(await reading.readCard({ timeoutSeconds: 60 })).toMatchObject({ ok: true });
    reading.simulated?.placeCard({ ...cardEndingInX, validUntil: '2026-11-22' });
    expect(await reading.readCard({ timeoutSeconds: 60 })).toMatchObject({ ok: false });
  });

  it('says that there is no card, and what to do', async () => {
    const { reading } = await startDesk('sim://desk');
    const read = await reading.readCard({ timeoutSeconds: 0.1 });
    expect(read).toMatchObject({ ok: false, refusal: { code: 'no-card' } });
    expect(!read.ok && read.refusal.remedy.zh).toContain('平放');
    expect(reading.latestCard()).toMatchObject({ kind: 'refused', sequence: 1 });
  });

  it('shows the reader gone and back', async () => {
    const { reading, changes } = await startDesk('sim://desk');
    reading.simulated?.unplug();
    await expect.poll(() => reading.deviceState().state).toBe('gone');
    const gone = reading.deviceState();
    expect(gone.code).toBe('reader-removed');
    expect(gone.remedy?.zh).toContain('自动恢复');
    expect(deviceStateSchema.parse(gone)).toEqual(gone);
    reading.simulated?.plug();
    await expect.poll(() => reading.deviceState().state).toBe('ready');
    expect(changes).toContain('reader');
  });

  it('shows a reader that does not work', async () => {
    const { reading } = newDesk('sim://desk');
    reading.simulated?.misbehave({ selfTestFails: true });
    await reading.start();
    const state = reading.deviceState();
    expect(deviceStateSchema.parse(state)).toMatchObject({
      state: 'warning',
      code: 'reader-failed',
    });
  });
});

describe('the desk with several readers', () => {
  const both = 'sim://desk serial:///dev/no-such?protocol=ccid';

  it('works with the one that is there, and says which is not', async () => {
    const { reading } = await startDesk(both);
    // On a busy machine opening the port may take longer than is waited for; then it is tried again.
    await expect.poll(() => reading.deviceState().code).toBe('no-reader');
    const state = reading.deviceState();
    expect(deviceStateSchema.parse(state)).toMatchObject({ state: 'warning', code: 'no-reader' });
    expect(state.words.zh).toContain('2 台读卡器中 1 台就绪');
    expect(reading.readers().map((reader) => reader.state.state)).toEqual(['ready', 'gone']);
    reading.simulated?.placeCard(residentCard);
    expect(await reading.readCard({ timeoutSeconds: 60 })).toMatchObject({ ok: true });
    expect(latestName(reading)).toBe('张三');
    const [first, second] = reading.readers();
    expect(first?.lastRead).toMatchObject({ card: 'resident-id' });
    expect(second?.state.code).toBe('no-reader');
  });

  it('says once that there is no card', async () => {
    const { reading } = await startDesk(both);
    await expect.poll(() => reading.deviceState().code).toBe('no-reader');
    const read = await reading.readCard({ timeoutSeconds: 1 });
    expect(read).toMatchObject({ ok: false, refusal: { code: 'no-card' } });
    expect(reading.latestCard()).toMatchObject({ kind: 'refused', sequence: 1 });
  });

  it('shows what went over the line, and nothing of the person', async () => {
    const { reading } = await startDesk('sim://desk');
    reading.simulated?.placeCard(residentCard);
    await expect.poll(() => latestName(reading)).toBe('张三');
    const frames = reading.readers()[0]?.frames ?? [];
    expect(
      frames.some(({ what, shown }) => what === 'sent' && shown.startsWith('aaaaaa9669')),
    ).toBe(true);
    const answer = frames.find(({ what, bytes }) => what === 'came' && bytes > 1000);
    expect(answer).toMatchObject({ shown: 'aaaaaa96690508000090', cut: true });
  });
});

describe('a test read', () => {
  timeByTurns();
  afterEach(stopAll);
  it('reads what lies there, and the desk hears nothing of it', async () => {
    const { reading, log } = await startDesk('sim://desk');
    const testing = reading.testRead('sim://desk', 10);
    reading.simulated?.placeCard(residentCard);
    expect(await testing).toMatchObject({ kind: 'read', read: { ok: true } });
    expect(reading.latestCard()).toEqual({ kind: 'no-card', sequence: 0 });
    expect(reading.readers()[0]?.lastRead).toMatchObject({ card: 'resident-id' });
    // Again, with the card left lying.
    expect(await reading.testRead('sim://desk', 10)).toMatchObject({ read: { ok: true } });
    reading.simulated?.liftCard();
    await expect.poll(() => log.some((entry) => entry.event === 'card-left')).toBe(true);
    expect(reading.latestCard()).toEqual({ kind: 'no-card', sequence: 0 });
    // The next card is the desk's again.
    reading.simulated?.placeCard(cardEndingInX);
    await expect.poll(() => latestName(reading)).toBe('李秀英');
  });

  it('reads what is laid down later, too', async () => {
    const { reading } = await startDesk('sim://desk');
    const testing = reading.testRead('sim://desk', 60);
    // Longer than the reader is asked, in the time of turns: its own looking finds the card.
    const laidDownAtMs = performance.now() + 2500;
    await vi.waitUntil(() => performance.now() > laidDownAtMs, { timeout: 300_000 });
    reading.simulated?.placeCard(residentCard);
    expect(await testing).toMatchObject({ read: { ok: true, value: { name: '张三' } } });
    expect(reading.latestCard()).toEqual({ kind: 'no-card', sequence: 0 });
  });

  it('leaves the card the desk has as it is, and its leaving is still noticed', async () => {
    const { reading } = await startDesk('sim://desk');
    reading.simulated?.placeCard(residentCard);
    await expect.poll(() => latestName(reading)).toBe('张三');
    expect(await reading.testRead('sim://desk', 10)).toMatchObject({ read: { ok: true } });
    expect(reading.latestCard()).toMatchObject({ kind: 'card', sequence: 1, onPlate: true });
    reading.simulated?.liftCard();
    await expect.poll(() => reading.latestCard()).toMatchObject({ sequence: 1, onPlate: false });
  });

  it('ends with no-card, with the refusal of a bad card, or at once when it is stopped', async () => {
    const { reading } = await startDesk('sim://desk');
    const empty = await reading.testRead('sim://desk', 0.2);
    expect(empty).toMatchObject({ read: { ok: false, refusal: { code: 'no-card' } } });
    expect(reading.readers()[0]?.lastRefusal).toBeNull();
    const testing = reading.testRead('sim://desk', 600);
    reading.stopTestRead('sim://desk');
    expect(await testing).toEqual({ kind: 'stopped' });
    reading.simulated?.placeCard(expiredCard);
    const expired = await reading.testRead('sim://desk', 10);
    expect(expired).toMatchObject({ read: { ok: false, refusal: { code: 'card-expired' } } });
    expect(reading.readers()[0]?.lastRefusal?.refusal.code).toBe('card-expired');
  });

  it('ends with the reader, gives way to a second one, and knows only the readers of the desk', async () => {
    const { reading } = await startDesk('sim://desk');
    const first = reading.testRead('sim://desk', 600);
    const second = reading.testRead('sim://desk', 600);
    expect(await first).toEqual({ kind: 'stopped' });
    reading.simulated?.unplug();
    expect(await second).toMatchObject({ read: { refusal: { code: 'reader-removed' } } });
    expect(await reading.testRead('sim://other', 1)).toBeNull();
  });
});

describe('a scanner that types', () => {
  it('is heard like any other: an e-voucher is kept, a payment code refused kindly', async () => {
    const { reading, log } = await startDesk(null);
    reading.takeScan('4243669509084040896099330000');
    expect(reading.latestCard()).toMatchObject({ kind: 'card', card: { card: 'e-voucher' } });
    reading.takeScan('134567890123456789');
    const latest = reading.latestCard();
    expect(latest).toMatchObject({ kind: 'refused', refusal: { code: 'card-not-recognised' } });
    expect(latest.kind === 'refused' && latest.refusal.message.zh).toContain('付款码');
    expect(JSON.stringify(log)).not.toContain('4243669509');
    expect(JSON.stringify(log)).not.toContain('1345678901');
  });

  it('opens what a number of our own names', async () => {
    const { reading, log } = await startDesk(null);
    reading.takeScan('JS20171127-00001');
    expect(reading.latestCard()).toEqual({
      kind: 'own-number',
      sequence: 1,
      scan: { of: 'settlement', number: 'JS20171127-00001' },
    });
    expect(log).toContainEqual({ event: 'own-number', reader: 'keyboard:', of: 'settlement' });
  });
});

describe('the desk without a reader', () => {
  it('starts, and says so', async () => {
    const { reading } = await startDesk(null);
    expect(deviceStateSchema.parse(reading.deviceState()).state).toBe('not-configured');
    expect(await reading.readCard()).toMatchObject({ refusal: { code: 'no-reader' } });
  });

  it('starts with an address that is unusable, and says what is wrong with it', async () => {
    const { reading } = await startDesk('serial:///dev/ttyUSB0?protocol=unknown');
    expect(reading.deviceState()).toMatchObject({ state: 'not-configured', code: 'no-reader' });
    expect(reading.deviceState().words.zh).toContain('protocol=sam-v');
    expect(await reading.readCard()).toMatchObject({ refusal: { code: 'no-reader' } });
  });

  it('refuses a port that is not there at once, not after the time for a card', async () => {
    const { reading } = await startDesk(null);
    // It would not come to its end if it waited for a card.
    const reader = 'serial:///dev/no-such?protocol=sam-v';
    const read = await reading.readCard({ reader, timeoutSeconds: 600 });
    expect(read).toMatchObject({ ok: false, refusal: { code: 'no-reader' } });
  });
});

describe('one card through a reader that is opened for it', () => {
  it('reads over a real serial line and frees the port', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'card-reading-'));
    const pair = await startPtyPair(folder);
    const simulator = await startSimulator(pair.deviceEnd);
    const { reading } = newDesk(null);
    const reader = `serial://${pair.programEnd}?protocol=sam-v&baud=115200`;
    try {
      await simulator.place(residentCard);
      for (let round = 0; round < 2; round += 1) {
        const read = await reading.readCard({ reader, timeoutSeconds: 60 });
        expect(read).toMatchObject({ ok: true, value: { reader, idNumber: '430626195001010016' } });
      }
      await simulator.lift();
      const none = await reading.readCard({ reader, timeoutSeconds: 0.3 });
      // On a busy machine the time may be over before the reader has answered once.
      expect(none.ok ? 'a card' : none.refusal.code).toMatch(/^(no-card|timeout)$/);
    } finally {
      await simulator.stop();
      await pair.unplug();
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('the log', () => {
  it('says what happened and nothing that is on a card', async () => {
    const { reading, log } = await startDesk('sim://desk');
    reading.simulated?.placeCard(residentCard);
    await expect.poll(() => latestName(reading)).toBe('张三');
    reading.simulated?.liftCard();
    await expect.poll(() => log.some((entry) => entry.event === 'card-left')).toBe(true);
    reading.simulated?.placeCard({ ...residentCard, idNumber: '430626195001010017' });
    await expect.poll(() => log.some((entry) => entry.event === 'card-refused')).toBe(true);
    expect(log.map((entry) => entry.event)).toEqual([
      'reader-state',
      'card-read',
      'card-left',
      'card-refused',
    ]);
    expect(JSON.stringify(log)).not.toMatch(/张三|430626|1950|平江|湖南/);
  });
});
