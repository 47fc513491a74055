import { birthDayIn, sexIn } from '../../shared/domain/citizen-number.ts';
import type { Person, PersonCategory } from '../../shared/domain/person.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { shanghaiInstant } from '../base/clock.ts';
import { visitSource } from '../database/persons-repository.ts';
import type {
  RegisterChange,
  RegisterEntry,
  RegisterPerson,
} from '../database/register-persons-repository.ts';
import type { Repositories } from '../database/store.ts';
import { maskIdNumber } from '../security/mask.ts';
import { intakeRefusal, type IntakeCode } from './intake-refusals.ts';
import {
  importRegister,
  inGroups,
  readRegister,
  type RegisterDependencies,
  type RegisterImport,
  type RegisterImportCode,
} from './register-import.ts';
import type { RegisterRow } from './register-rows.ts';

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

/** How many persons are looked up and compared at a time. */
const personsAtOnce = 500;

/**
 * Takes in one office's list of persons and their dated categories: what `source` said before is replaced, also
 * for those it no longer names; other registers stay. Compared outside of any unit of work and written in parts, only
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
  const persons = Map.groupBy(register.value, ({ idNumber }) => idNumber);
  const at = shanghaiInstant(dependencies.clock.now());
  return importRegister(dependencies, {
    register: { kind: 'persons', source },
    act: 'take-in-register',
    doing: `导入名单 ${source} (importing the register ${source})`,
    compareAndWrite: (under) => compareAndWrite(dependencies, under, { persons, at }),
    sweep: ({ registerPersons }, counts, most) => registerPersons.sweep({ source, counts }, most),
  });
}

type Named = ReadonlyMap<string, readonly RegisterRow[]>;

async function compareAndWrite(
  { store, ids }: RegisterDependencies,
  under: RegisterImport,
  { persons, at }: { readonly persons: Named; readonly at: string },
): Promise<Result<{ readonly report: TakenRegister; readonly detail: unknown }, IntakeCode>> {
  const { source, counts } = under;
  const write = (changes: readonly RegisterChange[]) =>
    under.write(changes.filter(changesSomething), ({ registerPersons }, some) =>
      registerPersons.write({ source, counts }, some, at),
    );
  const conflicting: RegisterConflict[] = [];
  const personIds: string[] = [];
  let [matched, fresh, onlyHere, before] = [0, 0, 0, 0];
  for (const numbers of inGroups([...persons.keys()], personsAtOnce)) {
    const known = await store.read((all) => knownOf(all, under, numbers));
    const changes: RegisterChange[] = [];
    for (const idNumber of numbers) {
      const person = known.get(idNumber) ?? nobody;
      const rows = persons.get(idNumber) ?? [];
      const isNamedBefore = person.entries.some(countsNow);
      if (isNamedBefore) before += 1;
      const conflict = otherName(rows, person, source);
      if (conflict !== null) {
        conflicting.push(conflict);
        changes.push(asItWas(idNumber, person));
        continue;
      }
      conflicting.push(...otherDates(rows, person));
      changes.push(changeOf(idNumber, person, rows, ids.next()));
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
    const gone = page.filter(({ idNumber }) => !persons.has(idNumber));
    for (const { personId, entries } of gone) {
      if (!entries.some(countsNow)) continue;
      onlyHere += 1;
      personIds.push(personId);
    }
    const written = await write(gone.map((person) => changeOf(person.idNumber, person, [], '')));
    if (!written.ok) return written;
    if (page.length < personsAtOnce) break;
    after = page.at(-1)?.idNumber ?? after;
  }
  const figures = { matched, new: fresh, onlyHere };
  const onlyThere = persons.size - before;
  conflicting.sort((one, other) => one.row - other.row);
  const detail = { ...figures, onlyThere, conflicting: conflicting.length };
  return accepted({
    report: { report: { ...figures, onlyThere, conflicting }, personIds },
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
): RegisterConflict | null {
  const wrong = rows.find(({ name }) => name !== (person.isKnown ? person.name : rows[0]?.name));
  if (wrong === undefined) return null;
  return conflictOf(wrong, 'name-differs', person.isKnown ? visitSource : source);
}

/** What has to be written so that the register says of a person what these rows say, and nothing else. */
function changeOf(
  idNumber: string,
  person: Omit<RegisterPerson, 'idNumber'>,
  rows: readonly RegisterRow[],
  newId: string,
): RegisterChange {
  const wanted = new Map(rows.map((row) => [keyOf(categoryOf(row)), categoryOf(row)]));
  const missing = new Map(wanted);
  const [remove, stay, drop]: [number[], number[], number[]] = [[], [], []];
  for (const { id, category, standing } of person.entries) {
    const key = keyOf(category);
    const isWanted = wanted.has(key);
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
function asItWas(idNumber: string, { isKnown, personId, entries }: KnownPerson): RegisterChange {
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

/** A person no visit has brought yet. Birth date and sex stand in the ID number; the visit corrects the rest. */
function newPersonOf({ idNumber, name, insurance, insuredPlace }: RegisterRow): Person {
  return {
    name,
    idNumber,
    birthDate: birthDayIn(idNumber),
    sex: sexIn(idNumber),
    // Nothing is granted that nobody said: an unknown insurance is none until a visit names one.
    insurance: insurance ?? 'none',
    insuredPlace: insuredPlace ?? idNumber.slice(0, 6),
    categories: [],
  };
}

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
