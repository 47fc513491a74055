import { join } from 'node:path';

import { checkPacks, type CheckedPack } from '../policy-packs/check-packs.ts';
import { ownPacksFolder } from '../policy-packs/load-packs.ts';
import { makeNewPack } from '../policy-packs/new-pack.ts';
import { answer, done, textOption, wrongUsage, type Command } from './command.ts';

/**
 * `check-packs [DIR] [--mutate]`: whether the packs of a folder are sound; the program's own without one.
 * `check-packs [DIR] --new ID [--like PACK]`: begins one of one's own there, or among those of the data folder; like the
 * national frame where no other is named.
 */
export const checkPacksCommand: Command = {
  name: 'check-packs',
  usage: '[DIR] [--mutate] | [DIR] --new ID [--like PACK]',
  options: { mutate: { type: 'boolean' }, new: { type: 'string' }, like: { type: 'string' } },
  words: [0, 1],
  roles: 'anyone',
  folder: 'none',
  run: async (call) => {
    const {
      words: [folder],
      options,
      path,
      say,
    } = call;
    const [id, like] = [textOption(call, 'new'), textOption(call, 'like')];
    if (id !== undefined || like !== undefined) {
      if (id === undefined || options['mutate'] === true) {
        return wrongUsage(
          '新建政策写 --new 名称，可加 --like 照着哪个政策，不与 --mutate 同用。',
          'A new pack takes --new ID, with --like PACK if wanted, and no --mutate.',
        );
      }
      const into = folder === undefined ? join(call.home, 'policy-packs') : path(folder);
      return answer(await makeNewPack({ id, like: like ?? nationalFrame, into, home: call.home }));
    }
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

/** What holds everywhere, in outline. */
const nationalFrame = 'national-2022';

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
