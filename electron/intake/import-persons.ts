import { birthDayIn, hasRightCheckDigit, sexIn } from '../../shared/domain/citizen-number.ts';
import type { Person, PersonCategory } from '../../shared/domain/person.ts';
import { isSameName } from '../../shared/domain/person-name.ts';
import {
  accepted,
  refused,
  type Refusal,
  type Result,
  type Words,
} from '../../shared/domain/result.ts';
import { shanghaiInstant } from '../base/clock.ts';
import { visitSource } from '../database/persons-repository.ts';
import type {
  RegisterChange,
  RegisterEntry,
  RegisterPerson,
} from '../database/register-persons-repository.ts';
import type { Repositories, Store } from '../database/store.ts';
import { maskAllButDifference, maskIdNumber } from '../security/mask.ts';
import { intakeRefusal, type IntakeCode } from './intake-refusals.ts';
import { askAboutPerson, unlessAnswered, type PersonDoubt } from './person-doubt.ts';
import {
  importRegister,
  inGroups,
  readRegister,
  type RegisterDependencies,
  type RegisterImport,
  type RegisterImportCode,
} from './register-import.ts';
import type { RowSetAside } from './read-register-file.ts';
import type { RegisterRow } from './register-rows.ts';
import { mayBeOfRowSetAside, rowsRefused, type RowsRefused } from './rows-set-aside.ts';

/** One person of the register who was not taken, or whose dates another register gives differently. */
export type RegisterConflict = {
  readonly row: number;
  readonly code: 'name-differs' | 'dates-differ';
  readonly idNumber: string;
  /** Who says otherwise. */
  readonly source: string;
  readonly message: Words;
  readonly remedy: Words;
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
  /** Rows that were set aside; the rest is taken. */
  readonly refused: RowsRefused;
  /** Persons named before who keep what they had, for one of those rows may be theirs. */
  readonly kept: number;
};

/** A register taken in, and whom it spoke of before or now: what they were settled on may be another thing. */
export type TakenRegister = {
  readonly report: RegisterReport;
  readonly personIds: readonly string[];
};

/** How many persons are looked up and compared at a time. */
const personsAtOnce = 500;

/**
 * Takes in one office's list of persons and their dated categories: what `source` said before is replaced, also
 * for those it no longer names; other registers stay. A bad row is set aside alone, and whom it may speak of keeps what he
 * had. Compared outside of any unit of work and written in parts, only
 * what differs (`importRegister`). A person whose name here is another is not changed and is listed, for it may be
 * somebody else's number.
 */
export async function importPersons(
  dependencies: RegisterDependencies,
  file: string,
  source: string,
): Promise<Result<TakenRegister, RegisterImportCode>> {
  if (source.trim() === '' || source === visitSource) {
    return refused(intakeRefusal('source-reserved', { source }));
  }
  const register = await readRegister(dependencies, (reader) => reader.persons(file));
  if (!register.ok) return register;
  const { rows, setAside } = register.value;
  const persons = Map.groupBy(rows, ({ idNumber }) => idNumber);
  const at = shanghaiInstant(dependencies.clock.now());
  return importRegister(dependencies, {
    register: { kind: 'persons', source },
    act: 'take-in-register',
    doing: `导入名单 ${source} (importing the register ${source})`,
    compareAndWrite: (under) => compareAndWrite(dependencies, under, { persons, setAside, at }),
    sweep: ({ registerPersons }, counts, most) => registerPersons.sweep({ source, counts }, most),
  });
}

type Named = ReadonlyMap<string, readonly RegisterRow[]>;

