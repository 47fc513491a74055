import type { ParseArgsOptionsConfig } from 'node:util';

import type { Role } from '../../shared/contracts/contract.ts';
import type { Refusal, Result } from '../../shared/domain/result.ts';
import type { Services } from '../app/services.ts';
import { commandRefusal, type UsageCode } from './command-refusals.ts';
import type { LeavingNumber } from '../security/show-number.ts';
import type { User } from '../security/users.ts';
import type { Secrets } from './secrets.ts';

/** What a command answers: one JSON document and whether all went well, or a refusal. */
export type CommandAnswer =
  | {
      readonly kind: 'done';
      readonly json: unknown;
      readonly allWell: boolean;
      /** ID numbers that stand in it in full, each with its entry in the audit; no other leaves unmasked. */
      readonly shown: readonly LeavingNumber[];
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'wrong-usage'; readonly refusal: Refusal<UsageCode> }
  /** A program that ran until it was ended; it wrote what it had to say itself. */
  | { readonly kind: 'ended'; readonly exitCode: number };

export function done(
  json: unknown,
  allWell = true,
  shown: readonly LeavingNumber[] = [],
): CommandAnswer {
  return { kind: 'done', json, allWell, shown };
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
  /** The passwords that come with the command, in the order in which they are asked for. */
  readonly secrets: Secrets;
  /** Progress and tables, for people; standard output is for the answer alone. */
  readonly say: (line: string) => void;
};

/** Who runs a command, as signed in; null where the command asks nobody, or nobody is there yet. */
export type Callers = { readonly by: User | null; readonly approvedBy: User | null };

export type Command = {
  readonly name: string;
  /** What stands behind the name, e.g. `VISIT-ID [--tender KIND=AMOUNT]…`. */
  readonly usage: string;
  readonly options?: ParseArgsOptionsConfig;
  /** How many words it takes, at least and at most. */
  readonly words: readonly [number, number];
  /** Who may run it. `anyone`: it neither acts on the books nor shows patients, or signs in by itself. */
  readonly roles: readonly Role[] | 'anyone';
  /** Who runs it in a demo where nobody is named; absent: the usual cashier. */
  readonly usual?: string;
  /** Whose consent it takes besides. */
  readonly secondPerson?: {
    readonly roles: readonly Role[];
    /** In a demo, where nobody is named; absent: nobody. */
    readonly usual?: string;
    /** Asked only where one is named; else always. */
    readonly isOptional?: boolean;
    /** With one of these options nobody stands beside: the consent was given before, or is not to be had. */
    readonly instead?: readonly string[];
  };
  /** May be run in a folder that has no user yet, to make the first. */
  readonly firstStart?: boolean;
  /** A word may be empty and then means something: a setting that is switched off. */
  readonly emptyWords?: boolean;
} & (
  | { readonly folder: 'none'; readonly run: (call: CommandCall) => Promise<CommandAnswer> }
  | {
      readonly folder: 'opened';
      readonly run: (
        call: CommandCall,
        services: Services,
        callers: Callers,
      ) => Promise<CommandAnswer>;
    }
);

/** Who runs a command that asks for somebody. */
export function callerIn({ by }: Callers): User {
  if (by === null) throw new Error('a command that asks for nobody has no caller');
  return by;
}

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
