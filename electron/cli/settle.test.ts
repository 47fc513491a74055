import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownPacksFolder } from '../policy-packs/load-packs.ts';
import { packsCommand } from './packs.ts';
import { settleCommand } from './settle.ts';

const goldenFile = join(ownPacksFolder(), 'pingjiang-2017/1.0.0/cases/colon-cancer-17-days.json');
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settle-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function answerTo(pack: string, visitFile = goldenFile): Promise<string> {
  const answer = await settleCommand({ pack, visitFile });
  return answer.ok ? `${answer.value.pack}@${answer.value.packVersion}` : answer.refusal.code;
}

async function fileWith(change: (visit: { [key: string]: unknown }) => unknown): Promise<string> {
  const golden = JSON.parse(await readFile(goldenFile, 'utf8')) as { [key: string]: unknown };
  const file = join(folder, 'visit.json');
  await writeFile(file, JSON.stringify(change(golden)));
  return file;
}

describe('the command settle', () => {
  it('prints the published figures', async () => {
    const answer = await settleCommand({ pack: 'pingjiang-2017', visitFile: goldenFile });
    expect(answer).toMatchObject({
      ok: true,
      value: {
        pack: 'pingjiang-2017',
        packVersion: '1.2.0',
        total: '14904.00',
        eligible: '13450.00',
        shares: [
          { step: 'basic', payer: 'basic-medical-insurance', amount: '10922.00' },
          { amount: '0.00' },
          { amount: '0.00' },
          { payer: 'medical-assistance', amount: '1264.00' },
          { payer: 'hospital-reduction', amount: '1360.00' },
          { amount: '0.00' },
        ],
        patientPays: '1358.00',
        warnings: [],
      },
    });
  });

  it('takes a pack by id, by id and version, and by folder', async () => {
    expect(await answerTo('pingjiang-2017')).toBe('pingjiang-2017@1.2.0');
    expect(await answerTo('pingjiang-2017@1.0.0')).toBe('pingjiang-2017@1.0.0');
    expect(await answerTo(join(ownPacksFolder(), 'pingjiang-2017'))).toBe('pingjiang-2017@1.2.0');
    expect(await answerTo(join(ownPacksFolder(), 'pingjiang-2017/1.0.0'))).toBe(
      'pingjiang-2017@1.0.0',
    );
    expect(await answerTo('pingjiang-2017@9.9.9')).toBe('unknown-pack');
    expect(await answerTo('nowhere')).toBe('unknown-pack');
    expect(await answerTo(folder)).toBe('no-packs');
  });

  it('says where a pack of a folder is broken', async () => {
    await writeFile(join(folder, 'pack.yaml'), 'id: x\nversion: [\n');
    const answer = await settleCommand({ pack: folder, visitFile: goldenFile });
    if (answer.ok) throw new Error('the broken pack was used');
    expect(answer.refusal.code).toBe('pack-broken');
    expect(answer.refusal.place).toMatch(/pack\.yaml:\d+$/);
  });

  it('says what is wrong with the file: missing, no JSON, no visit, a visit of another place', async () => {
    expect(await answerTo('pingjiang-2017', join(folder, 'none.json'))).toBe('cannot-read-file');
    const file = join(folder, 'visit.json');
    await writeFile(file, '{\n"visit": \n}');
    const answer = await settleCommand({ pack: 'pingjiang-2017', visitFile: file });
    expect(answer).toMatchObject({ ok: false, refusal: { code: 'not-json', place: `${file}:3` } });
    await writeFile(file, '{}');
    expect(await answerTo('pingjiang-2017', file)).toBe('missing-field');
    const elsewhere = await fileWith((golden) => ({
      ...golden,
      person: { ...(golden['person'] as object), insuredPlace: '430602' },
    }));
    expect(await answerTo('pingjiang-2017', elsewhere)).toBe('no-pack');
  });

  it('says an unknown year once', async () => {
    const file = await fileWith(({ visit, person }) => ({ visit, person }));
    const answer = await settleCommand({ pack: 'pingjiang-2017', visitFile: file });
    if (!answer.ok) throw new Error(answer.refusal.code);
    expect(answer.value.warnings.map(({ code }) => code)).toEqual(['year-to-date-unknown']);
  });

  it('reads a file that begins with a byte order mark', async () => {
    const file = join(folder, 'visit.json');
    await writeFile(file, `\uFEFF${await readFile(goldenFile, 'utf8')}`);
    expect(await answerTo('pingjiang-2017', file)).toBe('pingjiang-2017@1.2.0');
  });
});

describe('the command packs', () => {
  it('lists ours', async () => {
    const answer = await packsCommand({ home: null });
    if (!answer.ok) throw new Error('no packs');
    expect(answer.value.problems).toEqual([]);
    expect(answer.value.packs.map(({ id }) => id)).toContain('pingjiang-2017');
  });
});
