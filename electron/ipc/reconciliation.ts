import type { DifferenceRow, OpenDay } from '../../shared/contracts/reconciliation.ts';
import { accepted, refused, type Result, type Words } from '../../shared/domain/result.ts';
import { fen } from '../../shared/money/fen.ts';
import { payerNamer } from '../../shared/pack-words/payer-namer.ts';
import { differencesPageMax } from '../database/differences-repository.ts';
import type { DifferenceTable } from '../database/remittance-tables.ts';
import type { Repositories } from '../database/store.ts';
import { closeDay } from '../reconciliation/close-day.ts';
import { bookRemittanceLine, explainDifference } from '../reconciliation/close-difference.ts';
import { daysOverview, type DayToClose } from '../reconciliation/days-overview.ts';
import { reconcileDay } from '../reconciliation/reconcile-day.ts';
import { reconciliationRefusal } from '../reconciliation/reconciliation-refusals.ts';
import { remittanceBytesMax } from '../reconciliation/read-remittance-file.ts';
import { takeBackRemittance } from '../reconciliation/take-back-remittance.ts';
import { takeInRemittance } from '../reconciliation/take-in-remittance.ts';
import { maskName, maskNumbersIn } from '../security/mask.ts';
import type { DeskParts } from './desk-parts.ts';
import type { CallHandlers } from './handle-call.ts';
import { actorOf, consentOf } from './second-person.ts';

/** Closing days: what was compared, what does not agree, payers' files, and the acts on each. */
export function reconciliationCalls(
  parts: Pick<DeskParts, 'services' | 'hasher' | 'claimSettings' | 'tellPages'>,
) {
  const { services, claimSettings, tellPages } = parts;
  /** Every page that shows days or claims asks again. */
  const told = async <Answer extends { readonly ok: boolean }>(
    acts: Promise<Answer>,
  ): Promise<Answer> => {
    const answer = await acts;
    if (answer.ok) tellPages('claims');
    return answer;
  };
  /** Files whose parts are coming, by the page that sends them. */
  const files = new Map<string, readonly Buffer[]>();
  const stage = (
    page: string,
    part: Buffer,
    isFirst: boolean,
  ): Result<readonly Buffer[], 'remittance-broken-off'> => {
    const before = isFirst ? [] : files.get(page);
    const parts = [...(before ?? []), part];
    const size = parts.reduce((sum, { length }) => sum + length, 0);
    files.delete(page);
    // Whose parts stay away holds the memory of one file at most; of many pages the oldest gives way.
    if (before === undefined || size > remittanceBytesMax)
      return refused(reconciliationRefusal('remittance-broken-off'));
    files.set(page, parts);
    for (const oldest of files.keys()) if (files.size > filesAtOnce) files.delete(oldest);
    return accepted(parts);
  };
  return {
    'reconciliation:overview': async () => {
      const nameOf = payerNamer(services.packs);
      const { days, closed, remittances, payers, ...open } = await daysOverview(services);
      return accepted({
        ...{ businessDate: services.clock.businessDate(), ...open },
        days: days.map((day) => dayView(day, nameOf)),
        closed: closed.map((row) => ({
          ...{ businessDate: row.business_date, closedAt: row.closed_at, closedBy: row.closed_by },
        })),
        remittances: remittances.map((row) => ({
          ...{ remittanceId: row.id, number: row.number, payer: row.payer },
          ...{ name: nameOf(row.payer), paidOn: row.paid_on, lines: row.line_count },
          ...{ paidFen: fen(row.paid_fen), takenAt: row.taken_at, takenBy: row.taken_by },
          state: row.state,
        })),
        payers: payers.map((payer) => ({ payer, name: nameOf(payer) })),
      });
    },
    'reconciliation:differences': async ({ businessDate, isOpen, after }) => {
      const nameOf = payerNamer(services.packs);
      return services.store.read(async (repositories) => {
        const rows = await repositories.differences.list({
          ...{ businessDate, states: isOpen ? ['open'] : ['explained', 'corrected', 'gone'] },
          ...{ ...(after === undefined ? {} : { after }), limit: rowsAtOnce },
        });
        const views: DifferenceRow[] = [];
        for (const row of rows) views.push(await differenceView(repositories, row, nameOf));
        return accepted({ differences: views, hasMore: rows.length === rowsAtOnce });
      });
    },
    'reconciliation:reconcile': async ({ businessDate }, caller) => {
      const { payersUrl } = await claimSettings();
      const compared = await told(
        reconcileDay(services, { businessDate, payersUrl }, actorOf(caller)),
      );
      return compared.ok ? accepted({ open: compared.value.open }) : compared;
    },
    'reconciliation:explain': async (decision, caller) => {
      const done = await told(explainDifference(services, decision, actorOf(caller)));
      return done.ok ? accepted({ state: done.value.state }) : done;
    },
    'reconciliation:book-line': async (decision, caller) => {
      const done = await told(bookRemittanceLine(services, decision, actorOf(caller)));
      return done.ok ? accepted({ state: done.value.state }) : done;
    },
    'reconciliation:close-day': async ({ businessDate, consent: given }, caller) => {
      const consent = await consentOf(parts, given, caller);
      if (!consent.ok) return consent;
      const done = await told(closeDay(services, businessDate, actorOf(caller), consent.value));
      return done.ok ? accepted({ closedAt: done.value.closed_at }) : done;
    },
    'reconciliation:remit': async ({ payer, file, part, isFirst, isLast }, caller) => {
      const staged = stage(caller.sessionId, Buffer.from(part, 'base64'), isFirst);
      if (!staged.ok) return staged;
      if (!isLast) return accepted({ taken: null });
      files.delete(caller.sessionId);
      const bytes = Buffer.concat(staged.value);
      const done = await told(
        takeInRemittance(services, { name: file, bytes, payer }, actorOf(caller)),
      );
      if (!done.ok) return done;
      const { already, remittance, claims, inDoubt } = done.value;
      return accepted({
        taken: {
          ...{ already, number: remittance.number, paidFen: fen(remittance.paid_fen) },
          ...{ lines: remittance.line_count, paid: claims.paid, shortPaid: claims.shortPaid },
          ...{ denied: claims.denied, inDoubt: inDoubt.length },
        },
      });
    },
    'reconciliation:take-back': async ({ consent: given, ...back }, caller) => {
      const consent = await consentOf(parts, given, caller);
      if (!consent.ok) return consent;
      const done = await told(takeBackRemittance(services, back, actorOf(caller), consent.value));
      return done.ok ? accepted({ claims: done.value.claims }) : done;
    },
  } satisfies Pick<CallHandlers, Extract<keyof CallHandlers, `reconciliation:${string}`>>;
}

