import { writeSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

import { armCrashPoints } from './base/crash-points.ts';
import { problemInWords } from './app/problem-in-words.ts';
import { openServices } from './app/open-services.ts';
import type { Services } from './app/services.ts';
import { callersOf } from './cli/callers.ts';
import { commands, commandsOfLaterIssues } from './cli/commands.ts';
import { commandRefusal } from './cli/command-refusals.ts';
import { placeWords } from './second-place/second-place-refusals.ts';
import { secretsOf } from './cli/secrets.ts';
import { wrongUsage, type Command, type CommandAnswer, type CommandCall } from './cli/command.ts';

/**
 * The IT clerk's and policy officer's command line: one JSON document on standard output, everything for
 * people on standard error; exit 0 done, 1 refused or failed, 2 wrong usage.
 */
export async function runCommandLine(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help') {
    process.stderr.write(usageOfAll());
    return name === undefined ? 2 : 0;
  }
  if (commandsOfLaterIssues.includes(name)) return answerWith(notBuiltYet(name));
  const command = commands.find((each) => each.name === name);
  if (command === undefined) return answerWith(unknownCommand(name));
  armCrashPoints(environment);
  return answerWith(await runCommand(command, rest, environment));
}

async function runCommand(
  command: Command,
  rest: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<CommandAnswer> {
  const read = readCall(command, rest, environment);
  if ('kind' in read) return read;
  const { call, wanted, whenMissing } = read;
  if (command.folder === 'none') return command.run(call);
  const opened = await openServices({
    home: call.home,
    wanted,
    whenMissing,
    environment,
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
  } catch (problem) {
    const known = problemInWords(problem);
    if (known === null) throw problem;
    return { kind: 'refused', refusal: known };
  } finally {
    await opened.value.close();
  }
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

const commonOptions = {
  home: { type: 'string' },
  demo: { type: 'boolean' },
  init: { type: 'boolean' },
} as const;

/** How a command that opens a folder is told who runs it. */
function peopleOptions({ folder, secondPerson }: Command): ParseArgsOptionsConfig {
  if (folder === 'none') return {};
  return {
    as: { type: 'string' },
    'password-stdin': { type: 'boolean' },
    ...(secondPerson === undefined ? {} : { 'approved-by': { type: 'string' } }),
  };
}

type ReadCall = {
  readonly call: CommandCall;
  readonly wanted: 'demo' | 'live' | null;
  readonly whenMissing: 'refuse' | 'make-demo' | 'make-live';
};

const sayLine = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

function readCall(
  command: Command,
  rest: readonly string[],
  environment: NodeJS.ProcessEnv,
): ReadCall | CommandAnswer {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...rest],
      options: { ...commonOptions, ...peopleOptions(command), ...command.options },
      allowPositionals: true,
    });
  } catch (problem) {
    return usageOf(command, problem instanceof Error ? problem.message : String(problem));
  }
  const { positionals, values } = parsed;
  const [fewest, most] = command.words;
  if (positionals.length < fewest || positionals.length > most) return usageOf(command, '');
  if (values.demo === true && values.init === true) {
    return usageOf(command, '--demo 与 --init 只能选一个 (--demo and --init exclude each other)');
  }
  const from = environment['INIT_CWD'] ?? process.cwd();
  const path = (given: string): string => resolve(from, given);
  return {
    call: {
      words: positionals,
      options: values,
      path,
      home:
        typeof values.home === 'string' ? path(values.home) : join(homedir(), '.settlement-window'),
      environment,
      secrets: secretsOf({
        fromStandardInput: (values as CommandCall['options'])['password-stdin'] === true,
        say: sayLine,
      }),
      say: sayLine,
    },
    wanted: values.demo === true ? 'demo' : values.init === true ? 'live' : null,
    whenMissing: values.demo === true ? 'make-demo' : values.init === true ? 'make-live' : 'refuse',
  };
}

/** Writes the one document and says how to exit. Written at once: an acknowledgement must not wait in a buffer. */
function answerWith(answer: CommandAnswer): number {
  switch (answer.kind) {
    case 'done':
      writeAll(`${JSON.stringify(answer.json, null, 2)}\n`);
      return answer.allWell ? 0 : 1;
    case 'ended':
      return answer.exitCode;
    case 'refused':
    case 'wrong-usage':
      writeAll(`${JSON.stringify({ error: answer.refusal }, null, 2)}\n`);
      return answer.kind === 'refused' ? 1 : 2;
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

function usageOf(command: Command, why: string): CommandAnswer {
  const line = `${command.name} ${command.usage}`.trim();
  return wrongUsage(
    `命令写法不对${why === '' ? '' : `（${why}）`}。写法：${line}`,
    `Wrong usage${why === '' ? '' : ` (${why})`}. Usage: ${line}`,
  );
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

if (import.meta.main) {
  // Not by running out: a thread that a share lets hang would keep the program for ever.
  process.exit(await runCommandLine(process.argv.slice(2), process.env));
}
