import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';

import { roles, type Role } from '../../shared/contracts/contract.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { fen } from '../../shared/money/fen.ts';
import { fenFromYuanText, yuanTextFromFen, yuanTextPattern } from '../../shared/money/yuan-text.ts';
import { readNamedFile } from '../base/foreign-folder.ts';
import { certificateBytesMax } from '../security/client-certificate.ts';
import { setCertificate } from '../security/set-certificate.ts';
import { changePassword } from '../security/change-password.ts';
import { changeUser } from '../security/change-user.ts';
import { endUser } from '../security/end-user.ts';
import { listUsers, type ListedUser } from '../security/list-users.ts';
import { makeUser, type Training } from '../security/make-user.ts';
import { resetPassword, unlockUser } from '../security/reset-password.ts';
import { securityRefusal } from '../security/security-refusals.ts';
import { userParts } from './callers.ts';
import { commandRefusal } from './command-refusals.ts';
import {
  answer,
  done,
  refusedWith,
  textOption,
  type Command,
  type CommandAnswer,
  type CommandCall,
} from './command.ts';
import { commandOfActs, wrongUse, type ActCall } from './command-of-acts.ts';
import { askPin, userVariable } from './secrets.ts';

const usage =
  '[list] | add ID --name NAME --role ROLE [--trainee-limit AMOUNT --mentor ID] [--service --secret-out FILE]' +
  ' | change ID [--role ROLE] [--trainee-limit AMOUNT --mentor ID | --no-trainee]' +
  ' | end ID | reset ID [--secret-out FILE] | unlock ID | certificate ID --file CERTIFICATE.pem|--remove';

/** Looks after users: an administrator does, an auditor sees the list. */
export const usersCommand: Command = commandOfActs({
  name: 'users',
  usage,
  options: {
    name: { type: 'string' },
    role: { type: 'string' },
    'trainee-limit': { type: 'string' },
    mentor: { type: 'string' },
    'no-trainee': { type: 'boolean' },
    service: { type: 'boolean' },
    'secret-out': { type: 'string' },
    file: { type: 'string' },
    remove: { type: 'boolean' },
  },
  roles: ['administrator', 'auditor'],
  firstStart: true,
  list: async (services) => (await listUsers(userParts(services))).map(listedJson),
  hindered: ({ folder }) => (folder.kind === 'demo' ? securityRefusal('users-are-demo') : null),
  acts: {
    add: addUser,
    change: changeOne,
    end: ({ services, about, by }) => endUser(userParts(services), { userId: about, by: by() }),
    reset: resetOne,
    certificate: certificateOf,
    unlock: ({ services, about, by }) =>
      unlockUser(userParts(services), { userId: about, by: by() }),
  },
});

const wrongUsers = (): CommandAnswer => wrongUse({ name: 'users', usage });

function listedJson({ training, ...listed }: ListedUser): object {
  return {
    ...listed,
    training:
      training === null
        ? null
        : { limit: yuanTextFromFen(fen(training.limitFen)), mentor: training.mentor },
  };
}

async function addUser({
  call,
  services,
  callers: { by },
  about: userId,
}: ActCall): Promise<CommandAnswer> {
  const [name, role] = [textOption(call, 'name'), textOption(call, 'role')];
  if (name === undefined || !isRole(role)) return wrongUsers();
  const training = trainingIn(call);
  if (training === 'wrong') return wrongUsers();
  const isService = call.options['service'] === true;
  const secretFile = textOption(call, 'secret-out');
  if (isService !== (secretFile !== undefined)) return wrongUsers();
  const password = await newPassword(call, secretFile);
  if (!password.ok) return refusedWith(password.refusal);
  const made = await makeUser(userParts(services), {
    ...{ userId, name, role, password: password.value.text, training: training ?? null },
    ...{ isService, by },
  });
  if (!made.ok) return refusedWith(made.refusal);
  const kept = password.value.keep();
  if (!kept.ok) return refusedWith(kept.refusal);
  return done({ ...made.value.user, isFirst: made.value.isFirst });
}

async function changeOne({ call, services, about: userId, by }: ActCall): Promise<CommandAnswer> {
  const role = textOption(call, 'role');
  const training = call.options['no-trainee'] === true ? null : trainingIn(call);
  if (training === 'wrong') return wrongUsers();
  if (role !== undefined && !isRole(role)) return wrongUsers();
  if (role === undefined && training === undefined) return wrongUsers();
  return answer(
    await changeUser(userParts(services), {
      userId,
      ...(role === undefined ? {} : { role }),
      ...(training === undefined ? {} : { training }),
      by: by(),
    }),
  );
}

