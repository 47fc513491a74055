import type { Refusal, Result } from '../../shared/domain/result.ts';
import type { Services } from '../app/services.ts';
import type { User } from '../security/users.ts';
import {
  answer,
  callerIn,
  done,
  refusedWith,
  wrongUsage,
  type Callers,
  type Command,
  type CommandAnswer,
  type CommandCall,
} from './command.ts';

/** An act of a command, as it was called: what it is about is the second word. */
export type ActCall = {
  readonly call: CommandCall;
  readonly services: Services;
  readonly callers: Callers;
  readonly about: string;
  /** Who signed in; a first start has nobody yet, and its one act does not ask. */
  readonly by: () => User;
};

/** What an act gives: what came of it, or an answer of its own. */
type Act = (given: ActCall) => Promise<Result<unknown> | CommandAnswer>;

type CommandOfActs = Pick<Command, 'name' | 'usage' | 'options' | 'roles' | 'firstStart'> & {
  /** What it answers without words, or to `list`. */
  readonly list: (services: Services, by: () => User) => Promise<unknown>;
  readonly acts: Readonly<Record<string, Act>>;
  /** Why no act is done in this folder; null: they are. */
  readonly hindered?: (services: Services) => Refusal | null;
};

/** A command that lists something, or does what its first word says to what the second names. */
export function commandOfActs({ list, acts, hindered, ...stated }: CommandOfActs): Command {
  const known = new Map(Object.entries(acts));
  return {
    ...stated,
    words: [0, 2],
    folder: 'opened',
    run: async (call, services, callers) => {
      const [word = 'list', about] = call.words;
      const by = () => callerIn(callers);
      if (word === 'list' && about === undefined) return done(await list(services, by));
      const act = known.get(word);
      if (act === undefined || about === undefined) return wrongUse(stated);
      const why = hindered?.(services) ?? null;
      if (why !== null) return refusedWith(why);
      const given = { call, services, callers, about, by };
      const outcome = await act(given);
      return 'kind' in outcome ? outcome : answer(outcome);
    },
  };
}

/** How the command is written, where it was written otherwise. */
export function wrongUse({ name, usage }: Pick<Command, 'name' | 'usage'>): CommandAnswer {
  return wrongUsage(`命令写法不对。写法：${name} ${usage}`, `Wrong usage. Usage: ${name} ${usage}`);
}
