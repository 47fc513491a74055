import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';

import { allAsShown, asShown } from '../shared/domain/written-text.ts';
import { refused, type Refusal, type Result } from '../shared/domain/result.ts';
import { armCrashPoints } from './base/crash-points.ts';
import { openNoDebugger } from './base/no-debugger.ts';
import { keepFilesPrivate } from './base/private-files.ts';
import { folderExists } from './app/data-folder.ts';
import { folderLog } from './app/folder-log.ts';
import { folderRefusal } from './app/folder-refusals.ts';
import { problemInWords } from './app/problem-in-words.ts';
import { openServices, type OpenServicesOptions } from './app/open-services.ts';
import type { Services } from './app/services.ts';
import { bareNumberIn } from './cli/bare-numbers.ts';
import { callersOf } from './cli/callers.ts';
import { commands, commandsOfLaterIssues } from './cli/commands.ts';
import { commandRefusal } from './cli/command-refusals.ts';
import { readCall, strangeWord, type ReadCall } from './cli/read-call.ts';
import { callRefusal } from './ipc/call-refusals.ts';
import { placeWords } from './second-place/second-place-refusals.ts';
import { secretsOf, type Secrets } from './cli/secrets.ts';
import { wrongUsage, type Command, type CommandAnswer, type CommandCall } from './cli/command.ts';

/**
 * The IT clerk's and policy officer's command line: one JSON document on standard output, everything for
 * people on standard error; exit 0 done, 1 refused or failed, 2 wrong usage.
 */
export async function runCommandLine(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  { write = writeAll, say = sayAloud, open = openServices, secrets }: Partial<Surroundings> = {},
): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help') {
    say(usageOfAll());
    return name === undefined ? 2 : 0;
  }
  try {
    return answerWith(await answerOf({ name, rest, environment, say, open, secrets }), write);
  } catch (problem) {
    // What is written here was not foreseen; it is still one document, and the place of the fault goes to the log.
    return answerWith({ kind: 'refused', refusal: faultOf(problem, null) }, write);
  }
}

/** Where a command line reads and writes; a test has its own. */
export type Surroundings = {
  readonly write: (text: string) => void;
  readonly say: (line: string) => void;
  readonly open: typeof openServices;
  /** Where passwords come from; absent: standard input or the terminal. */
  readonly secrets: Secrets | undefined;
};

type Ask = Omit<Surroundings, 'write'> & {
  readonly name: string;
  readonly rest: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
};

async function answerOf({
  name,
  rest,
  environment,
  say,
  open,
  secrets,
}: Ask): Promise<CommandAnswer> {
  const strange = strangeWord([name, ...rest]);
  if (strange !== null) return strange;
  if (commandsOfLaterIssues.includes(name)) return notBuiltYet(name);
  const command = commands.find((each) => each.name === name);
  if (command === undefined) return unknownCommand(name);
  armCrashPoints(environment);
  const read = readCall(command, rest, environment, {
    say,
    secretsOf: (fromStandardInput) => secrets ?? secretsOf({ fromStandardInput, say }),
  });
  if ('kind' in read) return read;
  try {
    return await runCommand(command, read, open);
  } catch (problem) {
    const { home } = read.call;
    // A command that opens no folder by itself does all it does in one step, at its end.
    const unusable = command.folder === 'none' ? unusableIn(problem, home) : null;
    const refusal = problemInWords(problem) ?? unusable ?? faultOf(problem, home);
    return { kind: 'refused', refusal };
  }
}

async function runCommand(
  command: Command,
  { call, wanted, whenMissing }: ReadCall,
  open: typeof openServices,
): Promise<CommandAnswer> {
  if (command.folder === 'none') return command.run(call);
  const opened = await openFolder(open, {
    home: call.home,
    wanted,
    whenMissing,
    environment: call.environment,
    onProgress: (words) => {
      call.say(words.zh);
    },
  });
  if (!opened.ok) return { kind: 'refused', refusal: opened.refusal };
  try {
    const callers = await callersOf(command, call, opened.value);
    if (!callers.ok) return { kind: 'refused', refusal: callers.refusal };
    const done = await command.run(call, opened.value, callers.value);
    await sayWhetherCopied(call, opened.value);
    return done;
  } finally {
    await opened.value.close();
  }
}

/** Nothing was begun yet: what the system refuses here is a trouble of the folder and says so. */
async function openFolder(
  open: typeof openServices,
  options: OpenServicesOptions,
): Promise<Result<Services>> {
  try {
    return await open(options);
  } catch (problem) {
    const refusal = unusableIn(problem, options.home);
    if (refusal === null) throw problem;
    return refused(refusal);
  }
}

