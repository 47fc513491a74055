import { accepted, refused } from '../../shared/domain/result.ts';
import { fen, type Fen } from '../../shared/money/fen.ts';
import { cutsOfCharges, eligibleByLine } from '../../shared/policy/eligible-by-line.ts';
import type { ChargeLine } from '../../shared/domain/visit.ts';
import { databaseRefusal } from '../database/database-refusals.ts';
import type { DeskParts } from './desk-parts.ts';
import type { CallHandlers } from './handle-call.ts';
import { visitRow } from './visit-rows.ts';

/** More than fits a screen; whoever finds more types one more letter. */
const foundMax = 50;

export function visitCalls({ services: { store }, takeInNow }: DeskParts) {
  return {
    'visits:list-unsettled': async ({ after, limit }) => {
      const page = await store.read(async ({ visits }) => ({
        // One more than asked for tells whether there is a next page.
        rows: await visits.listUnsettled({
          limit: limit + 1,
          ...(after === null ? {} : { after }),
        }),
        total: await visits.countUnsettled(),
      }));
      const shown = page.rows.slice(0, limit);
      const next = page.rows.length > limit ? (shown.at(-1)?.visitId ?? null) : null;
      return accepted({ visits: shown.map(visitRow), total: page.total, next });
    },
    'visits:find': async ({ text }) => {
      const found = await store.read(({ visits }) => visits.search(text, foundMax + 1));
      const shown = found.slice(0, foundMax);
      return accepted({ visits: shown.map(visitRow), more: found.length > foundMax });
    },
    'visits:fetch': async () => accepted({ bills: await takeInNow() }),
    'visits:bill-lines': async ({ visitId, category }) => {
      const record = await store.read(({ visits }) => visits.find(visitId));
      if (record === null) return refused(databaseRefusal('visit-unknown', { visitId }));
      const { bill } = record.visit;
      const charges = bill.kind === 'charges' ? bill.charges : [];
      const eligible = eligibleByLine(charges, cutsOfCharges(charges));
      const wanted = charges.filter((each) => category === null || each.category === category);
      return accepted({ lines: wanted.map((line) => billLine(line, eligible)) });
    },
  } satisfies Pick<
    CallHandlers,
    'visits:list-unsettled' | 'visits:find' | 'visits:fetch' | 'visits:bill-lines'
  >;
}

function billLine(line: ChargeLine, eligible: ReadonlyMap<number, Fen>) {
  return {
    line: line.line,
    code: line.code,
    name: line.name,
    category: line.category,
    catalogueClass: line.catalogueClass,
    unit: line.unit,
    quantity: line.quantity,
    unitPrice: line.unitPrice,
    amountFen: line.amountFen,
    eligibleFen: eligible.get(line.line) ?? fen(0),
    on: line.on,
    refundsLine: line.refundsLine ?? null,
  };
}
