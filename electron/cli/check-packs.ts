import { checkPacks, type CheckedPack } from '../policy-packs/check-packs.ts';
import { ownPacksFolder } from '../policy-packs/load-packs.ts';
import { done, type Command } from './command.ts';

/** `check-packs [DIR] [--mutate]`: whether the packs of a folder are sound; the program's own without one. */
export const checkPacksCommand: Command = {
  name: 'check-packs',
  usage: '[DIR] [--mutate]',
  options: { mutate: { type: 'boolean' } },
  words: [0, 1],
  roles: 'anyone',
  folder: 'none',
  run: async ({ words: [folder], options, path, say }) => {
    const began = performance.now();
    const checked = await checkPacks(folder === undefined ? ownPacksFolder() : path(folder), {
      mutate: options['mutate'] === true,
      progress: (pack) => {
        say(lineOf(pack));
      },
    });
    say(`${((performance.now() - began) / 1000).toFixed(1)} s`);
    return done(checked, checked.ok);
  },
};

/** A pack in one line, for whoever waits. */
function lineOf({ id, version, ok, cases, failed, problems, mutation }: CheckedPack): string {
  const tried =
    mutation === undefined
      ? ''
      : `, ${String(mutation.killed)} of ${String(mutation.total)} changes noticed`;
  const found = problems.length === 0 ? '' : `, ${String(problems.length)} problems`;
  const state = ok ? 'ok' : 'NOT OK';
  return `${id}@${version} ${state}: ${String(cases)} cases, ${String(failed)} failed${found}${tried}`;
}
