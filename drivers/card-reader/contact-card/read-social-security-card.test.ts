import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  earlyCard,
  longNameCard,
  rareNameSocialCard,
  socialSecurityCard,
  socialSecurityCards,
  thirdGenerationCard,
} from '../simulator/social-security-card-examples.ts';
import {
  SocialSecurityCard,
  type SocialSecurityCardData,
  type SocialSecurityCardManners,
} from '../simulator/social-security-card.ts';
import { MemorySlot } from './memory-slot.test-support.ts';
import { readSocialSecurityCard } from './read-social-security-card.ts';

const today = '2026-11-23';

async function readOf(data: SocialSecurityCardData, manners: SocialSecurityCardManners = {}) {
  const slot = new MemorySlot();
  await slot.open();
  slot.insert(
    new SocialSecurityCard(data, manners, () => {
      slot.pull();
    }),
  );
  const powered = await slot.powerOn();
  const read = powered.ok
    ? await readSocialSecurityCard(slot, { today, leftMs: () => 10_000 })
    : powered;
  return { read, slot };
}

async function codeOf(data: SocialSecurityCardData, manners: SocialSecurityCardManners = {}) {
  const { read } = await readOf(data, manners);
  return read.ok ? 'read' : read.refusal.code;
}

function expected(data: SocialSecurityCardData) {
  const states = /^\d{4}-/.test(data.validUntil) && !data.validUntil.startsWith('9999');
  return {
    kind: 'resident',
    idNumber: data.idNumber,
    name: `${data.name}${data.nameExtension ?? ''}`,
    sex: data.sex,
    ethnicity: data.ethnicity,
    birthDate: data.birthDate,
    cardNumber: data.cardNumber,
    cardIdentifier: data.identifier,
    issuer: data.identifier.slice(0, 6),
    specVersion: data.version,
    issuedOn: data.issuedOn,
    validUntil: states ? data.validUntil : null,
    longTerm: false,
    warnings: [],
  };
}

describe('a social-security card', () => {
  it.each(Object.entries(socialSecurityCards))('is read whole: %s', async (_, data) => {
    const { read } = await readOf(data);
    expect(read).toEqual({ ok: true, value: expected(data) });
  });

  const manners: readonly (readonly [string, SocialSecurityCardManners])[] = [
    ['announces answers to SELECT', { answersLater: 'selects' }],
    ['announces every answer', { answersLater: 'always' }],
    ['wants the exact length', { wantsExactLength: true }],
    ['wants both', { answersLater: 'always', wantsExactLength: true }],
    ['knows SELECT of files in one form', { selectsFilesBy: '00' }],
    ['knows it in the other', { selectsFilesBy: '02' }],
    ['knows records by number only', { readsBy: 'number' }],
    ['knows records by tag only', { readsBy: 'tag' }],
    ['keeps values as short as they are', { shortValues: true }],
    ['warns of records that are shorter', { shortValues: true, warnsOfShorter: true }],
    ['warns of them and knows numbers', { warnsOfShorter: true, readsBy: 'number' }],
  ];
  it.each(manners)('is read from a card that %s', async (_, how) => {
    for (const data of [socialSecurityCard, earlyCard, longNameCard, rareNameSocialCard]) {
      const { read } = await readOf(data, how);
      expect(read).toEqual({ ok: true, value: expected(data) });
    }
  });

  it.each(['none', 'empty', '00000000', 'FFFFFFFF', '99991231'])(
    'states no expiry: %s',
    async (validUntil) => {
      const { read } = await readOf({ ...socialSecurityCard, validUntil });
      expect(read).toMatchObject({ ok: true, value: { validUntil: null, longTerm: false } });
    },
  );

  it('of version 3.00 wants authentication, whichever way it is asked', async () => {
    expect(await codeOf(thirdGenerationCard)).toBe('needs-authentication');
    expect(await codeOf(thirdGenerationCard, { readsBy: 'number' })).toBe('needs-authentication');
    const { read } = await readOf(thirdGenerationCard);
    expect(!read.ok && read.refusal.remedy.zh).toContain('PSAM');
  });

  it('of version 3.00 that gives its data freely is read', async () => {
    const data = { ...thirdGenerationCard, version: '2.00' as const };
    const free = { records: { '03': '0304332E3030' } };
    const { read } = await readOf(data, free);
    expect(read).toMatchObject({ ok: true, value: { specVersion: '3.00' } });
  });

  it.each([
    ['another card', { applicationStatus: '6A82' }, 'card-not-recognised'],
    ['a card without files', { applicationStatus: '6D00' }, 'card-not-recognised'],
    ['locked', { applicationStatus: '6283' }, 'card-locked'],
    ['locked for good', { applicationStatus: '9303' }, 'card-locked'],
    ['locked as a whole', { applicationStatus: '6A81' }, 'card-locked'],
    ['a locked file', { fileStatus: '6283' }, 'card-locked'],
    ['a record that wants a key', { recordStatus: { '08': '6982' } }, 'needs-authentication'],
    ['a status nobody knows', { recordStatus: { '08': '6F42' } }, 'card-not-recognised'],
    ['no number', { records: { '08': '0800' } }, 'card-not-recognised'],
    ['no name', { records: { '09': '0900' } }, 'card-not-recognised'],
    ['the name instead of the number', { wrongRecords: { '08': '09' } }, 'card-not-recognised'],
    ['a record cut off', { truncatedBy: { '09': 3 } }, 'card-not-recognised'],
    ['a length that lies', { lengthOffBy: { '08': 1 } }, 'card-not-recognised'],
    ['a name that is no text', { records: { '09': '0903D5C5FE' } }, 'card-not-recognised'],
    [
      'a wrong check digit',
      { records: { '08': '0812343330363236313935303031303130303137' } },
      'card-not-recognised',
    ],
    ['another birth day', { records: { '0D': '0D0419510101' } }, 'card-not-recognised'],
    ['another sex', { records: { '0A': '0A0132' } }, 'card-not-recognised'],
    ['a day that does not exist', { records: { '06': '060420240230' } }, 'card-not-recognised'],
    ['never content', { neverContentWithLength: true }, 'card-not-recognised'],
    ['mute', { mute: true }, 'card-not-recognised'],
  ] as const)('%s is refused', async (_, how, code) => {
    expect(await codeOf(socialSecurityCard, how)).toBe(code);
  });

  it('with a name whose last character had no room gives the name without it, and says so', async () => {
    // A and fourteen characters take 29 of the 30 bytes; of the next one the first byte is left.
    const name = `41${'C5AC'.repeat(14)}C5`;
    const { read } = await readOf({ ...socialSecurityCard }, { records: { '09': `091E${name}` } });
    expect(read).toMatchObject({
      ok: true,
      value: { name: `A${'努'.repeat(14)}`, warnings: [{ code: 'name-cut' }] },
    });
  });

  it('pulled or falling silent at any command gives nobody', async () => {
    const { slot } = await readOf(socialSecurityCard);
    const count = slot.commands.length;
    expect(count).toBeGreaterThan(10);
    for (let at = 1; at <= count; at += 1) {
      expect(await codeOf(socialSecurityCard, { pulledAtCommand: at })).toBe('card-removed');
      expect(await codeOf(socialSecurityCard, { silentAtCommand: at })).toBe('timeout');
    }
  });

  it('says nothing of the person in a refusal', async () => {
    const { read } = await readOf(socialSecurityCard, { records: { '0D': '0D0419510101' } });
    const said = JSON.stringify(read);
    for (const secret of ['张三', '4306261950', '1950', '1951']) expect(said).not.toContain(secret);
  });
});