async function compareAndWrite(
  dependencies: RegisterDependencies,
  under: RegisterImport,
  {
    persons,
    setAside,
    at,
  }: { readonly persons: Named; readonly setAside: readonly RowSetAside[]; readonly at: string },
): Promise<Result<{ readonly report: TakenRegister; readonly detail: unknown }, IntakeCode>> {
  const { store, ids } = dependencies;
  const { source, counts } = under;
  const write = (changes: readonly RegisterChange[]) =>
    under.write(changes.filter(changesSomething), ({ registerPersons }, some) =>
      registerPersons.write({ source, counts }, some, at),
    );
  const conflicting: RegisterConflict[] = [];
  const doubts: RegisterDoubt[] = [];
  const personIds: string[] = [];
  const mayKeep = mayBeOfRowSetAside(setAside);
  const hasRowSetAside = new Set(setAside.flatMap(({ key }) => key ?? []));
  let [matched, fresh, onlyHere, before, kept] = [0, 0, 0, 0, 0];
  for (const numbers of inGroups([...persons.keys()], personsAtOnce)) {
    const known = await store.read((all) => knownOf(all, under, numbers));
    const changes: RegisterChange[] = [];
    for (const idNumber of numbers) {
      const person = known.get(idNumber) ?? nobody;
      const rows = persons.get(idNumber) ?? [];
      const isNamedBefore = person.entries.some(countsNow);
      if (isNamedBefore) before += 1;
      const other = otherName(rows, person, source);
      const isDoubted = other !== null && !(await isSaidToBeSame(store, other));
      if (other !== null && isDoubted) {
        conflicting.push(other.conflict);
        if (person.isKnown) doubts.push(other);
        changes.push(asItWas(idNumber, person));
        continue;
      }
      conflicting.push(...otherDates(rows, person));
      const keepsOthers = hasRowSetAside.has(idNumber);
      changes.push(changeOf(idNumber, person, { rows, newId: ids.next(), keepsOthers }));
      if (person.isKnown) personIds.push(person.personId);
      else fresh += 1;
      if (isNamedBefore) matched += 1;
    }
    const written = await write(changes);
    if (!written.ok) return written;
  }
  for (let after = ''; ;) {
    const from = after;
    const page = await store.read(({ registerPersons }) =>
      registerPersons.named({ source, counts }, { after: from, limit: personsAtOnce }),
    );
    const changes: RegisterChange[] = [];
    for (const person of page) {
      const { idNumber, personId, name, entries } = person;
      if (persons.has(idNumber)) continue;
      const isNamedBefore = entries.some(countsNow);
      if (isNamedBefore && mayKeep({ key: idNumber, name })) {
        kept += 1;
        changes.push(asItWas(idNumber, person));
        continue;
      }
      changes.push(changeOf(idNumber, person, { rows: [], newId: '' }));
      if (!isNamedBefore) continue;
      onlyHere += 1;
      personIds.push(personId);
    }
    const written = await write(changes);
    if (!written.ok) return written;
    if (page.length < personsAtOnce) break;
    after = page.at(-1)?.idNumber ?? after;
  }
  const figures = { matched, new: fresh, onlyHere };
  const onlyThere = persons.size - before;
  conflicting.sort((one, other) => one.row - other.row);
  await keepDoubts(dependencies, { source, doubts, at });
  const refused = rowsRefused(setAside);
  const counted = { conflicting: conflicting.length, setAside: refused.length, kept };
  const detail = { ...figures, onlyThere, ...counted };
  return accepted({
    report: { report: { ...figures, onlyThere, conflicting, refused, kept }, personIds },
    detail,
  });
}

type KnownPerson = Omit<RegisterPerson, 'idNumber'> & {
  readonly others: readonly (PersonCategory & { readonly source: string })[];
};

/** Of a number that no record of ours has. */
const nobody: KnownPerson = { personId: '', name: '', isKnown: false, entries: [], others: [] };

async function knownOf(
  { registerPersons }: Pick<Repositories, 'registerPersons'>,
  { source, counts }: RegisterImport,
  numbers: readonly string[],
): Promise<ReadonlyMap<string, KnownPerson>> {
  const found = await registerPersons.ofNumbers({ source, counts }, numbers);
  const said = await registerPersons.saidByOthers(
    source,
    found.map(({ personId }) => personId),
  );
  return new Map(
    found.map((person) => [
      person.idNumber,
      { ...person, others: said.get(person.personId) ?? [] },
    ]),
  );
}

