import { join } from 'node:path';

import { checkPacks, type CheckedPack } from '../policy-packs/check-packs.ts';
import { folderExists, openDataFolder } from '../app/data-folder.ts';
import { openFolderStore } from '../app/open-folder-store.ts';
import { problemInWords } from '../app/problem-in-words.ts';
import { approvalSummary, type ApprovalSummary } from '../policy-packs/approval-summary.ts';
import { loadPacks, ownPacksFolder } from '../policy-packs/load-packs.ts';
import { nameOf } from '../policy-packs/prepare-pack.ts';
import { makeNewPack } from '../policy-packs/new-pack.ts';
import { answer, done, textOption, wrongUsage, type Command, type CommandCall } from './command.ts';

/**
 * `check-packs [DIR] [--mutate]`: whether the packs of a folder are sound; the program's own without one. Where there is a
 * data folder that opens, how each stands there: prepared, approved, by whom and when.
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
    const checkedFolder = folder === undefined ? ownPacksFolder() : path(folder);
    const checked = await checkPacks(checkedFolder, {
      mutate: options['mutate'] === true,
      progress: (pack) => {
        say(lineOf(pack));
        sayMissing(pack, say);
      },
    });
    say(`${((performance.now() - began) / 1000).toFixed(1)} s`);
    const approvals = await approvalsIn(call, checkedFolder);
    const packs = checked.packs.map((pack) => {
      const approval = approvals.get(`${pack.id}@${pack.version}`);
      return approval === undefined ? pack : { ...pack, approval };
    });
    return done({ ...checked, packs }, checked.ok);
  },
};

/** How the packs of a folder stand in the data folder, by name; none where there is no data folder that opens. */
async function approvalsIn(
  { home, environment, say }: CommandCall,
  folder: string,
): Promise<ReadonlyMap<string, ApprovalSummary>> {
  if (!folderExists(home)) return new Map();
  const opened = openDataFolder(home, null, environment);
  if (!opened.ok) {
    say(`没有列出批准情况：${opened.refusal.message.zh}`);
    return new Map();
  }
  try {
    const onAnchorFault = (): undefined => undefined;
    const store = await openFolderStore(opened.value, { mustExist: true, onAnchorFault });
    try {
      const acts = await store.read(({ packActs }) => packActs.list());
      const { packs } = await loadPacks({ folders: [folder] });
      const { kind } = opened.value;
      return new Map(
        packs.map((pack) => [nameOf(pack), approvalSummary(acts, pack, kind)] as const),
      );
    } finally {
      await store.close();
    }
  } catch (problem) {
    const known = problemInWords(problem);
    if (known === null) throw problem;
    say(`没有列出批准情况：${known.message.zh}`);
    return new Map();
  }
}

/** What holds everywhere, in outline. */
const nationalFrame = 'national-2022';

/** Which changes no case notices, and the cases that would: to be copied, worked out and checked again. */
function sayMissing({ mutation }: CheckedPack, say: CommandCall['say']): void {
  if (mutation === undefined) return;
  const { survivors, missing, equivalents } = mutation;
  const grouped = new Set(missing.flatMap(({ notices }) => notices));
  for (const { message, yaml, notices } of missing) {
    say(`\n${message.zh}`);
    for (const index of notices) {
      const survivor = survivors[index];
      if (survivor !== undefined)
        say(`  ${placeOf(survivor)} ${survivor.before} → ${survivor.after}`);
    }
    say(yaml);
  }
  for (const [index, survivor] of survivors.entries()) {
    if (!grouped.has(index))
      say(`\n${placeOf(survivor)} ${survivor.message.zh}。${survivor.remedy.zh}`);
  }
  for (const { path, because, tried } of equivalents) {
    say(`  ${path} 看不出不同：${because.zh}（试了 ${String(tried)} 次就诊）`);
  }
}

const placeOf = ({ line, path }: { readonly line: number; readonly path: string }): string =>
  `第 ${String(line)} 行 ${path}`;

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
