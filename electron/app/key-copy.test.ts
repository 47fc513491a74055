import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { valueOf } from '../settlement/settlement.test-support.ts';
import { checkKeyCopy, keyCopyCheckedAt, type KeyCopy } from './key-copy.ts';
import { openServices } from './open-services.ts';
import type { Services } from './services.ts';

const root = mkdtempSync(join(tmpdir(), 'key-copy-'));
const [home, keyFile] = [join(root, 'live'), join(root, 'key')];
const digits = randomBytes(32).toString('hex');
let services: Services;
const said: string[] = [];

const openDesk = async (): Promise<Services> =>
  valueOf(
    await openServices({
      home,
      wanted: null,
      whenMissing: 'make-live',
      environment: { SETTLEMENT_KEY_FILE: keyFile },
      isDesk: true,
      onProgress: ({ zh }) => said.push(zh),
    }),
  );
beforeAll(async () => {
  writeFileSync(keyFile, digits, { mode: 0o600 });
  services = await openDesk();
});
afterAll(async () => {
  await services.close();
  rmSync(root, { recursive: true, force: true });
});

const check = (copy: KeyCopy) => checkKeyCopy({ ...services, keyFile }, { copy, who: 'clerk1' });
const typed = (text: string) => check({ file: null, content: Buffer.from(text) });

describe('the second copy of the key', { timeout: 300_000 }, () => {
  it('is asked for where a live folder is made, and missed at each opening until one was checked', () => {
    expect(said.join()).toMatch(/另存一份.*check-key-copy/s);
    expect(said.join()).toContain('还没有核对过密钥的副本');
  });

  it('does not count where a digit is wrong, one is missing, or it is no key at all', async () => {
    const wrong = digits.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    for (const text of [wrong, digits.slice(1), '', '密钥']) {
      expect(await typed(text)).toMatchObject({ ok: false, refusal: { code: 'key-copy-wrong' } });
    }
    expect(await keyCopyCheckedAt(services.store)).toBeNull();
  });

  it('is not the key file under another name, and does not lie with the data', async () => {
    const link = join(root, 'link');
    symlinkSync(keyFile, link);
    const inside = join(home, 'copy');
    writeFileSync(inside, digits);
    for (const file of [keyFile, link, inside]) {
      const copy = { file, content: Buffer.from(digits) };
      expect(await check(copy)).toMatchObject({ ok: false, refusal: { code: 'key-copy-same' } });
    }
    expect(await keyCopyCheckedAt(services.store)).toBeNull();
  });

  it('that opens the folder is kept with its day and in the audit, and no longer missed', async () => {
    const { checkedAt } = valueOf(await typed(`${digits.toUpperCase()}\n`));
    expect(await keyCopyCheckedAt(services.store)).toBe(checkedAt);
    const entries = await services.store.read(({ audit }) => audit.about('key'));
    expect(entries.map(({ act, who }) => [act, who])).toEqual([['check-key-copy', 'clerk1']]);
    expect(JSON.stringify(entries)).not.toContain(digits);
    await services.close();
    said.length = 0;
    services = await openDesk();
    expect(said.join()).not.toContain('密钥的副本');
  });
});
