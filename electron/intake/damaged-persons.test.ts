import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { encodeSettlementInput } from '../../shared/contracts/stored-visit.ts';
import { birthDayIn } from '../../shared/domain/citizen-number.ts';
import { inventedNumbers } from '../../shared/domain/invented-numbers.test-support.ts';
import { plainInput } from '../../shared/policy/visits.test-support.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { receivedAsJson } from '../database/bill-identity.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import { testClock } from '../settlement/settlement.test-support.ts';
import { keepVisitDocument } from './keep-visit-document.ts';

const depth = Number(process.env['TEST_DEPTH'] ?? '1');

/** What happens to a number on its way, by who does it: right of each is what it becomes. */
type Damage = readonly [what: string, damage: (text: string, at: number) => string];

const put = (text: string, at: number, some: string) => text.slice(0, at) + some + text.slice(at);
const within = (text: string, at: number) => at % text.length;
const fullWidth = (text: string) =>
  text.replace(/[!-~]/g, (each) => String.fromCodePoint((each.codePointAt(0) ?? 0) + 0xfee0));

/** Nothing is lost: it is the same number. */
const harmless: readonly Damage[] = [
  ['an apostrophe of Excel', (text) => `'${text}`],
  ['a formula of a text', (text) => `="${text}"`],
  ['full-width digits', fullWidth],
  ['a space', (text, at) => put(text, within(text, at), ' ')],
  ['a wide space', (text, at) => put(text, within(text, at), '\u3000')],
  ['a space that does not break', (text, at) => put(text, within(text, at), '\u00A0')],
  ['a zero-width space', (text, at) => put(text, within(text, at), '\u200B')],
  ['a mark of direction', (text, at) => put(`\u202D${text}\u202C`, 1 + within(text, at), '\u200E')],
  ['a byte order mark', (text) => `\uFEFF${text}`],
  ['a tab at its end', (text) => `${text}\t`],
  ['a small x', (text) => text.toLowerCase()],
  ['a sign of multiplication for X', (text) => text.replace('X', '×')],
  ['a Cyrillic letter for X', (text) => text.replace('X', 'Х')],
];

/** Something is lost or another: it must not become somebody else's. */
const harmful: readonly Damage[] = [
  ['a figure of Excel', (text) => `${text[0] ?? ''}.${text.slice(1, 6)}E+17`],
  ['a figure of Excel in full', (text) => Number(text.slice(0, 17) + '0').toExponential(14)],
  ['fifteen digits that Excel kept', (text) => `${text.slice(0, 15)}000`],
  ['fifteen digits, cut', (text) => text.slice(0, 15)],
  ['seventeen digits, cut', (text) => text.slice(0, 17)],
  ['decimals', (text) => `${text}.00`],
  ['groups of three', (text) => text.replace(/\B(?=(?:.{3})+$)/g, ',')],
  ['a hidden middle', (text) => `${text.slice(0, 6)}********${text.slice(14)}`],
  ['signs that the cell is too narrow', () => '###############'],
  ['zeros', (text) => '0'.repeat(text.length)],
  [
    'a digit missing',
    (text, at) => text.slice(0, within(text, at)) + text.slice(within(text, at) + 1),
  ],
  ['a digit twice', (text, at) => put(text, within(text, at), text[within(text, at)] ?? '')],
  [
    'another digit',
    (text, at) => {
      const place = within(text, at) % 17;
      const other = String((Number(text[place]) + 1 + (at % 9)) % 10);
      return text.slice(0, place) + other + text.slice(place + 1);
    },
  ],
  [
    'two digits changed round',
    (text, at) => {
      const place = within(text, at) % 16;
      const [one = '', two = ''] = [text[place], text[place + 1]];
      return text.slice(0, place) + two + one + text.slice(place + 2);
    },
  ],
  ['the letter O for a zero', (text) => text.replace('0', 'O')],
  ['an l for a one', (text) => text.replace('1', 'l')],
  ['the century left out', (text) => text.slice(0, 6) + text.slice(8, 17)],
  ['a word', () => '不详'],
];

