import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

import type { Secrets } from './secrets.ts';
import { wrongUsage, type Command, type CommandAnswer, type CommandCall } from './command.ts';

/** The longest path of any system, and longer than any text a clerk writes. */
const wordCharactersMax = 4096;
/** So much of what was typed is said back. */
const echoCharactersMax = 60;

const commonOptions = {
  home: { type: 'string' },
  demo: { type: 'boolean' },
  init: { type: 'boolean' },
} as const;

/** Every option of a command: its own, those of all, and who runs it where it opens a folder. */
export function optionsOf(command: Command): ParseArgsOptionsConfig {
  return { ...commonOptions, ...peopleOptions(command), ...command.options };
}

function peopleOptions({ folder, secondPerson }: Command): ParseArgsOptionsConfig {
  if (folder === 'none') return {};
  return {
    as: { type: 'string' },
    'password-stdin': { type: 'boolean' },
    ...(secondPerson === undefined ? {} : { 'approved-by': { type: 'string' } }),
  };
}

export type ReadCall = {
  readonly call: CommandCall;
  readonly wanted: 'demo' | 'live' | null;
  readonly whenMissing: 'refuse' | 'make-demo' | 'make-live';
};

/**
 * Why words cannot be a command whatever it is: a word that is too long, or holds what nobody can type and no path or
 * name may hold. Null: they can.
 */
export function strangeWord(words: readonly string[]): CommandAnswer | null {
  for (const word of words) {
    if (word.length > wordCharactersMax) {
      const most = String(wordCharactersMax);
      return wrongUsage(
        `有一个参数超过 ${most} 个字：${shortened(word)}。`,
        `A word is longer than ${most} characters: ${shortened(word)}.`,
      );
    }
    if (!word.isWellFormed() || /\p{Cc}/u.test(word)) {
      return wrongUsage(
        `有一个参数含有空字符、控制字符或残缺的文字：${shortened(word)}。`,
        `A word holds the character NUL, control characters or half a character: ${shortened(word)}.`,
      );
    }
  }
  return null;
}

type Heard = {
  readonly say: CommandCall['say'];
  readonly secretsOf: (fromStandardInput: boolean) => Secrets;
};

/** Reads the words of one call after what its command declares. */
export function readCall(
  command: Command,
  rest: readonly string[],
  environment: NodeJS.ProcessEnv,
  { say, secretsOf }: Heard,
): ReadCall | CommandAnswer {
  const options = optionsOf(command);
  let parsed;
  try {
    parsed = parseArgs({ args: [...rest], options, allowPositionals: true, tokens: true });
  } catch (problem) {
    return usageOf(command, shortened(problem instanceof Error ? problem.message : '', 200));
  }
  const { positionals, values, tokens } = parsed;
  const [fewest, most] = command.words;
  if (positionals.length < fewest || positionals.length > most) return usageOf(command, '');
  const given = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const multiple = options[token.name]?.multiple ?? false;
    if (given.has(token.name) && !multiple) {
      return usageOf(command, `--${token.name} 写了两次 (given twice)`);
    }
    given.add(token.name);
    if (token.value === '') return usageOf(command, `--${token.name} 是空的 (is empty)`);
  }
  const mayBeEmpty = command.emptyWords ?? false;
  if (!mayBeEmpty && positionals.includes(''))
    return usageOf(command, '有空的参数 (an empty word)');
  if (values['demo'] === true && values['init'] === true) {
    return usageOf(command, '--demo 与 --init 只能选一个 (--demo and --init exclude each other)');
  }
  const from = environment['INIT_CWD'] ?? process.cwd();
  const path = (word: string): string => resolve(from, word);
  return {
    call: {
      words: positionals,
      // A flag that may be given several times is declared by no command.
      options: values as CommandCall['options'],
      path,
      home:
        typeof values['home'] === 'string'
          ? path(values['home'])
          : join(homedir(), '.settlement-window'),
      environment,
      secrets: secretsOf(values['password-stdin'] === true),
      say,
    },
    wanted: values['demo'] === true ? 'demo' : values['init'] === true ? 'live' : null,
    whenMissing:
      values['demo'] === true ? 'make-demo' : values['init'] === true ? 'make-live' : 'refuse',
  };
}

function usageOf(command: Command, why: string): CommandAnswer {
  const line = `${command.name} ${command.usage}`.trim();
  return wrongUsage(
    `命令写法不对${why === '' ? '' : `（${why}）`}。写法：${line}`,
    `Wrong usage${why === '' ? '' : ` (${why})`}. Usage: ${line}`,
  );
}

/** The beginning of what was typed, fit to be shown: one line, nothing that steers a terminal. */
function shortened(text: string, most = echoCharactersMax): string {
  const shown = text
    .toWellFormed()
    .slice(0, most)
    .replaceAll(/\p{Cc}/gu, '�')
    .toWellFormed();
  return text.length > most ? `${shown}…` : shown;
}
