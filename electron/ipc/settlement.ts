import { z } from 'zod';

import type {
  SettlementView,
  VisitPreview as PreviewView,
} from '../../shared/contracts/settlement.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import { fen } from '../../shared/money/fen.ts';
import type { SettlementRecord } from '../database/settlements-repository.ts';
import { ageOn, stayDays } from '../../shared/domain/stay.ts';
import { databaseRefusal } from '../database/database-refusals.ts';
import { printJobViews } from '../documents/print-job-view.ts';
import { warningsOfNumber } from '../identification/warnings-of-number.ts';
import { maskIdNumber, maskName } from '../security/mask.ts';
import { nameOfUser } from '../security/users.ts';
import { approveBusinessDate } from '../settlement/business-day.ts';
import {
  cancelSettlement,
  type CancellationChange,
  type LaterSettlementChange,
} from '../settlement/cancel-settlement.ts';
import { previewVisit, type PreviewCode, type VisitPreview } from '../settlement/preview-visit.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import type { DeskParts } from './desk-parts.ts';
import type { CallHandlers } from './handle-call.ts';
import { actorOf, consentOf } from './second-person.ts';

export function settlementCalls(parts: DeskParts) {
  const { services, tellPages, wakeAfterSettling } = parts;
  return {
    'settlement:preview': ({ visitId }) => preview(parts, visitId),
    'settlement:settle-visit': async (
      { visitId, billVersion, patientPaysFen, tenders },
      caller,
    ) => {
      const settled = await settleVisit(services, {
        visitId,
        by: caller.userId,
        tenders,
        expected: { billVersion, patientPaysFen },
      });
      if (!settled.ok) return settled;
      wakeAfterSettling();
      const { already, settlement } = settled.value;
      const view = await settlementView(parts, settlement);
      return accepted({ already, settlement: view });
    },
    'settlement:approve-business-date': async ({ businessDate, ...said }, caller) => {
      const consent = await consentOf(parts, said, caller);
      if (!consent.ok) return consent;
      const { userId: by, page } = actorOf(caller);
      const given = { businessDate, by, page, consent: consent.value };
      const approved = await approveBusinessDate(services, given);
      // A request may have been used up.
      if (approved.ok) tellPages('second-person');
      return approved;
    },
    'settlement:cancel': async ({ settlementId, reason, ...said }, caller) => {
      const consent = await consentOf(parts, said, caller);
      if (!consent.ok) return consent;
      const { userId: by, page } = actorOf(caller);
      const given = { settlementId, reason, by, page, consent: consent.value };
      const cancelled = await cancelSettlement(services, given);
      if (!cancelled.ok) return cancelled;
      // The hospital's system hears of it, and a request may have been used up.
      wakeAfterSettling();
      tellPages('second-person');
      const { already, changes, billVersion, warnings } = cancelled.value;
      return accepted({
        already,
        ...viewOfChanges(changes),
        hasNewerBill: billVersion !== null,
        warnings: [...warnings],
      });
    },
    'settlement:show': async ({ settlementId }) => {
      const record = await services.store.read(({ settlements }) => settlements.find(settlementId));
      if (record === null)
        return refused(databaseRefusal('settlement-not-found', { settlementId }));
      return accepted(await settlementView(parts, record));
    },
  } satisfies Pick<
    CallHandlers,
    | 'settlement:preview'
    | 'settlement:settle-visit'
    | 'settlement:approve-business-date'
    | 'settlement:cancel'
    | 'settlement:show'
  >;
}

/** What a cancellation undid, as far as the counter has to know. */
function viewOfChanges(changes: readonly CancellationChange[]) {
  const tenders = changes.filter((change) => change.kind === 'tender-returned');
  const isLater = (change: CancellationChange): change is LaterSettlementChange =>
    change.kind === 'later-settlement-differs';
  return {
    tendersBack: tenders.map(({ tender, amountFen }) => ({
      kind: tender,
      amountFen: fen(0 - amountFen),
    })),
    claimsWithdrawn: changes.filter(({ kind }) => kind === 'claim-withdrawn').length,
    later: changes.filter(isLater).map(({ number, was, wouldBe, because }) => ({
      number,
      wasPatientPaysFen: was.patientPaysFen,
      wouldBePatientPaysFen: wouldBe?.patientPaysFen ?? null,
      because,
    })),
  };
}