/** A name of another spelling is the same name. */
const spelt: readonly Damage[] = [
  ['another dot', (name, at) => name.replace('·', '•・．‧･∙'[at % 6] ?? '•')],
  ['a space for the dot', (name) => name.replace('·', ' ')],
  ['spaces around', (name) => ` ${name}\u3000`],
  ['a zero-width space', (name, at) => put(name, within(name, at), '\u200B')],
  ['a mark of direction', (name) => `\u202A${name}\u202C`],
  ['a private character of GBK', (name) => name.replace('䶮', '\uE863')],
  ['full-width letters', (name) => (/^[ -~]+$/.test(name) ? fullWidth(name) : name)],
  ['small letters', (name) => name.toLowerCase()],
  [
    'the parts the other way round',
    (name) => (/^[ -~]+$/.test(name) ? name.split(' ').reverse().join(' ') : name),
  ],
  ['thirty bytes of a card', (name) => cutAtBytes(name, 30)],
];

/** The characters of a name that have room in so many bytes of GBK. */
function cutAtBytes(name: string, most: number): string {
  let [bytes, kept] = [0, ''];
  for (const each of name) {
    bytes += each < '\u0080' ? 1 : 2;
    if (bytes > most) return kept;
    kept += each;
  }
  return kept;
}

const names = fc.constantFrom(
  ...['张三', '欧阳䶮', '阿依古丽·买买提', 'Mueller Anna Lena', '李四'],
  '古丽热娜·阿卜杜热西提·买买提依明江·吐尔逊',
);

let store: TestStore;
beforeAll(async () => {
  store = await createTestStore();
});
afterAll(() => store.remove());

let count = 0;

/** A stay of somebody comes in; answers with whose it became, or null where it was refused. */
async function takeIn(person: {
  readonly name: string;
  readonly idNumber: string;
  readonly birthDate: string;
}) {
  count += 1;
  const input = plainInput(100);
  const visit = { ...input.visit, id: `ZY${String(count)}` };
  const { person: written, ...document } = encodeSettlementInput({ ...input, visit });
  const kept = await keepVisitDocument(
    { store, clock: testClock, ids: timeOrderedIds() },
    receivedAsJson({ ...document, person: { ...written, ...person } }),
    'a file',
  );
  if (!kept.ok) return null;
  return store.read(async ({ visits }) => (await visits.find(visit.id))?.personId ?? null);
}

const numberOf = fc.constantFrom(...harmless, ...harmful);
const nameOf = fc.constantFrom<Damage>(['as it is', (name) => name], ...spelt);
const people = fc.record({ idNumber: inventedNumbers, name: names, at: fc.nat({ max: 200 }) });

describe('a person whose number or name was damaged on the way', () => {
  it('is the same person or refused, never another', async () => {
    await fc.assert(
      fc.asyncProperty(
        people,
        numberOf,
        nameOf,
        async ({ idNumber, name, at }, number, spelling) => {
          const birthDate = birthDayIn(idNumber);
          const person = await takeIn({ idNumber, name, birthDate });
          if (person === null) return;
          const damaged = {
            idNumber: number[1](idNumber, at),
            name: spelling[1](name, at),
            birthDate,
          };
          const became = await takeIn(damaged);
          if (became === null && harmless.includes(number)) {
            throw new Error(`refused: ${number[0]}, ${spelling[0]}: ${JSON.stringify(damaged)}`);
          }
          if (became !== null) expect({ became, damaged }).toEqual({ became: person, damaged });
        },
      ),
      { numRuns: 150 * depth, endOnFailure: true },
    );
  });

  it('is asked about or refused where the name is another, whatever happened to the number', async () => {
    await fc.assert(
      fc.asyncProperty(people, numberOf, async ({ idNumber, name, at }, number) => {
        const birthDate = birthDayIn(idNumber);
        if ((await takeIn({ idNumber, name, birthDate })) === null) return;
        const other = { idNumber: number[1](idNumber, at), name: `${name}明`, birthDate };
        expect(await takeIn(other)).toBeNull();
      }),
      { numRuns: 60 * depth, endOnFailure: true },
    );
  });
});
