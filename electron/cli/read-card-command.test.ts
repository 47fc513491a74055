import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { CardRead } from '../../drivers/card-reader/card.ts';
import { runCommandLine } from '../cli.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { testClock } from '../settlement/settlement.test-support.ts';
import { bareNumberIn } from './bare-numbers.ts';
import { cardShownTo } from './read-card-command.ts';

const card: CardRead = {
  ...{ card: 'social-security', reader: 'sim://x', readAt: '2026-11-23T09:00:00.000+08:00' },
  ...{ elapsedMs: 300, idNumber: '430626195001010016', name: '张三丰', sex: 'male' },
  ...{ birthDate: '1950-01-01', address: '平江县某村', cardNumber: 'A12345678', code: 'QR' },
  ...{ validUntil: null, longTerm: true, warnings: [] },
};

let store: TestStore;
beforeEach(async () => {
  store = await createTestStore();
});
afterEach(() => store.remove());

const shown = () =>
  store.read(async ({ audit }) => {
    const all = await audit.list({ after: 0, limit: 100 });
    return all.map(({ who, act, detail_json }) => `${who} ${act} ${detail_json}`);
  });
const read = (role: 'cashier' | 'supervisor' | 'it-clerk' | 'administrator') =>
  cardShownTo({ store, clock: testClock }, { userId: 'u1', name: '某人', role }, card);

describe('a card that a command reads', () => {
  it.each(['cashier', 'supervisor'] as const)(
    'is whole for a %s, and that is kept with who it was, and which patient',
    async (role) => {
      expect(await read(role)).toEqual(card);
      const mark = await store.read(({ audit }) =>
        Promise.resolve(audit.markOf('430626195001010016')),
      );
      expect(await shown()).toEqual([
        `u1 show-number {"patient":"${String(mark)}","where":"command read-card"}`,
      ]);
    },
  );

  it.each(['it-clerk', 'administrator'] as const)(
    'says to an %s that it is read, and not whose it is',
    async (role) => {
      const json = await read(role);
      expect(json).toMatchObject({ idNumber: '430626********0016', name: '张*丰' });
      for (const secret of [card.idNumber, card.name, card.address, card.cardNumber, '1950', 'QR'])
        expect(JSON.stringify(json)).not.toContain(secret);
      expect(await shown()).toEqual([]);
    },
  );

  it('is masked for a cashier, too, where the entry cannot be kept', async () => {
    store.readingOnly = () => ({ code: 'disk-read-only' }) as never;
    expect(await read('cashier')).toMatchObject({ idNumber: '430626********0016' });
  });
});

describe('the command read-card', () => {
  const root = mkdtempSync(join(tmpdir(), 'read-card-'));
  const keyFile = join(root, 'key');
  writeFileSync(keyFile, 'ab'.repeat(32), { mode: 0o600 });
  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
  });
  const home = join(root, 'live');
  async function run(
    words: readonly string[],
    environment: Record<string, string> = { SETTLEMENT_KEY_FILE: keyFile },
  ) {
    let out = '';
    let said = '';
    const surroundings = {
      write: (text: string) => {
        out += text;
      },
      say: (line: string) => {
        said += line;
      },
      secrets: { next: () => Promise.resolve(null) },
    };
    await runCommandLine([...words, '--home', home], environment, surroundings);
    const { error } = JSON.parse(out) as { error?: { code: string } };
    return { code: error?.code ?? 'done', said };
  }
  const readCard = ['read-card', '--reader', 'sim://x', '--timeout', '0.01'] as const;

  it('asks in a live folder who reads, before it looks at any card', async () => {
    expect((await run(['verify', '--init'])).code).toBe('administrator-missing');
    expect((await run(readCard)).code).toBe('administrator-missing');
  });

  it('tries a reader where nobody can be asked, and says that it masks what it reads', async () => {
    const other = join(root, 'other');
    writeFileSync(other, 'cd'.repeat(32), { mode: 0o600 });
    const { code, said } = await run(readCard, { SETTLEMENT_KEY_FILE: other });
    expect(code).toBe('no-card');
    expect(said).toContain('遮住');
  });
});

describe('an answer of a command', () => {
  it('with an ID number that is neither masked nor entered as shown does not leave', () => {
    const listed = { persons: [{ idNumber: '430626********0016' }, { idNumber: '' }] };
    expect(bareNumberIn(listed, [])).toBeNull();
    const bare = { persons: [{ name: 'x' }, { idNumber: '430626195001010016' }] };
    expect(bareNumberIn(bare, [])).toBe('/persons/1/idNumber');
    expect(bareNumberIn(bare, ['430626195001010016'])).toBeNull();
  });
});
