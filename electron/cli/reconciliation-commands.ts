import { isDay } from '../../shared/domain/day.ts';
import { readSettings } from '../app/settings.ts';
import {
  bookRemittanceLine,
  explainDifference,
  type DifferenceDecision,
} from '../reconciliation/close-difference.ts';
import { differenceStates } from '../database/remittance-tables.ts';
import {
  closeJson,
  differenceJson,
  reconciledJson,
  remittanceJson,
  takenJson,
} from '../reconciliation/reconciliation-json.ts';
import { closeDay } from '../reconciliation/close-day.ts';
import { reconcileDay } from '../reconciliation/reconcile-day.ts';
import { listDifferences, listRemittances } from '../reconciliation/list-reconciliation.ts';
import { readRemittanceFile } from '../reconciliation/read-remittance-file.ts';
import { takeBackRemittance } from '../reconciliation/take-back-remittance.ts';
import { takeInRemittance } from '../reconciliation/take-in-remittance.ts';
import {
  answer,
  callerIn,
  done,
  refusedWith,
  textOption,
  wrongUsage,
  type Callers,
  type Command,
  type CommandCall,
} from './command.ts';
import { consentOf } from './consent-of.ts';
import { notABusinessDate } from './day-option.ts';

/** What a payer says it paid. */
export const remitCommand: Command = {
  name: 'remit',
  usage: 'FILE --payer ID [--as USER]',
  options: { payer: { type: 'string' } },
  words: [1, 1],
  roles: ['it-clerk', 'supervisor'],
  usual: 'clerk1',
  folder: 'opened',
  run: async (call, services, callers) => {
    const payer = textOption(call, 'payer') ?? '';
    if (payer === '')
      return wrongUsage('请用 --payer 写明是哪个支付方。', 'Name the payer with --payer.');
    const file = readRemittanceFile(call.path(call.words[0] ?? ''));
    if (!file.ok) return refusedWith(file.refusal);
    const by = { userId: callerIn(callers).userId, page: 'command remit' };
    const taken = await takeInRemittance(services, { ...file.value, payer }, by);
    if (!taken.ok) return refusedWith(taken.refusal);
    return done(takenJson(taken.value), taken.value.inDoubt.length === 0);
  },
};

export const remittancesCommand: Command = {
  name: 'remittances',
  usage: '',
  words: [0, 0],
  roles: ['it-clerk', 'supervisor', 'auditor'],
  usual: 'clerk1',
  folder: 'opened',
  run: async (_call, services) => done((await listRemittances(services)).map(remittanceJson)),
};

export const takeBackRemittanceCommand: Command = {
  name: 'take-back-remittance',
  usage: 'REMITTANCE-ID --reason TEXT [--as USER] [--approved-by USER | --request ID]',
  options: { reason: { type: 'string' }, request: { type: 'string' } },
  words: [1, 1],
  roles: ['it-clerk', 'supervisor'],
  usual: 'clerk1',
  secondPerson: { roles: ['supervisor'], isOptional: true, instead: ['request'] },
  folder: 'opened',
  run: async (call, services, callers) => {
    const consent = consentOf(call, callers);
    if (consent.kind === 'emergency' || (consent.kind === 'present' && consent.approvedBy === ''))
      return nobodyConsents();
    const by = { userId: callerIn(callers).userId, page: 'command take-back-remittance' };
    const [remittanceId = ''] = call.words;
    const reason = textOption(call, 'reason') ?? '';
    return answer(await takeBackRemittance(services, { remittanceId, reason }, by, consent));
  },
};

/** A day's ledger beside each payer's and the cash; what does not agree is kept as differences. */
export const reconcileCommand: Command = {
  name: 'reconcile',
  usage: '--business-date D [--payer ID] [--payers URL] [--as USER]',
  options: {
    'business-date': { type: 'string' },
    payer: { type: 'string' },
    payers: { type: 'string' },
  },
  words: [0, 0],
  roles: ['it-clerk', 'supervisor'],
  usual: 'clerk1',
  folder: 'opened',
  run: async (call, services, callers) => {
    const businessDate = textOption(call, 'business-date') ?? '';
    if (!isDay(businessDate)) return notABusinessDate(businessDate);
    const payer = textOption(call, 'payer');
    const settings = await readSettings(services.store, services.folder);
    const payersUrl = textOption(call, 'payers') ?? settings['payers-url'];
    const by = { userId: callerIn(callers).userId, page: 'command reconcile' };
    const compared = await reconcileDay(
      services,
      {
        businessDate,
        ...(payer === undefined ? {} : { payer }),
        payersUrl,
      },
      by,
    );
    if (!compared.ok) return refusedWith(compared.refusal);
    const open = await listDifferences(services, { businessDate, states: ['open'] });
    return done(reconciledJson(compared.value, open), open.length === 0);
  },
};

