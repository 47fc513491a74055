import { describe, expect, it } from 'vitest';

import { roles, type Role } from '../../shared/contracts/contract.ts';
import { contractNames, type ContractName } from '../../shared/contracts/contract-names.ts';
import { makeCallDoor, type CallHandlers } from './handle-call.ts';

const [desk, looking, everyone] = [
  ['cashier', 'supervisor'],
  ['cashier', 'supervisor', 'it-clerk', 'auditor'],
  roles,
] as const;
const deciding = ['policy-officer', 'supervisor', 'auditor'] as const;
const devices = ['cashier', 'supervisor', 'it-clerk', 'administrator'] as const;

/**
 * Who may do what: the matrix of roles. Only the desk reads cards, settles and prints; the IT clerk sees what is masked;
 * the auditor looks and changes nothing; the administrator looks after people and devices and sees no patient.
 */
const may: Readonly<Record<ContractName, readonly Role[]>> = {
  'desk:state': everyone,
  'visits:list-unsettled': looking,
  'visits:find': looking,
  'visits:fetch': desk,
  'visits:lock-account': desk,
  'visits:free-account': desk,
  'visits:bill-lines': looking,
  'card:latest': desk,
  'card:read': desk,
  'card:scan': desk,
  'card:confirm-person': desk,
  'card:set-question-aside': desk,
  'card:note-proxy': desk,
  'settlement:preview': [...looking, 'policy-officer'],
  'settlement:settle-visit': desk,
  'settlement:approve-business-date': desk,
  'settlement:cancel': desk,
  'settlement:show': looking,
  'documents:print-again': desk,
  'documents:answer-unknown-print': desk,
  'documents:open-statement': looking,
  'policies:list': everyone,
  'policies:show': everyone,
  'policies:calculate': everyone,
  'policies:compare': everyone,
  'policies:prepare': ['policy-officer'],
  'policies:approve': ['supervisor'],
  'policies:withdraw': ['policy-officer', 'supervisor'],
  'policies:sheet': everyone,
  'replay:start': deciding,
  'replay:state': deciding,
  'replay:stop': deciding,
  'replay:export': deciding,
  'demo:tray': everyone,
  'demo:use': everyone,
  'devices:list': everyone,
  'devices:test-read': devices,
  'devices:stop-test-read': devices,
  'devices:print-test-page': devices,
  'intake:overview': ['supervisor', 'it-clerk', 'auditor'],
  'intake:refused-files': ['supervisor', 'it-clerk', 'auditor'],
  'intake:retry-file': ['it-clerk'],
  'intake:remove-file': ['it-clerk'],
  'intake:changed-bills': ['supervisor', 'it-clerk', 'auditor'],
  'intake:changed-bill': ['supervisor', 'it-clerk', 'auditor'],
  'intake:keep-settlement': ['supervisor', 'it-clerk'],
  'intake:results': ['supervisor', 'it-clerk', 'auditor'],
  'intake:retry-result': ['it-clerk'],
  'intake:bill-questions': ['supervisor', 'it-clerk', 'auditor'],
  'intake:bill-question': ['supervisor', 'it-clerk', 'auditor'],
  'intake:answer-bill': ['supervisor', 'it-clerk'],
  'intake:person-questions': ['supervisor', 'it-clerk', 'auditor'],
  'intake:answer-person': ['supervisor'],
  'intake:link-number': ['supervisor'],
  'intake:unlink-number': ['supervisor'],
  'intake:join-visit': ['supervisor'],
  'intake:begin-trial': ['it-clerk'],
  'intake:add-to-trial': ['it-clerk'],
  'intake:run-trial': ['it-clerk'],
  'intake:ageing': ['supervisor', 'it-clerk', 'auditor'],
  'intake:ageing-counts': ['supervisor', 'it-clerk', 'auditor'],
  'intake:export-list': ['supervisor', 'it-clerk', 'auditor'],
  'claims:overview': ['supervisor', 'it-clerk', 'auditor'],
  'claims:list': ['supervisor', 'it-clerk', 'auditor'],
  'claims:upload': ['supervisor', 'it-clerk'],
  'claims:stop-upload': ['supervisor', 'it-clerk'],
  'claims:ask-again': ['supervisor', 'it-clerk'],
  'claims:anew': ['supervisor', 'it-clerk'],
  'claims:not-booked': ['supervisor', 'it-clerk'],
  'claims:undo': ['supervisor', 'it-clerk'],
  'reconciliation:overview': ['supervisor', 'it-clerk', 'auditor'],
  'reconciliation:differences': ['supervisor', 'it-clerk', 'auditor'],
  'reconciliation:reconcile': ['supervisor', 'it-clerk'],
  'reconciliation:explain': ['supervisor', 'it-clerk'],
  'reconciliation:book-line': ['supervisor', 'it-clerk'],
  'reconciliation:close-day': ['supervisor', 'it-clerk'],
  'reconciliation:remit': ['supervisor', 'it-clerk'],
  'reconciliation:take-back': ['supervisor', 'it-clerk'],
  'second-person:list': ['cashier', 'supervisor', 'it-clerk', 'auditor', 'administrator'],
  'second-person:ask': ['cashier', 'supervisor', 'it-clerk'],
  'second-person:decide': ['supervisor'],
  'second-person:review': ['supervisor'],
  'second-person:take-back': ['cashier', 'supervisor', 'it-clerk'],
  // Of the own pages; everybody's are for the IT clerk and the administrator (`session-calls.test.ts`).
  'sessions:list': everyone,
  'sessions:end': everyone,
  'people:who': everyone,
  'people:sign-in': everyone,
  'people:lock': everyone,
  'people:change-password': everyone,
  'people:make-first': everyone,
  'people:list': ['administrator', 'auditor'],
  'people:add': ['administrator'],
  'people:change': ['administrator'],
  'people:end': ['administrator'],
  'people:reset-password': ['administrator'],
  'people:unlock': ['administrator'],
};

describe('the roles of a call', () => {
  const handlers = Object.fromEntries(
    contractNames.map((name) => [name, () => Promise.reject(new Error('reached'))]),
  ) as unknown as CallHandlers;
  const call = makeCallDoor(
    handlers,
    () => null,
    () => undefined,
    () => '1',
    () => Promise.resolve('none'),
  );

  it.each(contractNames)('are those of the matrix, for each role: %s', async (name) => {
    for (const role of roles) {
      const answer = await call(name, {}, { sessionId: 'p', userId: 'u', name: '某人', role });
      // Past the check of the role a call meets its input, or what stands behind it.
      const code = answer.ok ? 'ok' : answer.refusal.code;
      expect([role, code === 'not-allowed' ? 'refused' : 'let in']).toEqual([
        role,
        may[name].includes(role) ? 'let in' : 'refused',
      ]);
    }
  });

  it('are nobody’s where nobody sits at the page, but for what is about sitting down', async () => {
    const letIn: string[] = [];
    for (const name of contractNames) {
      const answer = await call(name, {}, { sessionId: 'p', userId: null });
      if (answer.ok || answer.refusal.code !== 'not-signed-in') letIn.push(name);
    }
    expect(letIn).toEqual([
      ...['people:who', 'people:sign-in', 'people:lock', 'people:change-password'],
      'people:make-first',
    ]);
  });

  it('are asked before anything of the input is', async () => {
    const auditor = { sessionId: 'p', userId: 'a', name: '审计', role: 'auditor' } as const;
    expect(await call('settlement:settle-visit', { nonsense: true }, auditor)).toMatchObject({
      refusal: { code: 'not-allowed' },
    });
  });
});