async function preview(
  parts: DeskParts,
  visitId: string,
): Promise<Result<PreviewView, PreviewCode>> {
  const beganMs = parts.monotonicMs();
  const found = await previewVisit(parts.services, { visitId });
  if (!found.ok) return found;
  const { settlement } = found.value;
  return accepted({
    ...previewParts(found.value),
    settlement: settlement === null ? null : await settlementView(parts, settlement),
    previewedInMs: parts.monotonicMs() - beganMs,
  });
}

/** What is shown of who and what, masked; the figures go out as the engine decided them. */
function previewParts({
  record,
  input,
  bill,
  pack,
  notCovered,
  result,
  confirmRefusal,
}: VisitPreview): Omit<PreviewView, 'settlement' | 'previewedInMs'> {
  const { visit } = record;
  const { person } = input;
  return {
    visit: {
      visitId: visit.id,
      kind: visit.kind,
      admittedOn: visit.admittedOn,
      dischargedOn: visit.dischargedOn,
      days: stayDays(visit.admittedOn, visit.dischargedOn),
      hospitalName: visit.hospital.name,
      hospitalLevel: visit.hospital.level,
      department: visit.department?.name ?? null,
      bed: visit.bed ?? null,
      admissionNumber: visit.admissionNumber ?? null,
      diagnoses: [...visit.diagnoses],
      blockers: [...visit.blockers, ...missingOf(confirmRefusal)],
    },
    person: {
      maskedName: maskName(person.name),
      maskedIdNumber: maskIdNumber(person.idNumber),
      sex: person.sex,
      age: ageOn(person.birthDate, visit.dischargedOn),
      insurance: person.insurance,
      categories: [...new Set(person.categories.map(({ name }) => name))],
      insuredPlace: person.insuredPlace,
      warnings: warningsOfNumber(person, visit.admittedOn),
    },
    bill: {
      version: record.billVersion,
      receivedAt: record.receivedAt,
      lineCount: bill.lineCount,
      categories: [...bill.categories],
    },
    pack: {
      id: result.pack,
      version: result.packVersion,
      name: pack?.locality ?? { zh: '全部自付', en: 'All self-pay' },
    },
    notCovered: notCovered === null ? null : { ...notCovered, details: [] },
    result: viewOfResult(result),
    confirmRefusal:
      confirmRefusal === null
        ? null
        : { ...confirmRefusal, details: [...(confirmRefusal.details ?? [])] },
  };
}

/** What is missing for a claim, as the ward's own reasons are listed: what, and who supplies it. */
function missingOf(refusal: VisitPreview['confirmRefusal']): PreviewView['visit']['blockers'] {
  if (refusal?.code !== 'claim-incomplete') return [];
  return z.array(z.object({ code: z.string(), text: z.string() })).parse(refusal.details);
}

/** The same result with lists of its own: the contracts' types may be written to, the engine's may not. */
function viewOfResult(result: SettlementResult): PreviewView['result'] {
  return structuredClone(result) as PreviewView['result'];
}

async function settlementView(parts: DeskParts, record: SettlementRecord): Promise<SettlementView> {
  const { settledBy, tenders, printJobs } = await parts.services.store.read(
    async (repositories) => ({
      settledBy: await nameOfUser(repositories.users, record.settledBy),
      tenders: await repositories.settlements.tendersOf(record.settlementId),
      printJobs: await printJobViews(
        repositories,
        await repositories.printJobs.ofSettlement(record.settlementId),
      ),
    }),
  );
  return {
    settlementId: record.settlementId,
    number: record.number,
    visitId: record.visitId,
    state: record.state,
    settledAt: record.settledAt,
    settledBy,
    businessDate: record.businessDate,
    tenders: [...tenders],
    printJobs: [...printJobs],
    result: viewOfResult(record.result),
  };
}
