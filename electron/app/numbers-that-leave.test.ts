import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { claimGroups } from '../../shared/contracts/claims.ts';
import { contractNames, type ContractName } from '../../shared/contracts/contract-names.ts';
import { contracts, type InputOf } from '../../shared/contracts/contracts.ts';
import { demoUsers } from '../security/users.ts';
import { demoDocuments } from '../intake/demo-data.ts';
import type { Application } from './application.ts';
import { openServices } from './open-services.ts';
import type { Services } from './services.ts';
import { startApplication } from './start-application.ts';

const folder = mkdtempSync(join(tmpdir(), 'numbers-leave-'));
const home = join(folder, 'desk');
let desk: Application;
/** The same books as a second program reads them: what the desk answers is compared with its audit. */
let books: Services;
let persons: readonly { readonly visitId: string; readonly idNumber: string }[];

beforeAll(async () => {
  const options = { home, wanted: null, environment: {} } as const;
  const started = await startApplication({ ...options, whenMissing: 'make-demo' });
  if (!started.ok) throw new Error(started.refusal.code);
  desk = started.value;
  const opened = await openServices({ ...options, whenMissing: 'refuse' });
  if (!opened.ok) throw new Error(opened.refusal.code);
  books = opened.value;
  const documents = (await demoDocuments()).map((each) => documentSchema.parse(each));
  persons = documents.map(({ visit, person }) => ({ visitId: visit.id, ...person }));
});
afterAll(async () => {
  await books.close();
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

const documentSchema = z.object({
  visit: z.object({ id: z.string() }),
  person: z.object({ idNumber: z.string() }),
});

/**
 * Every contract and what it is asked with, so that as much as can be is answered; a new one must be put here. What waits
 * ten seconds for a card is left out, and what changes who sits there.
 */
function inputs(): { readonly [Name in ContractName]: readonly InputOf<Name>[] } {
  const [first, second] = persons;
  if (first === undefined || second === undefined) throw new Error('a demo without patients');
  const visits = persons.map(({ visitId }) => ({ visitId }));
  const reader = { url: 'sim://demo' };
  const request = { requestId: 'none' };
  const user = { userId: 'cashier1' };
  const [password, newPassword] = ['Kapok-tree 7 herons', 'Eleven-dry 4 ferries'];
  const settlements = settled.map((settlementId) => ({ settlementId }));
  const again = { document: 'receipt', reason: `患者 ${first.idNumber} 要` } as const;
  return {
    'desk:state': [{}],
    'visits:list-unsettled': [{ after: null, limit: 200 }],
    'visits:find': persons.flatMap(({ visitId, idNumber }) => [
      { text: idNumber },
      { text: visitId },
    ]),
    'visits:fetch': [{}],
    'visits:lock-account': visits,
    'visits:free-account': [{ visitId: null }],
    'visits:bill-lines': visits.map((visit) => ({ ...visit, category: null })),
    'card:latest': [{}],
    'card:read': [{}],
    'card:scan': persons.map(({ idNumber }) => ({ text: idNumber })),
    'card:confirm-person': [{ visitId: first.visitId, code: 'name-differs' }],
    'card:set-question-aside': visits.slice(0, 2),
    'card:note-proxy': [],
    'settlement:preview': visits,
    'intake:overview': [{}],
    'intake:refused-files': [{}],
    'intake:retry-file': [{ fileId: first.idNumber }],
    'intake:remove-file': [{ fileId: first.idNumber, reason: first.idNumber }],
    'intake:changed-bills': [{}],
    'intake:changed-bill': [{ billId: 'none' }],
    'intake:keep-settlement': [{ billId: 'none', reason: first.idNumber }],
    'intake:results': [{}],
    'intake:retry-result': [{ resultId: first.idNumber }],
    'intake:bill-questions': [{}],
    'intake:bill-question': [{ questionId: 'none' }],
    'intake:answer-bill': [
      { questionId: 'none', isNewer: true, billVersion: 1, reason: first.idNumber },
    ],
    'intake:person-questions': [{}],
    'intake:answer-person': [{ questionId: 'none', isSame: true, reason: first.idNumber }],
    'intake:link-number': [
      { number: first.idNumber, to: second.idNumber, reason: '', isPreview: true },
      { number: first.idNumber, to: second.idNumber, reason: '', isPreview: false },
    ],
    'intake:unlink-number': [{ number: first.idNumber, reason: '', isPreview: true }],
    'intake:join-visit': [
      { visitId: first.visitId, number: second.idNumber, reason: '', isPreview: true },
    ],
    'intake:begin-trial': [{ name: `${first.idNumber}.json` }],
    'intake:add-to-trial': [{ part: Buffer.from(first.idNumber).toString('base64') }],
    'intake:run-trial': [{}],
    'intake:ageing': [
      { from: 'discharge', waitsFor: null, daysAtLeast: null },
      { from: 'arrival', waitsFor: 'blocked', daysAtLeast: 1 },
    ],
    'intake:ageing-counts': [{ from: 'arrival' }],
    'intake:export-list': [
      { list: 'ageing', format: 'csv', language: 'zh' },
      { list: 'people', format: 'csv', language: 'en' },
      { list: 'changed-bills', format: 'csv', language: 'zh' },
    ],
    'claims:overview': [{}],
    'claims:list': claimGroups.map((group) => ({ group })),
    'claims:upload': [{}],
    'claims:stop-upload': [{}],
    'claims:ask-again': [{ claimId: 'none', reason: first.idNumber }],
    'claims:anew': [{ claimId: 'none', reason: first.idNumber }],
    'claims:not-booked': [
      { claimId: 'none', reason: first.idNumber, consent: { approvedBy: 'supervisor1' } },
    ],
    'claims:undo': [
      { claimId: 'none', reason: first.idNumber, consent: { approvedBy: 'supervisor1' } },
    ],
    'reconciliation:overview': [{}],
    'reconciliation:differences': [true, false].map((isOpen) => ({
      ...{ businessDate: '2017-11-27', isOpen },
    })),
    'reconciliation:remit': [
      {
        ...{
          payer: 'medical-assistance',
          file: `${first.idNumber}.csv`,
          isFirst: true,
          isLast: true,
        },
        part: Buffer.from(
          [
            '拨付单号,拨付日期,申报编号,笔数,申报金额,核定金额,扣款金额,拨付金额,扣款原因',
            `N1,2017-12-15,${first.idNumber},,1.00,1.00,0.00,1.00,${first.idNumber}`,
            'N1,2017-12-15,合计,1,1.00,1.00,0.00,1.00,',
          ].join('\n'),
        ).toString('base64'),
      },
    ],
    'reconciliation:reconcile': [{ businessDate: '2017-11-27' }],
    'reconciliation:explain': [{ differenceId: 'none', reason: first.idNumber }],
    'reconciliation:book-line': [{ differenceId: 'none', reason: first.idNumber }],
    'reconciliation:close-day': [
      { businessDate: '2017-11-27', consent: { approvedBy: 'supervisor1' } },
    ],
    'reconciliation:take-back': [
      { remittanceId: 'none', reason: first.idNumber, consent: { approvedBy: 'supervisor1' } },
    ],
    'settlement:settle-visit': visits.map((visit) => ({
      ...{ ...visit, billVersion: 1, tenders: [] },
      patientPaysFen: 135_800 as InputOf<'settlement:settle-visit'>['patientPaysFen'],
    })),
    'settlement:approve-business-date': [{ businessDate: '2017-11-27', approvedBy: 'supervisor1' }],
    'settlement:cancel': settlements.slice(0, 1).map((each) => ({
      ...{ ...each, approvedBy: 'supervisor1', reason: `患者 ${first.idNumber} 要` },
    })),
    'settlement:show': settlements,
    'documents:print-again': settlements.map((each) => ({ ...each, ...again })),
    'documents:answer-unknown-print': [{ printJobId: 'none', cameOut: true }],
    'documents:open-statement': settlements,
    'policies:list': [{}],
    'policies:show': [{ pack: 'pingjiang-2017', version: '1.2.0' }],
    'policies:calculate': [],
    'policies:compare': [{ pack: 'pingjiang-2017', version: '1.1.0', before: '1.0.0' }],
    'policies:prepare': [
      {
        ...{ pack: 'pingjiang-2017', version: '1.2.0', fingerprint: 'none' },
        accepted: [{ assumption: 'none', reason: `患者 ${first.idNumber} 要` }],
      },
    ],
    'policies:approve': [{ pack: 'pingjiang-2017', version: '1.2.0', preparedId: 'none' }],
    'policies:withdraw': [
      { pack: 'pingjiang-2017', version: '1.2.0', reason: `患者 ${first.idNumber} 要` },
    ],
    'policies:sheet': [{ pack: 'pingjiang-2017', version: '1.2.0' }],
    'replay:start': [
      {
        ...{ pack: 'pingjiang-2017', sample: null, withUnsettled: true, results: null },
        ...{ from: '2017-01-01', until: '2017-12-31' },
      },
    ],
    'replay:state': [{}],
    'replay:stop': [],
    'replay:export': [{}],
    'demo:tray': [],
    'demo:use': [],
    'devices:list': [{ framesOf: reader.url }],
    'devices:test-read': [],
    'devices:stop-test-read': [reader],
    'devices:print-test-page': [{}],
    'second-person:list': [{}],
    'second-person:ask': settlements.map(({ settlementId }) => ({
      ...{ act: 'cancel-settlement', about: settlementId, reason: '重复' },
    })),
    'second-person:decide': [{ ...request, isApproved: true, reason: '' }],
    'second-person:review': [request],
    'second-person:take-back': [request],
    'sessions:list': [{}],
    'sessions:end': [{ sessionId: 'none' }],
    'people:who': [{}],
    'people:sign-in': [],
    'people:lock': [],
    'people:change-password': [{ ...user, password, newPassword }],
    'people:make-first': [{ userId: 'x', name: '某人', password }],
    'people:list': [{}],
    'people:add': [{ userId: 'x', name: '某人', role: 'cashier', password, training: null }],
    'people:change': [{ ...user, role: 'cashier', training: null }],
    'people:end': [user],
    'people:reset-password': [{ ...user, password }],
    'people:unlock': [user],
  };
}

let settled: readonly string[] = [];

const audited = async () =>
  books.store.read(({ audit }) => audit.list({ after: 0, limit: 10_000 }));

describe('an ID number in full', () => {
  it('leaves by no contract without an entry of who saw it', async () => {
    settled = (await audited()).flatMap(({ act, about }) =>
      act === 'settle-visit' ? [about] : [],
    );
    expect(settled.length).toBeGreaterThan(0);
    const marks = await books.store.read(({ audit }) =>
      Promise.resolve(persons.map(({ idNumber }) => [idNumber, audit.markOf(idNumber)] as const)),
    );
    const answered = new Set<ContractName>();
    const bare: string[] = [];
    for (const { userId, role } of demoUsers) {
      await desk.callFromWindow('people:sign-in', { userId, password: '' });
      for (const name of contractNames) {
        for (const input of inputs()[name]) {
          const answer = await desk.callFromWindow(name, input);
          if (answer.ok) answered.add(name);
          else expect(answer.refusal.code, name).not.toBe('program-fault');
          const text = JSON.stringify(answer);
          for (const [idNumber, mark] of marks) {
            if (!text.includes(idNumber)) continue;
            const isEntered = (await audited()).some(
              (entry) =>
                entry.act === 'show-number' &&
                entry.who === userId &&
                entry.detail_json.includes(String(mark)),
            );
            if (!isEntered) bare.push(`${role} ${name} ${idNumber}`);
          }
        }
      }
    }
    expect(bare).toEqual([]);
    // What was asked was answered, or nothing was searched.
    const lookedAt = contractNames.filter(
      (name) => /^(?:desk|visits|card|settlement|documents)/.test(name) && answered.has(name),
    );
    expect(lookedAt).toEqual(
      expect.arrayContaining([
        ...['desk:state', 'visits:list-unsettled', 'visits:find', 'visits:bill-lines'],
        ...['card:latest', 'card:scan', 'settlement:preview', 'settlement:settle-visit'],
        ...['settlement:cancel', 'settlement:show'],
        ...['documents:print-again', 'documents:open-statement'],
      ]),
    );
  });

  it('is named in no field of a contract but masked ones', () => {
    const named = contractNames.flatMap((name) => {
      const schema = JSON.stringify(
        z.toJSONSchema(contracts[name].output, { unrepresentable: 'any' }),
      );
      return /"idNumber"|"id_number"/.test(schema) ? [name] : [];
    });
    expect(named).toEqual([]);
  });

  it('that a handler answers unmasked does not get out of the door', () => {
    const view = { maskedName: '张*', maskedIdNumber: '430626195001010016' };
    const { output } = contracts['card:note-proxy'];
    expect(output.safeParse(view).success).toBe(false);
    expect(output.safeParse({ ...view, maskedIdNumber: '430626********0016' }).success).toBe(true);
  });
});
