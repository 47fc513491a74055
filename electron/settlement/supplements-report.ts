import { documentNumberOf } from '../database/kept-number.ts';
import type { Store } from '../database/store.ts';
import { maskIdNumber, maskName } from '../security/mask.ts';
import type { Refusal, Warning } from '../../shared/domain/result.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import type { Day } from '../../shared/domain/visit.ts';
import { fen, sumFen, type Fen } from '../../shared/money/fen.ts';
import { findSupplements, type Supplement } from './find-supplements.ts';
import { editedAmong, type PackTexts } from './pack-texts.ts';
import { packsThatCount, type PacksHere } from './packs-that-count.ts';
import { decidedByEditedPack, type SettlementWarningCode } from './settlement-warnings.ts';

/** An amount as it was settled and as it would be today. */
export type WasNow = { readonly wasFen: Fen; readonly nowFen: Fen };

export type PayerWasNow = WasNow & { readonly payer: string };

/** One settlement, old and new side by side. */
export type SupplementRow = {
  readonly settlementId: string;
  readonly number: string;
  readonly visitId: string;
  readonly dischargedOn: Day;
  readonly pack: { readonly was: string; readonly now: string };
  readonly categories: Supplement['categories'];
  /** Every step of either, the old ones first. */
  readonly shares: readonly (PayerWasNow & { readonly step: string })[];
  readonly patientPays: WasNow;
  readonly hospitalBears: WasNow;
  readonly otherReasons: boolean;
};

export type PersonSupplementRows = {
  /** Masked. */
  readonly name: string;
  readonly idNumber: string;
  readonly settlements: readonly SupplementRow[];
  readonly supplementFen: Fen;
  readonly overpaidFen: Fen;
};

export type SupplementsReport = {
  readonly settlements: number;
  readonly persons: readonly PersonSupplementRows[];
  readonly totals: {
    readonly payers: readonly PayerWasNow[];
    readonly patientPays: WasNow;
    readonly hospitalBears: WasNow;
    /** What patients paid too much: owed to them. */
    readonly supplementFen: Fen;
    /** What patients paid too little, where a category was taken back. */
    readonly overpaidFen: Fen;
  };
  readonly notReckoned: readonly (Pick<SupplementRow, 'settlementId' | 'number' | 'visitId'> & {
    readonly refusal: Refusal;
  })[];
  /** Where it was decided by a pack whose text is not the one in force: the amounts may be wrong. */
  readonly warnings: readonly Warning<SettlementWarningCode>[];
};

type SupplementsDependencies = PacksHere & {
  readonly store: Store;
  readonly packTexts?: PackTexts;
};

/** How many persons are asked for at once: their settlements are read one person at a time. */
const personsPerPage = 500;

/**
 * What late recognitions would have changed, for some persons or for everyone with a settlement that stands;
 * only stays that ended on `since` or later are listed, though earlier ones count for the year. Reads only.
 */
export async function reportSupplements(
  { store, packTexts, ...here }: SupplementsDependencies,
  { personIds, since }: { readonly personIds: readonly string[] | 'all'; readonly since?: Day },
): Promise<SupplementsReport> {
  const persons: PersonSupplementRows[] = [];
  const notReckoned: SupplementsReport['notReckoned'][number][] = [];
  const decidedBy = new Set<string>();
  const counting = await store.read((repositories) => packsThatCount(repositories, here));
  for await (const personId of withSettlements(store, personIds)) {
    await store.read(async (repositories) => {
      const found = await findSupplements(repositories, counting, personId);
      for (const name of found.decidedBy) decidedBy.add(name);
      notReckoned.push(
        ...found.notReckoned.map(({ settlement: { settlementId, number, visitId }, refusal }) => ({
          settlementId,
          number,
          visitId,
          refusal,
        })),
      );
      const told = found.supplements.filter(
        ({ dischargedOn }) => since === undefined || dischargedOn >= since,
      );
      if (told.length === 0) return;
      const person = await repositories.persons.find(personId);
      if (person === null) throw new Error('a settlement of nobody');
      const settlements = told.map(rowOf);
      const name = maskName(person.name);
      const idNumber = maskIdNumber(documentNumberOf(person.id_number));
      persons.push({ name, idNumber, settlements, ...owed(settlements) });
    });
  }
  const rows = persons.flatMap(({ settlements }) => settlements);
  const edited = await store.read((repositories) =>
    editedAmong(repositories, packTexts, [...decidedBy]),
  );
  const warnings = edited.map((name) => decidedByEditedPack(name, 'supplements'));
  return { settlements: rows.length, persons, totals: totalsOf(rows), notReckoned, warnings };
}

