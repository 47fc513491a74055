import { z } from 'zod';

import { fen } from '../../shared/money/fen.ts';
import { yuanTextFromFen } from '../../shared/money/yuan-text.ts';
import {
  reportSupplements,
  type SupplementsReport,
  type WasNow,
} from '../settlement/supplements-report.ts';
import { commandRefusal } from './command-refusals.ts';
import { done, refusedWith, textOption, wrongUsage, type Command } from './command.ts';

/** What categories recognised late, and dated back, would have changed: tells, changes nothing. */
export const supplementsCommand: Command = {
  name: 'supplements',
  usage: '[--person ID-NUMBER] [--since D]',
  options: { person: { type: 'string' }, since: { type: 'string' } },
  words: [0, 0],
  roles: ['supervisor', 'policy-officer', 'auditor'],
  folder: 'opened',
  run: async (call, { store, packs, approvedOnly, packTexts }) => {
    const since = textOption(call, 'since');
    if (since !== undefined && !z.iso.date().safeParse(since).success) {
      return wrongUsage('--since 应为日期，如 2017-01-01。', '--since is a day: 2017-01-01.');
    }
    const idNumber = textOption(call, 'person');
    const person =
      idNumber === undefined
        ? null
        : await store.read(({ persons }) => persons.findByIdNumber(idNumber));
    if (idNumber !== undefined && person === null)
      return refusedWith(commandRefusal('person-unknown'));
    const report = await reportSupplements(
      { store, packs, approvedOnly, packTexts },
      {
        personIds: person === null ? 'all' : [person.id],
        ...(since === undefined ? {} : { since }),
      },
    );
    return done(supplementsJson(report));
  },
};

/** The report in the contract's amounts. */
export function supplementsJson(report: SupplementsReport): object {
  const { settlements, persons, totals, notReckoned, warnings } = report;
  return {
    settlements,
    persons: persons.map(({ supplementFen, overpaidFen, ...person }) => ({
      ...person,
      settlements: person.settlements.map(
        ({ shares, patientPays, hospitalBears, ...settlement }) => ({
          ...settlement,
          shares: shares.map(({ step, payer, ...amounts }) => ({
            step,
            payer,
            ...wasNowJson(amounts),
          })),
          patientPays: wasNowJson(patientPays),
          hospitalBears: wasNowJson(hospitalBears),
        }),
      ),
      supplement: yuanTextFromFen(supplementFen),
      overpaid: yuanTextFromFen(overpaidFen),
    })),
    totals: {
      payers: totals.payers.map(({ payer, ...amounts }) => ({ payer, ...wasNowJson(amounts) })),
      patientPays: wasNowJson(totals.patientPays),
      hospitalBears: wasNowJson(totals.hospitalBears),
      supplement: yuanTextFromFen(totals.supplementFen),
      overpaid: yuanTextFromFen(totals.overpaidFen),
    },
    notReckoned: notReckoned.map(({ refusal: { code, message, remedy }, ...which }) => ({
      ...which,
      code,
      message,
      remedy,
    })),
    warnings,
  };
}

const wasNowJson = ({ wasFen, nowFen }: WasNow) => ({
  was: yuanTextFromFen(wasFen),
  now: yuanTextFromFen(nowFen),
  difference: yuanTextFromFen(fen(nowFen - wasFen)),
});