/** Pages that take files in at the same time. */
const filesAtOnce = 4;

/** A screen and a half; each asks for its settlement. */
const rowsAtOnce = Math.min(100, differencesPageMax);

type NameOf = (payer: string) => Words;

function dayView(day: DayToClose, nameOf: NameOf): OpenDay {
  const sum = (of: DayToClose['cash']['taken']): number =>
    of.reduce((total, { amountFen }) => total + amountFen, 0);
  const { expectedFen, taken, returned } = day.cash;
  const { businessDate, open, settled, oldestAt, hindrance } = day;
  return {
    ...{ businessDate, open, settled, oldestAt, hindrance },
    cash: { expectedFen, takenFen: sum(taken), returnedFen: sum(returned) },
    payers: day.payers.map(({ payer, here, comparison, open: own }) => ({
      ...{ payer, name: nameOf(payer), open: own },
      here: { claims: here.claims, fen: here.claimedFen },
      there:
        comparison?.ledger === 'asked'
          ? { claims: comparison.claims_there, fen: comparison.there_fen }
          : null,
      ledger: comparison?.ledger ?? 'not-compared',
      problem: comparison?.problem ?? null,
      comparedAt: comparison?.compared_at ?? null,
    })),
  };
}

async function differenceView(
  { settlements, remittances }: Pick<Repositories, 'settlements' | 'remittances'>,
  row: DifferenceTable,
  nameOf: NameOf,
): Promise<DifferenceRow> {
  const settlement = row.settlement_id === null ? null : await settlements.find(row.settlement_id);
  const input = row.settlement_id === null ? null : await settlements.inputOf(row.settlement_id);
  const line =
    row.remittance_id === null || row.position === null
      ? null
      : await remittances.line(row.remittance_id, row.position);
  const fenOrNull = (amount: number | null) => (amount === null ? null : fen(amount));
  const masked = (text: string | null) => (text === null ? null : maskNumbersIn(text));
  return {
    ...{ differenceId: row.id, businessDate: row.business_date, payer: row.payer },
    ...{ name: nameOf(row.payer), class: row.class, step: row.step },
    settlementNumber: settlement?.number ?? null,
    maskedName: input === null ? null : maskName(input.person.name),
    reference: maskNumbersIn(line?.reference ?? row.subject),
    ...{ oursFen: fenOrNull(row.ours_fen), theirsFen: fenOrNull(row.theirs_fen) },
    ...{ claimState: row.claim_state, said: masked(row.said), openedAt: row.opened_at },
    ...{ state: row.state, closedAt: row.closed_at, closedBy: row.closed_by },
    ...{ reason: masked(row.reason), isRemittanceLine: line !== null },
  };
}