const countsNow = ({ standing }: RegisterEntry): boolean => standing !== 'prepared';

/** The row whose name is not the person's, or not that of the person's first row. */
function otherName(
  rows: readonly RegisterRow[],
  person: KnownPerson,
  source: string,
): RegisterDoubt | null {
  const known = person.isKnown ? person.name : (rows[0]?.name ?? '');
  const wrong = rows.find(({ name }) => !isSameName(name, known));
  if (wrong === undefined) return null;
  const [here, there] = maskAllButDifference(known, wrong.name);
  const why = intakeRefusal('name-differs', { row: wrong.row, known: here, said: there });
  const conflict = conflictOf(wrong, why, person.isKnown ? visitSource : source);
  return { conflict, personId: person.isKnown ? person.personId : null, said: wrong };
}

/** A row whose name is another one, and who is known under its number; null: nobody is. */
type RegisterDoubt = {
  readonly conflict: RegisterConflict;
  readonly personId: string | null;
  readonly said: RegisterRow;
};

async function doubtAbout(
  repositories: Pick<Repositories, 'persons' | 'personQuestions'>,
  { personId, said: { idNumber, name } }: RegisterDoubt,
): Promise<PersonDoubt | null> {
  const known = personId === null ? null : await repositories.persons.find(personId);
  if (known === null) return null;
  return unlessAnswered(repositories, { known, said: { idNumber, name }, differs: ['name'] });
}

/** Whether somebody has said that the two names are of one person. */
async function isSaidToBeSame(store: Store, doubt: RegisterDoubt): Promise<boolean> {
  if (doubt.personId === null) return false;
  return (await store.read((repositories) => doubtAbout(repositories, doubt))) === null;
}

/** The questions this list raises wait for a person; those it raised before and raises no more do not. */
async function keepDoubts(
  { store, ids }: RegisterDependencies,
  {
    source,
    doubts,
    at,
  }: { readonly source: string; readonly doubts: readonly RegisterDoubt[]; readonly at: string },
): Promise<void> {
  const before = await store.read(({ personQuestions }) => personQuestions.openOfRegister(source));
  if (before.length === 0 && doubts.length === 0) return;
  await store.transact(async (repositories) => {
    const stand = new Set<string>();
    for (const each of doubts) {
      const doubt = await doubtAbout(repositories, each);
      if (doubt === null) continue;
      const place = { came_by: 'register', visit_id: null, source } as const;
      const row = `row ${String(each.conflict.row)}`;
      stand.add(
        await askAboutPerson(repositories, doubt, { ...place, place: row, newId: ids.next(), at }),
      );
    }
    for (const { id } of before) {
      if (stand.has(id)) continue;
      const reason = 'the list came without the difference';
      await repositories.personQuestions.answer(id, { state: 'gone', at, by: 'intake', reason });
    }
  });
}

/** What has to be written so that the register says of a person what these rows say, and nothing else. */
function changeOf(
  idNumber: string,
  person: Omit<RegisterPerson, 'idNumber'>,
  {
    rows,
    newId,
    keepsOthers = false,
  }: {
    readonly rows: readonly RegisterRow[];
    readonly newId: string;
    /** A row of this person was set aside: what the register said before goes on beside what it says now. */
    readonly keepsOthers?: boolean;
  },
): RegisterChange {
  const wanted = new Map(rows.map((row) => [keyOf(categoryOf(row)), categoryOf(row)]));
  const missing = new Map(wanted);
  const [remove, stay, drop]: [number[], number[], number[]] = [[], [], []];
  for (const { id, category, standing } of person.entries) {
    const key = keyOf(category);
    const isWanted = wanted.has(key) || (keepsOthers && standing !== 'prepared');
    if (isWanted) missing.delete(key);
    if (standing === 'leaves' && isWanted) stay.push(id);
    if (standing === 'counts' && !isWanted) remove.push(id);
    if (standing === 'prepared' && !isWanted) drop.push(id);
  }
  const [row] = rows;
  const newcomer =
    person.isKnown || row === undefined ? null : { id: newId, person: newPersonOf(row) };
  const isNobodys = !person.isKnown && person.personId !== '' && row === undefined;
  // Whoever an import that did not end brought is written anew: it may have had the name wrong.
  const isTakenOver = newcomer !== null && person.personId !== '';
  const again = isTakenOver ? person.entries.map(({ id }) => id) : drop;
  return {
    ...{ idNumber, newcomer, remove, stay },
    add: isTakenOver ? [...wanted.values()] : [...missing.values()],
    drop: again,
    forget: isNobodys ? person.personId : null,
  };
}