async function resetOne({ call, services, about: userId, by }: ActCall): Promise<CommandAnswer> {
  const parts = userParts(services);
  const isService = (await listUsers(parts)).some(
    (each) => each.userId === userId && each.isService,
  );
  const secretFile = textOption(call, 'secret-out');
  if (isService !== (secretFile !== undefined)) return wrongUsers();
  const password = await newPassword(call, secretFile);
  if (!password.ok) return refusedWith(password.refusal);
  const reset = await resetPassword(parts, { userId, password: password.value.text, by: by() });
  if (!reset.ok) return refusedWith(reset.refusal);
  const kept = password.value.keep();
  return kept.ok ? done(reset.value) : refusedWith(kept.refusal);
}

/** Sets the certificate whose key a user shows besides the password, or takes it away. */
async function certificateOf({ call, services, about, by }: ActCall): Promise<CommandAnswer> {
  const file = textOption(call, 'file');
  if ((file === undefined) === (call.options['remove'] !== true)) return wrongUsers();
  let certificate: string | null = null;
  if (file !== undefined) {
    try {
      certificate = readNamedFile(call.path(file), certificateBytesMax).toString('latin1');
    } catch {
      // What cannot be read is no certificate, and is said in the same words.
      certificate = '';
    }
  }
  const wanted = { userId: about, certificate, by: by() };
  return answer(await setCertificate(userParts(services), wanted));
}

type NewPassword = {
  readonly text: string;
  /** Once it counts: writes a program's secret to its file. */
  readonly keep: () => Result<null, 'cannot-write-file'>;
};

/** A password from the caller; for a program a secret of this program's own, which nobody needs to know. */
async function newPassword(
  call: CommandCall,
  secretFile: string | undefined,
): Promise<Result<NewPassword, 'cannot-write-file' | 'password-not-given'>> {
  if (secretFile !== undefined) {
    const file = call.path(secretFile);
    const text = randomBytes(32).toString('base64url');
    const write = (content: string, flag: 'wx' | 'r+'): Result<null, 'cannot-write-file'> => {
      try {
        writeFileSync(file, content, { flag, mode: 0o600 });
        return accepted(null);
      } catch (problem) {
        const why =
          problem instanceof Error && 'code' in problem ? String(problem.code) : 'unknown';
        return refused(commandRefusal('cannot-write-file', { file, why }));
      }
    };
    // Made first, empty and nobody else's: a secret that counts must not be lost because its file cannot be written.
    const made = write('', 'wx');
    return made.ok ? accepted({ text, keep: () => write(`${text}\n`, 'r+') }) : made;
  }
  const first = await call.secrets.next('新密码（不显示）：');
  const isTyped = call.options['password-stdin'] !== true;
  const again = isTyped && first !== null ? await call.secrets.next('再输入一次：') : first;
  if (first === null || first !== again)
    return refused(commandRefusal('password-not-given', { place: '--password-stdin' }));
  return accepted({ text: first, keep: () => accepted(null) });
}

function trainingIn(call: CommandCall): Training | undefined | 'wrong' {
  const [limit, mentor] = [textOption(call, 'trainee-limit'), textOption(call, 'mentor')];
  if (limit === undefined && mentor === undefined) return undefined;
  if (limit === undefined || mentor === undefined || !yuanTextPattern.test(limit)) return 'wrong';
  const limitFen = fenFromYuanText(limit);
  return limitFen < 0 ? 'wrong' : { limitFen, mentor };
}

const isRole = (text: string | undefined): text is Role =>
  (roles as readonly (string | undefined)[]).includes(text);

/** Changes one's own password: the old one is asked for, then the new. */
export const changePasswordCommand: Command = {
  name: 'change-password',
  usage: '--as USER [--password-stdin]',
  words: [0, 0],
  // It asks for the password itself, also for one that must be changed first.
  roles: 'anyone',
  folder: 'opened',
  run: async (call, services) => {
    const userId = textOption(call, 'as') ?? call.environment[userVariable];
    if (userId === undefined)
      return refusedWith(commandRefusal('user-not-named', { place: '--as' }));
    if (services.folder.kind === 'demo') return refusedWith(securityRefusal('users-are-demo'));
    const password = await call.secrets.next(`${userId} 现在的密码（不显示）：`);
    if (password === null)
      return refusedWith(commandRefusal('password-not-given', { place: '--as' }));
    const next = await newPassword(call, undefined);
    if (!next.ok) return refusedWith(next.refusal);
    return answer(
      await changePassword(userParts(services), {
        ...{ userId, password, newPassword: next.value.text, from: 'command change-password' },
        askPin: () => askPin(call, userId),
      }),
    );
  },
};