/** Which stages a spoiled card reached; a stage nobody reaches tests nothing. */
const stages = { runs: 0, spoiled: 0, read: 0, refused: 0 };
const runs = 2_000 * Number(process.env['TEST_DEPTH'] ?? '1') ** 2;

describe('a card that says anything at all', () => {
  it(
    'gives a whole person or a refusal, and never another person',
    { timeout: 600_000 },
    async () => {
      const tag = fc.constantFrom('01', '03', '05', '06', '07', '08', '09', '4E', '0A', '0B', '0D');
      const value = fc.oneof(
        fc.uint8Array({ maxLength: 40 }),
        fc.uint8Array({ minLength: 4, maxLength: 4 }),
        fc
          .constantFrom('4306261950', '张三', '00000000')
          .map((text) => Buffer.from(text, 'latin1')),
      );
      const spoiled = fc.dictionary(tag, value, { maxKeys: 3 });
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...Object.values(socialSecurityCards)),
          spoiled,
          fc.constantFrom<SocialSecurityCardManners>(
            {},
            { readsBy: 'number' },
            { answersLater: 'always' },
          ),
          async (data, values, how) => {
            const records = Object.fromEntries(
              Object.entries(values).map(([key, bytes]) => [
                key,
                `${key}${bytes.length.toString(16).padStart(2, '0')}${Buffer.from(bytes).toString('hex')}`,
              ]),
            );
            const { read } = await readOf(data, { ...how, records });
            stages.runs += 1;
            if (Object.keys(records).length > 0) stages.spoiled += 1;
            stages[read.ok ? 'read' : 'refused'] += 1;
            if (!read.ok) return;
            // Number and birth day bear each other out, so that nobody else can come of it.
            expect(read.value.idNumber).toBe(data.idNumber);
            if (values['09'] === undefined)
              expect(read.value.name.startsWith(data.name)).toBe(true);
          },
        ),
        { numRuns: runs },
      );
      console.warn(`social-security cards: ${JSON.stringify(stages)}`);
      expect(stages.spoiled).toBeGreaterThan(stages.runs / 2);
      expect(stages.read).toBeGreaterThan(stages.runs / 10);
      expect(stages.refused).toBeGreaterThan(stages.runs / 10);
    },
  );
});
