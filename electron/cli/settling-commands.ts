import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { tenderKinds, type Tender, type TenderKind } from '../../shared/domain/visit.ts';
import { resultJsonFromResult } from '../../shared/contracts/result-json.ts';
import { fen } from '../../shared/money/fen.ts';
import { fenFromYuanText, yuanTextFromFen, yuanTextPattern } from '../../shared/money/yuan-text.ts';
import type { Services } from '../app/services.ts';
import { checkAgainstPlace } from '../app/compare-with-place.ts';
import { keyCopyCheckedAt } from '../app/key-copy.ts';
import { exchangeOwners, readSettings } from '../app/settings.ts';
import { checkOfSettings } from '../app/verify-settings.ts';
import { writeHospitalFilesNow } from '../hospital-exchange/write-hospital-files.ts';
import {
  cancelSettlement,
  type CancellationChange,
  type LaterSettlementChange,
} from '../settlement/cancel-settlement.ts';
import { approveBusinessDate } from '../settlement/business-day.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import { verifyPayers } from '../reconciliation/verify-payers.ts';
import { problemsOfRemittances } from '../reconciliation/verify-remittances.ts';
import { checkOfApprovals } from '../settlement/verify-approvals.ts';
import type { Store } from '../database/store.ts';
import {
  checkOf,
  verifyFolder,
  type Check,
  type Verification,
} from '../settlement/verify-folder.ts';
import { checkDocuments } from '../documents/check-documents.ts';
import { documentFiles } from '../documents/document-files.ts';
import { checkHospitalFiles } from '../hospital-exchange/check-hospital-files.ts';
import { underAccountLock } from './account-lock-of-command.ts';
import { commandRefusal } from './command-refusals.ts';
import { consentOf } from './consent-of.ts';
import {
  answer,
  callerIn,
  done,
  refusedWith,
  textOption,
  textOptions,
  wrongUsage,
  type Command,
  type CommandCall,
} from './command.ts';

export const settleVisitCommand: Command = {
  name: 'settle-visit',
  usage: 'VISIT-ID [--tender KIND=AMOUNT]… [--despite-account] [--as USER] [--approved-by MENTOR]',
  options: { tender: { type: 'string', multiple: true }, 'despite-account': { type: 'boolean' } },
  words: [1, 1],
  roles: ['cashier', 'supervisor'],
  // The mentor of a trainee.
  secondPerson: { roles: ['supervisor'], isOptional: true },
  folder: 'opened',
  run: async (call, services, callers) => {
    const tenders = readTenders(textOptions(call, 'tender'));
    if (!tenders.ok) {
      const { zh, en } = tenders.refusal.message;
      return wrongUsage(zh, en);
    }
    const visitId = call.words[0] ?? '';
    const by = callerIn(callers).userId;
    const despite = call.options['despite-account'] === true;
    const settled = await underAccountLock(services, { visitId, by, despite }, () =>
      settleVisit(services, {
        ...{ visitId, by, tenders: tenders.value },
        ...(callers.approvedBy === null ? {} : { approvedBy: callers.approvedBy.userId }),
      }),
    );
    if (!settled.ok) return refusedWith(settled.refusal);
    const { already, settlement } = settled.value;
    const copied = await services.secondPlace.copied();
    await handToHospital(call, services);
    return done({
      settlementId: settlement.settlementId,
      number: settlement.number,
      visitId: settlement.visitId,
      already,
      secondPlace: copied,
      result: resultJsonFromResult(settlement.result),
    });
  },
};

export const cancelCommand: Command = {
  name: 'cancel',
  usage:
    'SETTLEMENT-ID --reason TEXT [--as USER] [--approved-by USER | --request ID | --emergency TEXT]',
  options: {
    reason: { type: 'string' },
    request: { type: 'string' },
    emergency: { type: 'string' },
  },
  words: [1, 1],
  roles: ['cashier', 'supervisor'],
  secondPerson: {
    roles: ['supervisor'],
    usual: 'supervisor1',
    instead: ['request', 'emergency'],
  },
  folder: 'opened',
  run: async (call, services, callers) => {
    const reason = textOption(call, 'reason');
    if (reason === undefined) {
      return wrongUsage('请用 --reason 写明取消原因。', 'State why with --reason.');
    }
    const cancelled = await cancelSettlement(services, {
      settlementId: call.words[0] ?? '',
      reason,
      ...{ by: callerIn(callers).userId, page: 'command cancel' },
      consent: consentOf(call, callers),
    });
    if (!cancelled.ok) return refusedWith(cancelled.refusal);
    await handToHospital(call, services);
    const { settlementId, cancellationId, already, changes, warnings } = cancelled.value;
    for (const { text } of warnings) call.say(text.zh);
    const secondPlace = await services.secondPlace.copied();
    return done({
      ...{ settlementId, cancellationId, already, secondPlace, changes: changes.map(changeJson) },
      ...(warnings.length === 0 ? {} : { warnings }),
    });
  },
};

export const approveBusinessDateCommand: Command = {
  name: 'approve-business-date',
  usage: 'DATE --approved-by USER | --request ID [--as USER]',
  options: { request: { type: 'string' } },
  words: [1, 1],
  roles: ['cashier', 'supervisor'],
  secondPerson: { roles: ['supervisor'], instead: ['request'] },
  folder: 'opened',
  run: async (call, services, callers) => {
    if (callers.approvedBy === null && textOption(call, 'request') === undefined) {
      return wrongUsage(
        '请用 --approved-by 写明批准的主管。',
        'Name the supervisor with --approved-by.',
      );
    }
    return answer(
      await approveBusinessDate(services, {
        businessDate: call.words[0] ?? '',
        ...{ by: callerIn(callers).userId, page: 'command approve-business-date' },
        consent: consentOf(call, callers),
      }),
    );
  },
};