/** Closes a day for good, with a second person. */
export const closeDayCommand: Command = {
  name: 'close-day',
  usage: 'DATE [--as USER] [--approved-by USER | --request ID]',
  options: { request: { type: 'string' } },
  words: [1, 1],
  roles: ['it-clerk', 'supervisor'],
  usual: 'clerk1',
  secondPerson: { roles: ['supervisor'], isOptional: true, instead: ['request'] },
  folder: 'opened',
  run: async (call, services, callers) => {
    const [businessDate = ''] = call.words;
    if (!isDay(businessDate)) return notABusinessDate(businessDate);
    const consent = consentOf(call, callers);
    if (consent.kind === 'emergency' || (consent.kind === 'present' && consent.approvedBy === ''))
      return nobodyConsents();
    const by = { userId: callerIn(callers).userId, page: 'command close-day' };
    const closed = await closeDay(services, businessDate, by, consent);
    return closed.ok ? done(closeJson(closed.value)) : refusedWith(closed.refusal);
  },
};

export const differencesCommand: Command = {
  name: 'differences',
  usage: '[--business-date D] [--payer ID] [--state open|explained|corrected|gone]',
  options: {
    'business-date': { type: 'string' },
    payer: { type: 'string' },
    state: { type: 'string' },
  },
  words: [0, 0],
  roles: ['it-clerk', 'supervisor', 'auditor'],
  usual: 'clerk1',
  folder: 'opened',
  run: async (call, services) => {
    const businessDate = textOption(call, 'business-date');
    const payer = textOption(call, 'payer');
    const said = textOption(call, 'state');
    const state = differenceStates.find((each) => each === said);
    if (said !== undefined && state === undefined)
      return wrongUsage(
        `--state 可用：${differenceStates.join('、')}。`,
        `--state is one of ${differenceStates.join(', ')}.`,
      );
    if (businessDate !== undefined && !isDay(businessDate)) return notABusinessDate(businessDate);
    const rows = await listDifferences(services, {
      ...(businessDate === undefined ? {} : { businessDate }),
      ...(payer === undefined ? {} : { payer }),
      ...(state === undefined ? {} : { states: [state] }),
    });
    return done(rows.map(differenceJson));
  },
};

export const explainDifferenceCommand: Command = {
  name: 'explain-difference',
  usage: 'DIFFERENCE-ID --reason TEXT [--as USER]',
  options: { reason: { type: 'string' } },
  words: [1, 1],
  roles: ['it-clerk', 'supervisor'],
  usual: 'clerk1',
  folder: 'opened',
  run: async (call, services, callers) =>
    answer(await explainDifference(services, decisionIn(call), byCommand(callers))),
};

export const bookRemittanceLineCommand: Command = {
  name: 'book-remittance-line',
  usage: 'DIFFERENCE-ID --reason TEXT [--as USER]',
  options: { reason: { type: 'string' } },
  words: [1, 1],
  roles: ['it-clerk', 'supervisor'],
  usual: 'clerk1',
  folder: 'opened',
  run: async (call, services, callers) =>
    answer(await bookRemittanceLine(services, decisionIn(call), byCommand(callers))),
};

const decisionIn = (call: CommandCall): DifferenceDecision => ({
  differenceId: call.words[0] ?? '',
  reason: textOption(call, 'reason') ?? '',
});

const byCommand = (callers: Callers) => ({
  userId: callerIn(callers).userId,
  page: 'command difference',
});

const nobodyConsents = () =>
  wrongUsage(
    '请用 --approved-by 写明批准的主管，或用 --request 写明已批准的申请。',
    'Name the supervisor with --approved-by, or an approved request with --request.',
  );