/** Undoes what an import that did not end has prepared for a person who is not taken now. */
function asItWas(
  idNumber: string,
  { isKnown, personId, entries }: Omit<RegisterPerson, 'idNumber'>,
): RegisterChange {
  const idsOf = (wanted: RegisterEntry['standing']) =>
    entries.flatMap(({ id, standing }) => (standing === wanted ? [id] : []));
  return {
    ...{ idNumber, newcomer: null, add: [], remove: [] },
    stay: idsOf('leaves'),
    drop: idsOf('prepared'),
    forget: isKnown || personId === '' ? null : personId,
  };
}

function changesSomething({ add, remove, stay, drop, forget }: RegisterChange): boolean {
  return [add, remove, stay, drop].some((each) => each.length > 0) || forget !== null;
}

const keyOf = ({ name, from = '', until = '' }: PersonCategory): string =>
  `${name} ${from} ${until}`;

/**
 * A person no visit has brought yet; the first visit says the rest. Day of birth and sex are those the row states or the
 * number says; a permit says none, and then what stands here is not looked at before a visit has come.
 */
function newPersonOf(row: RegisterRow): Person {
  const { idNumber, name, insurance, insuredPlace, document, birthDate, sex } = row;
  const tells = hasRightCheckDigit(idNumber);
  return {
    name,
    idNumber,
    ...(document === undefined ? {} : { document }),
    birthDate: birthDate ?? (tells ? birthDayIn(idNumber) : unknownBirthDate),
    sex: sex ?? (tells ? sexIn(idNumber) : 'male'),
    // Nothing is granted that nobody said: an unknown insurance is none until a visit names one.
    insurance: insurance ?? 'none',
    insuredPlace: insuredPlace ?? (tells ? idNumber.slice(0, 6) : unknownPlace),
    categories: [],
  };
}

const unknownBirthDate = '0000-00-00';
const unknownPlace = '000000';

/** Rows whose category another register dates differently; both stay, each under its own source. */
function otherDates(
  rows: readonly RegisterRow[],
  { others }: KnownPerson,
): readonly RegisterConflict[] {
  return rows.flatMap((row) =>
    others
      .filter(({ name, from, until }) => {
        return name === row.category && (from !== row.from || until !== row.until);
      })
      .map((other) => {
        const dates = { source: other.source, here: datesOf(row), there: datesOf(other) };
        return conflictOf(
          row,
          intakeRefusal('dates-differ', { row: row.row, ...dates }),
          other.source,
        );
      }),
  );
}

const datesOf = ({ from, until }: Pick<RegisterRow, 'from' | 'until'>): string =>
  `${from ?? '…'} ~ ${until ?? '…'}`;

function conflictOf(
  { row, idNumber }: RegisterRow,
  { code, message, remedy }: Refusal<RegisterConflict['code']>,
  source: string,
): RegisterConflict {
  return { row, code, idNumber: maskIdNumber(idNumber), source, message, remedy };
}

function categoryOf({ category, from, until }: RegisterRow): PersonCategory {
  return {
    name: category,
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
  };
}