export const verifyCommand: Command = {
  name: 'verify',
  usage: '[--payers] [--payers-url URL]',
  options: { payers: { type: 'boolean' }, 'payers-url': { type: 'string' } },
  words: [0, 0],
  roles: ['it-clerk', 'supervisor', 'auditor', 'administrator'],
  folder: 'opened',
  run: async (call, services) => {
    const { store, packTexts, folder, policies, approvedOnly } = services;
    const books = await verifyFolder({ store, packTexts });
    const files = documentFiles(folder.home, folder.key);
    const checks = [...books.checks, checkOf('documents', await checkDocuments({ store, files }))];
    const kind = approvedOnly === null ? 'demo' : 'live';
    checks.push(await checkOfApprovals(store, policies.packs, kind));
    checks.push(await checkOfSettings(store, folder.kind));
    checks.push(checkOf('remittance-files', await problemsOfRemittances(store)));
    if (folder.kind === 'live') {
      checks.push(await checkOfKeyCopy(store));
      checks.push(await checkAgainstPlace(services));
    }
    if (call.options['payers'] === true) {
      const settings = await readSettings(store, folder);
      const payersUrl = textOption(call, 'payers-url') ?? settings['payers-url'];
      const payers = await verifyPayers(services, payersUrl);
      if (!payers.ok) return refusedWith(payers.refusal);
      const { problems, notes } = payers.value;
      checks.push({ ...checkOf('payers', problems), notes });
    }
    const { 'hospital-out': outgoing } = await readSettings(store, folder);
    if (outgoing !== null) {
      const { 'hospital-out': ownedBy } = await exchangeOwners(store);
      const where = { folder: outgoing, home: folder.home, ownedBy };
      const { problems, notes } = await checkHospitalFiles({ store, ...where });
      checks.push({ ...checkOf('hospital-files-written', problems), ...{ notes } });
    }
    const ok = checks.every((check) => check.ok);
    return done({ ok, checks } satisfies Verification, ok);
  },
};

/** Not wrong, but to be known before the key is lost: nobody has looked at a second copy of it. */
async function checkOfKeyCopy(store: Store): Promise<Check> {
  const check = checkOf('key-copy', []);
  if ((await keyCopyCheckedAt(store)) !== null) return check;
  const problem = 'no second copy of the key was checked; check one with check-key-copy';
  return { ...check, notes: [{ about: 'key', problem }] };
}

/**
 * The result goes to the hospital's system at once where its folder is set. It is settled already: a folder
 * that is missing or full is said, and the desk writes the file when it can.
 */
async function handToHospital(call: CommandCall, services: Services): Promise<void> {
  const { store, clock, folder } = services;
  const settings = await readSettings(store, folder);
  const outgoing = settings['hospital-out'];
  // Results that are called back go in their order, from the desk.
  if (outgoing === null || settings['hospital-results-url'] !== null) return;
  try {
    const { 'hospital-out': ownedBy } = await exchangeOwners(store);
    const where = { folder: outgoing, home: folder.home, ownedBy };
    await writeHospitalFilesNow({ store, clock, ...where });
  } catch (problem) {
    const reason = problem instanceof Error ? problem.message : String(problem);
    call.say(`已存好，但结果文件还没写给医院系统，窗口打开后会自动补写：${reason}`);
  }
}

/** Amounts leave as yuan text, as everywhere on the command line; counts stay counts. */
function changeJson(change: CancellationChange): object {
  switch (change.kind) {
    case 'tender-returned':
      return {
        kind: change.kind,
        tender: change.tender,
        amount: yuanTextFromFen(change.amountFen),
      };
    case 'counter': {
      const { kind, year, counter, takenBack } = change;
      const isCount = counter === 'admissions' || counter.startsWith('level:');
      return {
        kind,
        year,
        counter,
        takenBack: isCount ? takenBack : yuanTextFromFen(fen(takenBack)),
      };
    }
    case 'claim-withdrawn':
      return change;
    case 'later-settlement-differs': {
      const { was, wouldBe, because, ...which } = change;
      return {
        ...which,
        was: laterJson(was),
        ...(wouldBe === null ? { because } : { wouldBe: laterJson(wouldBe) }),
      };
    }
  }
}

function laterJson({ patientPaysFen, hospitalBearsFen, shares }: LaterSettlementChange['was']) {
  return {
    patientPays: yuanTextFromFen(patientPaysFen),
    hospitalBears: yuanTextFromFen(hospitalBearsFen),
    shares: shares.map(({ step, payer, amountFen }) => ({
      step,
      payer,
      amount: yuanTextFromFen(amountFen),
    })),
  };
}

function readTenders(texts: readonly string[]): Result<readonly Tender[], 'wrong-usage'> {
  const tenders: Tender[] = [];
  for (const text of texts) {
    const [kind = '', amount = '', ...more] = text.split('=');
    if (!isTenderKind(kind) || more.length > 0 || !yuanTextPattern.test(amount)) {
      return refused(
        commandRefusal('wrong-usage', {
          zh: `--tender 写法不对：${text}。应为 方式=金额，例如 cash=1358.00；方式：${tenderKinds.join(' ')}`,
          en: `Wrong --tender ${text}: write KIND=AMOUNT, e.g. cash=1358.00; kinds: ${tenderKinds.join(' ')}`,
        }),
      );
    }
    tenders.push({ kind, amountFen: fenFromYuanText(amount) });
  }
  return accepted(tenders);
}

function isTenderKind(kind: string): kind is TenderKind {
  return (tenderKinds as readonly string[]).includes(kind);
}
