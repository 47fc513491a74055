import {
  decideClaimCommand,
  listClaims,
  payersSimulator,
  uploadClaims,
} from './claims-commands.ts';
import { approvePackCommand } from './approve-pack.ts';
import { auditCommand, verifyAuditCommand } from './audit-commands.ts';
import { backupCommand, checkKeyCopyCommand, restoreCommand } from './backup-commands.ts';
import { checkPacksCommand } from './check-packs.ts';
import { billQuestionsCommand } from './bill-questions-command.ts';
import { changedBillsCommand } from './changed-bills-command.ts';
import {
  answer,
  callerIn,
  done,
  refusedWith,
  textOption,
  wrongUsage,
  type Command,
} from './command.ts';
import { tryFile } from '../intake/import-files.ts';
import { openCommand, stopCommand } from './desk-commands.ts';
import { changeSettings, devices } from './device-commands.ts';
import { makeStatement, printReceipt } from './document-commands.ts';
import { hospitalPushCommand, openapiCommand, resultsCommand } from './hospital-push-command.ts';
import { ageingCommand, exportListCommand } from './intake-list-commands.ts';
import { importCardsCommand, importCommand, importPersonsCommand } from './import.ts';
import { packsCommand } from './packs.ts';
import { pullCommand } from './pull-command.ts';
import { readCard } from './read-card-command.ts';
import {
  answerPersonQuestionCommand,
  joinVisitCommand,
  linkNumberCommand,
  personQuestionsCommand,
  unlinkNumberCommand,
} from './person-commands.ts';
import {
  bookRemittanceLineCommand,
  closeDayCommand,
  differencesCommand,
  explainDifferenceCommand,
  reconcileCommand,
  remitCommand,
  remittancesCommand,
  takeBackRemittanceCommand,
} from './reconciliation-commands.ts';
import { refusedFilesCommand } from './refused-files-command.ts';
import { returnsCommand } from './returns-command.ts';
import { replayCommand } from './replay-command.ts';
import { settleCommand } from './settle.ts';
import {
  approveBusinessDateCommand,
  cancelCommand,
  settleVisitCommand,
  verifyCommand,
} from './settling-commands.ts';
import { templateCommand } from './template-command.ts';
import { changePasswordCommand, usersCommand } from './user-commands.ts';
import { secondPersonCommand } from './second-person-command.ts';
import { supplementsCommand } from './supplements-command.ts';

/** Commands of the contract that later issues build. */
export const commandsOfLaterIssues: readonly string[] = ['report'];

const settle: Command = {
  name: 'settle',
  usage: '--pack ID[@VERSION]|DIR --visit FILE',
  options: { pack: { type: 'string' }, visit: { type: 'string' } },
  words: [0, 0],
  roles: 'anyone',
  folder: 'none',
  run: async (call) => {
    const pack = textOption(call, 'pack');
    const visitFile = textOption(call, 'visit');
    if (pack === undefined || visitFile === undefined) {
      return wrongUsage('需要 --pack 和 --visit。', 'Both --pack and --visit are needed.');
    }
    return answer(await settleCommand({ pack, visitFile, path: call.path }));
  },
};

const packs: Command = {
  name: 'packs',
  usage: '',
  words: [0, 0],
  roles: 'anyone',
  folder: 'none',
  run: async (call) => {
    const listed = await packsCommand({ home: call.home });
    if (!listed.ok) return refusedWith(listed.refusal);
    for (const { file, line, message } of listed.value.problems) {
      call.say(`${file}:${String(line)} ${message.zh}`);
    }
    return done(listed.value.packs);
  },
};

const importVisits: Command = {
  name: 'import',
  usage: '[--try] FILE…',
  options: { try: { type: 'boolean' } },
  words: [1, 10_000],
  roles: ['it-clerk'],
  folder: 'opened',
  run: async (call, services, callers) => {
    const takenInBy = callerIn(callers).userId;
    if (call.options['try'] === true) {
      const tried = [];
      for (const file of call.words.map(call.path))
        tried.push({ file, ...(await tryFile({ ...services, takenInBy }, file)) });
      return done(
        tried,
        tried.every(({ refused }) => refused.length === 0),
      );
    }
    const taken = await importCommand({ ...services, takenInBy }, call.words.map(call.path));
    return done(taken, taken.refused.length === 0);
  },
};

const importPersons: Command = {
  name: 'import-persons',
  usage: 'FILE --source NAME',
  options: { source: { type: 'string' } },
  words: [1, 1],
  roles: ['it-clerk', 'policy-officer'],
  folder: 'opened',
  run: async (call, services, callers) => {
    const source = textOption(call, 'source');
    if (source === undefined) {
      return wrongUsage('请用 --source 写明名单来源。', 'Name the register with --source.');
    }
    const file = call.path(call.words[0] ?? '');
    const takenInBy = callerIn(callers).userId;
    const taken = await importPersonsCommand({ ...services, takenInBy }, { file, source });
    if (!taken.ok) return refusedWith(taken.refusal);
    const { conflicting, refused } = taken.value;
    return done(taken.value, conflicting.length === 0 && refused.length === 0);
  },
};

const importCards: Command = {
  name: 'import-cards',
  usage: 'FILE --source NAME',
  options: { source: { type: 'string' } },
  words: [1, 1],
  roles: ['it-clerk'],
  folder: 'opened',
  run: async (call, services, callers) => {
    const source = textOption(call, 'source')?.trim() ?? '';
    if (source === '') {
      return wrongUsage('请用 --source 写明卡册来源。', 'Name the register with --source.');
    }
    const file = call.path(call.words[0] ?? '');
    const takenInBy = callerIn(callers).userId;
    const taken = await importCardsCommand({ ...services, takenInBy }, { file, source });
    if (!taken.ok) return refusedWith(taken.refusal);
    return done(taken.value, taken.value.refused.length === 0);
  },
};

/** Every command, in the order the contract names them. */
export const commands: readonly Command[] = [
  settle,
  packs,
  checkPacksCommand,
  approvePackCommand,
  importVisits,
  importPersons,
  importCards,
  refusedFilesCommand,
  changedBillsCommand,
  billQuestionsCommand,
  hospitalPushCommand,
  openapiCommand,
  resultsCommand,
  ageingCommand,
  exportListCommand,
  pullCommand,
  templateCommand,
  personQuestionsCommand,
  answerPersonQuestionCommand,
  linkNumberCommand,
  unlinkNumberCommand,
  joinVisitCommand,
  settleVisitCommand,
  cancelCommand,
  approveBusinessDateCommand,
  secondPersonCommand,
  supplementsCommand,
  replayCommand,
  uploadClaims,
  listClaims,
  decideClaimCommand,
  returnsCommand,
  remitCommand,
  remittancesCommand,
  takeBackRemittanceCommand,
  differencesCommand,
  explainDifferenceCommand,
  bookRemittanceLineCommand,
  reconcileCommand,
  closeDayCommand,
  verifyCommand,
  auditCommand,
  verifyAuditCommand,
  backupCommand,
  restoreCommand,
  checkKeyCopyCommand,
  payersSimulator,
  devices,
  readCard,
  makeStatement,
  printReceipt,
  changeSettings,
  usersCommand,
  changePasswordCommand,
  openCommand,
  stopCommand,
];
