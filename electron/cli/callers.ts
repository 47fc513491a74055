import { accepted, refused, type Refusal, type Result } from '../../shared/domain/result.ts';
import { folderExists, openDataFolder } from '../app/data-folder.ts';
import { openServices } from '../app/open-services.ts';
import type { Services } from '../app/services.ts';
import { securityRefusal } from '../security/security-refusals.ts';
import { noteNotLetIn, signIn } from '../security/sign-in.ts';
import { usualPasswordHasher, type PasswordHasher } from '../security/password-hasher.ts';
import { nobody } from '../security/user-names.ts';
import type { UserParts } from '../security/user-parts.ts';
import { findDemoUser, usualUserId, type User } from '../security/users.ts';
import { commandRefusal } from './command-refusals.ts';
import { textOption, type Callers, type Command, type CommandCall } from './command.ts';
import { askPin, passwordFileVariable, secretInFile, userVariable } from './secrets.ts';

/** What acts on users need, of an open folder. */
export function userParts(
  { store, clock, folder }: Services,
  hasher: PasswordHasher = usualPasswordHasher(),
): UserParts {
  return { store, clock, folder, hasher };
}

/** Passwords are said to end soon from so many days before. */
const daysLeftToSay = 14;

type OpenedCommand = Extract<Command, { readonly folder: 'opened' }>;

/**
 * Who runs a command, and the second person it names. A demo believes the names. In a live folder each of the two signs in
 * with the own password; who does not, or whose role may not, is refused and stands in the audit.
 */
export async function callersOf(
  command: OpenedCommand,
  call: CommandCall,
  services: Services,
  hasher?: PasswordHasher,
): Promise<Result<Callers>> {
  if (services.folder.kind === 'demo') return callersOfDemo(command, call);
  const parts = userParts(services, hasher);
  const isAnybody = await services.store.read(({ users }) => users.isAnybody());
  if (!isAnybody) {
    // Where the books are gone nobody is missing: what is missing is said, and no first person is made in their place.
    const gone = services.store.readingOnly();
    if (gone !== null) return refused(gone);
    return command.firstStart === true && call.words[0] === 'add'
      ? accepted({ by: null, approvedBy: null })
      : refused(securityRefusal('administrator-missing'));
  }
  if (command.roles === 'anyone') return accepted({ by: null, approvedBy: null });
  const named = textOption(call, 'as') ?? call.environment[userVariable];
  const by = await personOf(parts, command, call, { named, option: 'as', roles: command.roles });
  if (!by.ok) return by;
  const { secondPerson } = command;
  const second = textOption(call, 'approved-by');
  const isUnasked = secondPerson?.isOptional === true && second === undefined;
  if (secondPerson === undefined || isUnasked || isWithout(secondPerson, call))
    return accepted({ by: by.value, approvedBy: null });
  const approvedBy = await personOf(parts, command, call, {
    ...{ named: second, option: 'approved-by', roles: secondPerson.roles },
  });
  return approvedBy.ok ? accepted({ by: by.value, approvedBy: approvedBy.value }) : approvedBy;
}

/** The demo's users are who they say; the usual ones where nobody is named. */
function callersOfDemo(command: OpenedCommand, call: CommandCall): Result<Callers> {
  const { roles, usual = usualUserId, secondPerson } = command;
  const by = demoUserOf(call, 'as', usual, roles);
  if (!by.ok) return by;
  if (secondPerson === undefined || isWithout(secondPerson, call))
    return accepted({ by: by.value, approvedBy: null });
  const usualSecond = secondPerson.usual;
  if (textOption(call, 'approved-by') === undefined && usualSecond === undefined)
    return accepted({ by: by.value, approvedBy: null });
  const approvedBy = demoUserOf(call, 'approved-by', usualSecond ?? '', secondPerson.roles);
  return approvedBy.ok ? accepted({ by: by.value, approvedBy: approvedBy.value }) : approvedBy;
}

function isWithout(
  { instead = [] }: NonNullable<OpenedCommand['secondPerson']>,
  call: CommandCall,
): boolean {
  return instead.some((option) => call.options[option] !== undefined);
}

function demoUserOf(
  call: CommandCall,
  option: string,
  usual: string,
  roles: Command['roles'],
): Result<User, 'user-unknown' | 'not-allowed'> {
  const named = textOption(call, option);
  const userId = named ?? usual;
  const user = findDemoUser(userId);
  const place = `--${option}`;
  if (user === null) return refused(securityRefusal('user-unknown', { userId, place }));
  // The usual user of a demo runs every command, as ever: it is for trying them.
  if (named === undefined || roles === 'anyone' || roles.includes(user.role)) return accepted(user);
  return refused(securityRefusal('not-allowed', { name: user.name, place }));
}

