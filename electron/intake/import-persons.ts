import { birthDayIn, sexIn } from '../../shared/domain/citizen-number.ts';
import type { PersonCategory } from '../../shared/domain/person.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { shanghaiInstant } from '../base/clock.ts';
import { visitSource } from '../database/persons-repository.ts';
import type { Repositories } from '../database/store.ts';
import { transactResult } from '../database/transact-result.ts';
import { maskIdNumber } from '../security/mask.ts';
import type { IntakeDependencies } from './keep-visit-document.ts';
import { intakeRefusal, type IntakeCode } from './intake-refusals.ts';
import { readRegister, type RegisterRow } from './register-rows.ts';

/** One person of the register who was not taken, or whose dates another register gives differently. */
export type RegisterConflict = {
  readonly row: number;
  readonly code: 'name-differs' | 'dates-differ';
  readonly idNumber: string;
  /** Who says otherwise. */
  readonly source: string;
};

/** Persons counted: `new` were in no record of ours; `onlyHere` this register named before and no more. */
export type RegisterReport = {
  /** Named by this register before and now. */
  readonly matched: number;
  readonly new: number;
  readonly onlyHere: number;
  /** Named now and not before. */
  readonly onlyThere: number;
  readonly conflicting: readonly RegisterConflict[];
};

/** A register taken in, and whom it spoke of before or now: what they were settled on may be another thing. */
export type TakenRegister = {
  readonly report: RegisterReport;
  readonly personIds: readonly string[];
};

/**
 * Takes in one office's list of persons and their dated categories, in one transaction: what `source` said before
 * is replaced, also for those it no longer names; other registers stay. A person whose name here is another is
 * not changed and is listed, for it may be somebody else's number.
 */
export async function importPersons(
  dependencies: IntakeDependencies,
  file: string,
  source: string,
): Promise<Result<TakenRegister, IntakeCode>> {
  if (source.trim() === '' || source === visitSource) {
    return refused(intakeRefusal('source-reserved', { source }));
  }
  const register = await readRegister(file);
  if (!register.ok) return register;
  const persons = new Map<string, RegisterRow[]>();
  for (const row of register.value) {
    const known = persons.get(row.idNumber);
    if (known === undefined) persons.set(row.idNumber, [row]);
    else known.push(row);
  }
  return transactResult(dependencies.store, async (repositories) =>
    accepted(await replaceRegister(dependencies, repositories, source, persons)),
  );
}

async function replaceRegister(
  { clock, ids }: IntakeDependencies,
  repositories: Repositories,
  source: string,
  register: ReadonlyMap<string, readonly RegisterRow[]>,
): Promise<TakenRegister> {
  const { persons, audit } = repositories;
  const at = shanghaiInstant(clock.now());
  const before = await namedBefore(repositories, source);
  const conflicting: RegisterConflict[] = [];
  const named: string[] = [];
  let [matched, fresh] = [0, 0];
  for (const [idNumber, rows] of register) {
    const known = await persons.findByIdNumber(idNumber);
    const wrong = rows.find(({ name }) => name !== (known?.name ?? rows[0]?.name));
    if (wrong !== undefined) {
      conflicting.push(conflictOf(wrong, 'name-differs', known === null ? source : visitSource));
      continue;
    }
    const personId = known?.id ?? (await keepNewPerson(repositories, ids.next(), rows, at));
    conflicting.push(...(await otherDates(repositories, personId, source, rows)));
    await persons.replaceCategories(personId, source, rows.map(categoryOf));
    named.push(personId);
    if (known === null) fresh += 1;
    if (before.has(idNumber)) matched += 1;
  }
  const gone = [...before].filter(([idNumber]) => !register.has(idNumber));
  for (const [, personId] of gone) await persons.replaceCategories(personId, source, []);
  const counts = { matched, new: fresh, onlyHere: gone.length };
  const onlyThere = [...register.keys()].filter((idNumber) => !before.has(idNumber)).length;
  const detail = { ...counts, onlyThere, conflicting: conflicting.length };
  await audit.append({ at, who: 'intake', act: 'take-in-register', about: source, detail });
  const personIds = [...named, ...gone.map(([, personId]) => personId)];
  return { report: { ...counts, onlyThere, conflicting }, personIds };
}

/** Whom the register named before: ID number to person. */
async function namedBefore(
  { persons }: Repositories,
  source: string,
): Promise<ReadonlyMap<string, string>> {
  const named = new Map<string, string>();
  const limit = 1000;
  for (let after = ''; ;) {
    const page = await persons.ofSource(source, { after, limit });
    for (const { idNumber, personId } of page) named.set(idNumber, personId);
    if (page.length < limit) return named;
    after = page.at(-1)?.idNumber ?? after;
  }
}

/** A person no visit has brought yet. Birth date and sex stand in the ID number; the visit corrects the rest. */
async function keepNewPerson(
  { persons }: Repositories,
  newId: string,
  [row]: readonly RegisterRow[],
  at: string,
): Promise<string> {
  if (row === undefined) throw new Error('a person of a register without a row');
  const { idNumber, name, insurance, insuredPlace } = row;
  const person = {
    name,
    idNumber,
    birthDate: birthDayIn(idNumber),
    sex: sexIn(idNumber),
    // Nothing is granted that nobody said: an unknown insurance is none until a visit names one.
    insurance: insurance ?? 'none',
    insuredPlace: insuredPlace ?? idNumber.slice(0, 6),
    categories: [],
  };
  return persons.upsertFromVisit({ newId, person, at });
}

/** Rows whose category another register dates differently; both stay, each under its own source. */
async function otherDates(
  { persons }: Repositories,
  personId: string,
  source: string,
  rows: readonly RegisterRow[],
): Promise<readonly RegisterConflict[]> {
  const others = (await persons.categoriesOf(personId)).filter(
    (known) => known.source !== source && known.source !== visitSource,
  );
  return rows.flatMap((row) =>
    others
      .filter(({ name, from, until }) => {
        return name === row.category && (from !== row.from || until !== row.until);
      })
      .map((other) => conflictOf(row, 'dates-differ', other.source)),
  );
}

function conflictOf(
  { row, idNumber }: RegisterRow,
  code: RegisterConflict['code'],
  source: string,
): RegisterConflict {
  return { row, code, idNumber: maskIdNumber(idNumber), source };
}

function categoryOf({ category, from, until }: RegisterRow): PersonCategory {
  return {
    name: category,
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
  };
}
