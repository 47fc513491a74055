import { z } from 'zod';

import { auditRefusal } from '../audit/audit-refusals.ts';
import { exportAudit } from '../audit/export-audit.ts';
import { auditLists, readAudit, type AuditQuestion } from '../audit/read-audit.ts';
import { verifyAudit } from '../audit/verify-audit.ts';
import { keyIn, readKeyFile } from '../app/data-folder.ts';
import { folderRefusal } from '../app/folder-refusals.ts';
import { readNamedFile, whyNot } from '../base/foreign-folder.ts';
import {
  answer,
  callerIn,
  done,
  refusedWith,
  textOption,
  wrongUsage,
  type Command,
} from './command.ts';

const questions = ['who', 'act', 'about', 'patient', 'from', 'until', 'list'] as const;

/**
 * Who did what: by user, thing, patient and day, or one of the lists; or all of it into a file. A supervisor reads what the
 * own team did, and exports nothing.
 */
export const auditCommand: Command = {
  name: 'audit',
  usage: `[--who USER] [--about ID] [--patient ID-NUMBER] [--act ACT] [--from D] [--until D] [--list ${auditLists.join('|')}] | --export FILE`,
  options: {
    ...Object.fromEntries(questions.map((name) => [name, { type: 'string' }] as const)),
    export: { type: 'string' },
  },
  words: [0, 0],
  roles: ['auditor', 'supervisor'],
  usual: 'auditor1',
  folder: 'opened',
  run: async (call, services, callers) => {
    const by = callerIn(callers);
    const question: AuditQuestion = Object.fromEntries(
      questions.flatMap((name) => {
        const text = textOption(call, name);
        return text === undefined ? [] : [[name, text]];
      }),
    );
    for (const name of ['from', 'until'] as const) {
      const day = question[name];
      if (day !== undefined && !z.iso.date().safeParse(day).success) {
        return wrongUsage(
          `--${name} 应为日期，如 2017-01-01。`,
          `--${name} is a day such as 2017-01-01.`,
        );
      }
    }
    const file = textOption(call, 'export');
    if (file === undefined) return answer(await readAudit(services, question, by));
    if (Object.keys(question).length > 0) {
      return wrongUsage(
        '--export 导出全部记录，不能与其他条件同用。',
        '--export writes the whole audit and takes no question.',
      );
    }
    return answer(await exportAudit(services, { file: call.path(file), by }));
  },
};

/** More than a hospital's thirty years. */
const exportBytesMax = 1024 * 1024 * 1024 + 65_536;

/** Checks an export, without the folder it is of. */
export const verifyAuditCommand: Command = {
  name: 'verify-audit',
  usage: 'FILE [--digest HEX] [--key FILE]',
  options: { digest: { type: 'string' }, key: { type: 'string' } },
  words: [1, 1],
  roles: 'anyone',
  folder: 'none',
  run: (call) => {
    const digest = textOption(call, 'digest') ?? null;
    if (digest !== null && !/^[0-9a-f]{64}$/i.test(digest)) {
      return Promise.resolve(
        wrongUsage('--digest 是 64 位十六进制。', '--digest is 64 hexadecimal digits.'),
      );
    }
    const keyFile = textOption(call, 'key');
    const content = keyFile === undefined ? null : readKeyFile(call.path(keyFile));
    const folderKey = content === null ? null : keyIn(content);
    if (keyFile !== undefined && folderKey === null) {
      return Promise.resolve(
        refusedWith(folderRefusal('key-missing', { file: call.path(keyFile) })),
      );
    }
    const file = call.path(call.words[0] ?? '');
    try {
      const check = verifyAudit(readNamedFile(file, exportBytesMax), { digest, folderKey });
      return Promise.resolve(done(check, check.ok));
    } catch (problem) {
      return Promise.resolve(
        refusedWith(auditRefusal('audit-file-unreadable', { file, why: whyNot(problem) })),
      );
    }
  },
};