type Asked = {
  readonly named: string | undefined;
  readonly option: 'as' | 'approved-by';
  readonly roles: Exclude<Command['roles'], 'anyone'>;
};

async function personOf(
  parts: UserParts,
  command: OpenedCommand,
  call: CommandCall,
  { named, option, roles }: Asked,
): Promise<Result<User>> {
  const from = `command ${command.name}`;
  const place = `--${option}`;
  const notLetIn = async (refusal: Refusal, why: string, userId = nobody) => {
    await noteNotLetIn(parts, { userId, why, from });
    return refused(refusal);
  };
  if (named === undefined || named === '')
    return notLetIn(commandRefusal('user-not-named', { place }), 'unnamed');
  const password = await passwordOf(call, option, named);
  if (!password.ok) return notLetIn(password.refusal, 'no-password-given');
  const signedIn = await signIn(parts, {
    ...{ userId: named, password: password.value, from },
    // A program's secret comes from a file, and nobody sits there to be asked.
    askPin: () => (password.isTyped ? askPin(call, named) : Promise.resolve(null)),
  });
  if (!signedIn.ok) return refused({ ...signedIn.refusal, place });
  const { user, mustChange, daysLeft } = signedIn.value;
  if (mustChange !== null)
    return notLetIn(securityRefusal('password-must-change'), 'must-change', user.userId);
  if (!roles.includes(user.role))
    return notLetIn(
      securityRefusal('not-allowed', { name: user.name, place }),
      'not-allowed',
      user.userId,
    );
  if (daysLeft !== null && daysLeft <= daysLeftToSay)
    call.say(`${user.name} 的密码还有 ${String(daysLeft)} 天到期，请用 change-password 修改。`);
  return accepted(user);
}

/** A password from where the caller put it; of a second person never from the file of a program's account. */
async function passwordOf(
  call: CommandCall,
  option: 'as' | 'approved-by',
  named: string,
): Promise<
  Result<string, 'password-file-unsafe' | 'password-not-given'> & { readonly isTyped: boolean }
> {
  const file = call.environment[passwordFileVariable];
  const isPiped = call.options['password-stdin'] === true;
  if (option === 'as' && !isPiped && file !== undefined && file !== '')
    return { ...secretInFile(file, call.home), isTyped: false };
  const typed = await call.secrets.next(`${named} 的密码（不显示）：`);
  if (typed === null)
    return {
      ...refused(commandRefusal('password-not-given', { place: `--${option}` })),
      isTyped: true,
    };
  return { ...accepted(typed), isTyped: true };
}

/**
 * Who runs a command that opens no folder by itself: as the folder knows them where it can be opened. Where it cannot, or
 * is not there, nobody can be asked; the key is then what lets in, and the entry says so.
 */
export async function callersOfHome(command: Command, call: CommandCall): Promise<Result<string>> {
  const named = textOption(call, 'as') ?? call.environment[userVariable];
  const usual = command.usual ?? usualUserId;
  const folder = folderExists(call.home) ? openDataFolder(call.home, null, call.environment) : null;
  if (folder?.ok !== true) return accepted(byKeyAlone(named));
  const asking = askingOnly(command);
  const opened = await openServices({
    ...{ home: call.home, wanted: null, whenMissing: 'refuse', environment: call.environment },
  });
  if (!opened.ok) {
    // Somebody has it at this moment: that ends, and then the person can be asked. And a live folder that calls itself a demo
    // would ask nobody.
    if (['busy', 'folder-kind-differs'].includes(opened.refusal.code)) return opened;
    if (folder.value.kind === 'demo') return userIn(callersOfDemo(asking, call), usual);
    call.say('数据打不开，无法核对是谁：凭密钥继续，记录里写明只凭密钥、没有核对是谁。');
    return accepted(byKeyAlone(named));
  }
  try {
    return userIn(await callersOf(asking, call, opened.value), usual);
  } finally {
    await opened.value.close();
  }
}

/** Nobody could be asked: no act is in the name of a user who may know nothing of it, and the name that was given is kept. */
const byKeyAlone = (named: string | undefined): string =>
  named === undefined ? 'by-key' : `by-key:${named}`;

const userIn = (callers: Result<Callers>, usual: string): Result<string> =>
  callers.ok ? accepted(callers.value.by?.userId ?? usual) : callers;

/** A command that opens its folder by itself, to ask who runs it. */
export function askingOnly(command: Command): OpenedCommand {
  return { ...command, folder: 'opened', run: neverRun };
}

function neverRun(): never {
  throw new Error('it is only asked who runs it');
}
