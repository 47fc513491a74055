import type { ParseArgsOptionsConfig } from 'node:util';

import type { Refusal, Result } from '../../shared/domain/result.ts';
import type { Services } from '../app/services.ts';
import { commandRefusal, type UsageCode } from './command-refusals.ts';

/** What a command answers: one JSON document and whether all went well, or a refusal. */
export type CommandAnswer =
  | { readonly kind: 'done'; readonly json: unknown; readonly allWell: boolean }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'wrong-usage'; readonly refusal: Refusal<UsageCode> }
  /** A program that ran until it was ended; it wrote what it had to say itself. */
  | { readonly kind: 'ended'; readonly exitCode: number };

export function done(json: unknown, allWell = true): CommandAnswer {
  return { kind: 'done', json, allWell };
}

export function refusedWith(refusal: Refusal): CommandAnswer {
  return { kind: 'refused', refusal };
}

/** The answer of an act whose value is the document. */
export function answer(result: Result<unknown>): CommandAnswer {
  return result.ok ? done(result.value) : refusedWith(result.refusal);
}

export function wrongUsage(zh: string, en: string): CommandAnswer {
  return { kind: 'wrong-usage', refusal: commandRefusal('wrong-usage', { zh, en }) };
}

/** The words and options of one call, as read from the command line. */
export type CommandCall = {
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  /** Turns a path of the caller into one of this process (relative to the folder the caller stood in). */
  readonly path: (given: string) => string;
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Progress and tables, for people; standard output is for the answer alone. */
  readonly say: (line: string) => void;
};

export type Command = {
  readonly name: string;
  /** What stands behind the name, e.g. `VISIT-ID [--tender KIND=AMOUNT]…`. */
  readonly usage: string;
  readonly options?: ParseArgsOptionsConfig;
  /** How many words it takes, at least and at most. */
  readonly words: readonly [number, number];
} & (
  | { readonly folder: 'none'; readonly run: (call: CommandCall) => Promise<CommandAnswer> }
  | {
      readonly folder: 'opened';
      readonly run: (call: CommandCall, services: Services) => Promise<CommandAnswer>;
    }
);

/** An option's single text; undefined where it was not given. */
export function textOption(call: CommandCall, name: string): string | undefined {
  const value = call.options[name];
  return typeof value === 'string' ? value : undefined;
}

/** An option that may be given several times. */
export function textOptions(call: CommandCall, name: string): readonly string[] {
  const value = call.options[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}