/** What the system or SQLite refused, by its code; null: it is another fault. */
function unusableIn(problem: unknown, home: string): Refusal | null {
  const { code, path } = problem as NodeJS.ErrnoException;
  if (code === undefined || !/^(?:E[A-Z0-9]+|SQLITE_[A-Z_]+)$/.test(code)) return null;
  return folderRefusal('folder-unusable', { place: path ?? home, why: code });
}

/** A fault of the program: a number for the clerk, the place of it in the folder's log. */
function faultOf(problem: unknown, home: string | null): Refusal {
  const number = randomUUID().slice(0, 6);
  if (home !== null && folderExists(home)) {
    const log = folderLog(home);
    log.fault(problem, { number, command: process.argv[2] });
    log.close();
  }
  const why = problem instanceof Error ? problem.name : typeof problem;
  return { ...callRefusal('program-fault', { number }), details: [{ why }] };
}

/** What the command kept is in the second place before it answers, or the clerk is told that it is not. */
async function sayWhetherCopied(
  call: CommandCall,
  { secondPlace }: Pick<Services, 'secondPlace'>,
): Promise<void> {
  try {
    if ((await secondPlace.copied()) !== 'not-yet') return;
    const { problem, waiting } = await secondPlace.state();
    const words = placeWords[problem ?? 'hangs'];
    call.say(
      `已存在本机，但第二存放处还没有（${String(waiting)} 条未存）：${words.what.zh}。${words.remedy.zh}`,
    );
  } catch {
    // What was kept stays kept, whatever nobody can say of the copying.
    call.say(`已存在本机，但不知道第二存放处有没有。${placeWords.failed.remedy.zh}`);
  }
}

/** Writes the one document and says how to exit. Written at once: an acknowledgement must not wait in a buffer. */
function answerWith(answer: CommandAnswer, write: Surroundings['write']): number {
  switch (answer.kind) {
    case 'done':
      assertMasked(answer);
      return written(answer.json, write) ? (answer.allWell ? 0 : 1) : 1;
    case 'ended':
      return answer.exitCode;
    case 'refused':
    case 'wrong-usage':
      written({ error: answer.refusal }, write);
      return answer.kind === 'refused' ? 1 : 2;
  }
}

function assertMasked({ json, shown }: Extract<CommandAnswer, { kind: 'done' }>): void {
  const place = bareNumberIn(json, shown);
  if (place !== null) throw new Error(`an ID number would leave in full and unaudited: ${place}`);
}

/** Whether the document is out. The act it tells of is done all the same, and the books have it. */
function written(json: unknown, write: Surroundings['write']): boolean {
  try {
    write(`${JSON.stringify(allAsShown(json), null, 2)}\n`);
    return true;
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException;
    sayAloud(
      `命令已执行，但结果写不到标准输出（${String(code)}）；请到窗口或用 verify 核对，不要当成没有做。`,
    );
    return false;
  }
}

function writeAll(text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(1, bytes, written);
    } catch (problem) {
      // A full pipe says "later"; a reader that went away is no fault of the command.
      const { code } = problem as NodeJS.ErrnoException;
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw problem;
    }
  }
}

/** For people; where nobody listens any more nothing is lost. */
function sayAloud(line: string): void {
  try {
    writeSync(2, `${asShown(line)}\n`);
  } catch {
    // A full pipe, a closed one or a full disk: the document on standard output is what counts.
  }
}

function unknownCommand(name: string): CommandAnswer {
  const known = commands.map((each) => each.name).join(' ');
  return wrongUsage(
    `没有这个命令：${name}。可用的命令：${known}`,
    `There is no command ${name}. Commands: ${known}`,
  );
}

function notBuiltYet(name: string): CommandAnswer {
  return { kind: 'wrong-usage', refusal: commandRefusal('not-built-yet', { name }) };
}

function usageOfAll(): string {
  const lines = commands.map((each) => `  ${each.name} ${each.usage}`);
  return `命令 (commands):\n${lines.join('\n')}\n共用选项 (common): --home DIR  --demo  --init  --as USER  --password-stdin\n`;
}

/** The whole program of the command line: what it makes is its user's alone, and it always ends with one document. */
export async function commandLineProgram(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<never> {
  keepFilesPrivate();
  openNoDebugger();
  // A promise that nobody waited for, or a listener that threw: still one document and no more.
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (problem: unknown) => {
      process.exit(answerWith({ kind: 'refused', refusal: faultOf(problem, null) }, writeAll));
    });
  }
  // Not by running out: a thread that a share lets hang would keep the program for ever.
  process.exit(await runCommandLine(argv, environment));
}

if (import.meta.main) await commandLineProgram(process.argv.slice(2), process.env);
