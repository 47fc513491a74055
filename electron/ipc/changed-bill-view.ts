import type { ChangedBillView, ComparedLine } from '../../shared/contracts/intake.ts';
import { visitFieldName } from '../../shared/contracts/visit-field-name.ts';
import type { Words } from '../../shared/domain/result.ts';
import type { ChargeLine } from '../../shared/domain/visit.ts';
import { changedBillRow } from '../intake-lists/masked-rows.ts';
import { maskIdNumber, maskName, maskNumbersIn } from '../security/mask.ts';
import type { ChangedBill } from '../settlement/changed-bills.ts';
import type { BillDifference, ChangedFact } from '../settlement/compare-bills.ts';

/** So many differing lines are shown of a bill; more of them are another bill altogether. */
const linesShownMax = 500;
const factsShownMax = 100;

/** A bill that came after settlement beside what was settled; of the patient no more than who compares two bills needs. */
export function changedBillView(changed: ChangedBill): ChangedBillView {
  const { bill, totalFen, patientPaysFen, difference } = changed;
  return { bill: changedBillRow(bill), totalFen, patientPaysFen, ...differenceView(difference) };
}

/** Two bills of a visit, line by line, the first of what differs. */
export function differenceView(
  difference: BillDifference,
): Pick<ChangedBillView, 'lines' | 'counts' | 'facts'> {
  const { added, removed, changed: lines, same, facts } = difference;
  const all: ChangedBillView['lines'] = [
    ...lines.map(({ was, now, differs }) => ({
      ...{ kind: 'changed' as const, was: lineView(was), now: lineView(now) },
      differs: differs.map((name) => fieldWords(['visit', 'charges', name.replace(/Fen$/, '')])),
    })),
    ...added.map((now) => ({ kind: 'added' as const, was: null, now: lineView(now), differs: [] })),
    ...removed.map((was) => ({
      ...{ kind: 'removed' as const, was: lineView(was), now: null, differs: [] },
    })),
  ];
  const placeOf = ({ was, now }: ChangedBillView['lines'][number]): number =>
    now?.line ?? was?.line ?? 0;
  return {
    lines: all.sort((one, other) => placeOf(one) - placeOf(other)).slice(0, linesShownMax),
    counts: { added: added.length, removed: removed.length, changed: lines.length, same },
    facts: facts.slice(0, factsShownMax).map(factView),
  };
}

function lineView(line: ChargeLine): ComparedLine {
  const { code, name, category, quantity, unitPrice, amountFen, on } = line;
  return { line: line.line, code, name, category, quantity, unitPrice, amountFen, on };
}

/** Fields of a person that are of the bill and not of the private life. */
const shownOfPerson: readonly string[] = [
  ...['categories', 'insurance', 'insuredPlace', 'employment', 'contractedDoctor', 'document'],
];

function factView({ path, was, now }: ChangedFact): ChangedBillView['facts'][number] {
  const name = fieldWords(path);
  const [part, field] = path;
  const both = (shown: (text: string) => string) => ({
    ...{ name, isHidden: false },
    was: was === null ? null : shown(was),
    now: now === null ? null : shown(now),
  });
  if (part !== 'person') return both(maskNumbersIn);
  if (field === 'name') return both(maskName);
  if (field === 'idNumber') return both(maskIdNumber);
  if (field !== undefined && shownOfPerson.includes(field)) return both(maskNumbersIn);
  return { name, was: null, now: null, isHidden: true };
}

/** What a field is called: in Chinese as the table of visits has it, in English its path. */
function fieldWords(path: readonly string[]): Words {
  const en = path.join('.');
  return { zh: visitFieldName(path) ?? en, en };
}