/** Of a long list only those with a settlement that stands are looked at: a register names a whole county. */
async function* withSettlements(
  store: Store,
  personIds: readonly string[] | 'all',
): AsyncGenerator<string> {
  if (personIds === 'all') yield* everyone(store);
  else if (personIds.length <= personsPerPage) yield* personIds;
  else {
    const wanted = new Set(personIds);
    for await (const personId of everyone(store)) if (wanted.has(personId)) yield personId;
  }
}

async function* everyone(store: Store): AsyncGenerator<string> {
  for (let after = ''; ;) {
    const from = after;
    const page = await store.read(({ settlements }) =>
      settlements.personsWithLive({ after: from, limit: personsPerPage }),
    );
    yield* page;
    if (page.length < personsPerPage) return;
    after = page.at(-1) ?? after;
  }
}

function rowOf({ settlement, was, now, ...same }: Supplement): SupplementRow {
  const { settlementId, number, visitId } = settlement;
  return {
    settlementId,
    number,
    visitId,
    dischargedOn: same.dischargedOn,
    pack: { was: nameOf(was), now: nameOf(now) },
    categories: same.categories,
    shares: sharesOf(was, now),
    patientPays: { wasFen: was.patientPaysFen, nowFen: now.patientPaysFen },
    hospitalBears: { wasFen: was.hospitalBearsFen, nowFen: now.hospitalBearsFen },
    otherReasons: same.otherReasons,
  };
}

const nameOf = ({ pack, packVersion }: SettlementResult): string => `${pack}@${packVersion}`;

function sharesOf(was: SettlementResult, now: SettlementResult): SupplementRow['shares'] {
  const amountOf = ({ shares }: SettlementResult, step: string, payer: string): Fen =>
    sumFen(
      shares
        .filter((share) => share.step === step && share.payer === payer)
        .map(({ amountFen }) => amountFen),
    );
  const named = new Map(
    [...was.shares, ...now.shares].map(({ step, payer }) => [`${step} ${payer}`, { step, payer }]),
  );
  return [...named.values()].map(({ step, payer }) => ({
    step,
    payer,
    wasFen: amountOf(was, step, payer),
    nowFen: amountOf(now, step, payer),
  }));
}

/** What patients paid too much, and what too little; the two are never set off against each other. */
function owed(rows: readonly SupplementRow[]): { supplementFen: Fen; overpaidFen: Fen } {
  const differences = rows.map(({ patientPays: { wasFen, nowFen } }) => wasFen - nowFen);
  return {
    supplementFen: sumFen(differences.map((each) => fen(Math.max(0, each)))),
    overpaidFen: sumFen(differences.map((each) => fen(Math.max(0, 0 - each)))),
  };
}

function totalsOf(rows: readonly SupplementRow[]): SupplementsReport['totals'] {
  const shares = rows.flatMap((row) => row.shares);
  const payers = [...new Set(shares.map(({ payer }) => payer))];
  return {
    payers: payers.map((payer) => ({
      payer,
      ...sumOf(shares.filter((share) => share.payer === payer)),
    })),
    patientPays: sumOf(rows.map(({ patientPays }) => patientPays)),
    hospitalBears: sumOf(rows.map(({ hospitalBears }) => hospitalBears)),
    ...owed(rows),
  };
}

const sumOf = (amounts: readonly WasNow[]): WasNow => ({
  wasFen: sumFen(amounts.map(({ wasFen }) => wasFen)),
  nowFen: sumFen(amounts.map(({ nowFen }) => nowFen)),
});
