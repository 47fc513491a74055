import { z } from 'zod';
import { declareProblems, type PackProblem, type ProblemCodeOf } from './pack-problem.ts';

/**
 * What became different with a version. `new`: the first one. `law`: the rules themselves were changed. `reading`: we
 * had read the source wrongly, or further than it reaches. `assumption`: what was assumed is known, or assumed
 * otherwise. `words`: names and reasons; no amount can come out differently.
 */
export const changeKinds = ['new', 'law', 'reading', 'assumption', 'words'] as const;

const day = z.iso.date();
const words = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });

const entrySchema = z.strictObject({
  version: z.string().min(1),
  kind: z.enum(changeKinds),
  /** Days of discharge that may come out differently; `until` is the first day that does not. */
  concerns: z.strictObject({ from: day, until: day.nullable() }),
  /** The documents it goes back to, by their ids in the pack. */
  sources: z.array(z.string().min(1)).min(1),
  what: words,
});

/** The changelog of a pack: one entry a version, the newest first. */
export const packChangelogSchema = z.array(entrySchema).min(1);
export type PackChangelog = z.infer<typeof packChangelogSchema>;

/** What a changelog is held against: one version of the pack it is of. */
export type ChangedPack = {
  readonly version: string;
  readonly sources: readonly { readonly id: string }[];
};

/** What is wrong with a changelog beside the versions there are; the paths are those of the changelog. */
export function problemsOfChangelog(
  data: unknown,
  versions: readonly ChangedPack[],
): readonly PackProblem<ChangelogCode>[] {
  const read = packChangelogSchema.safeParse(data);
  if (!read.success) {
    return read.error.issues.map(({ path, message }) =>
      changelogProblem(
        path.filter((part) => typeof part !== 'symbol'),
        'changelog-form',
        { message },
      ),
    );
  }
  const entries = read.data;
  const missing = versions.filter(
    ({ version }) => !entries.some((entry) => entry.version === version),
  );
  return [
    ...missing.map(({ version }) => changelogProblem([], 'changelog-lacks-version', { version })),
    ...entries.flatMap((entry, index) => problemsOfEntry(entry, index, entries, versions)),
  ];
}

function problemsOfEntry(
  { version, concerns, sources }: PackChangelog[number],
  index: number,
  entries: PackChangelog,
  versions: readonly ChangedPack[],
): PackProblem<ChangelogCode>[] {
  const problems: PackProblem<ChangelogCode>[] = [];
  if (entries.findIndex((entry) => entry.version === version) !== index) {
    problems.push(changelogProblem([index, 'version'], 'changelog-version-twice', { version }));
  }
  if (concerns.until !== null && concerns.until <= concerns.from) {
    problems.push(changelogProblem([index, 'concerns'], 'changelog-dates'));
  }
  const pack = versions.find((each) => each.version === version);
  for (const [place, source] of sources.entries()) {
    if (pack === undefined || pack.sources.some(({ id }) => id === source)) continue;
    problems.push(
      changelogProblem([index, 'sources', place], 'changelog-source', { version, source }),
    );
  }
  return problems;
}

const changelogProblem = declareProblems({
  'changelog-form': ({ message }: { readonly message: string }) => [
    `更改记录写法不对：${message}`,
    `not the form of a changelog: ${message}`,
    `每个版本一条：version、kind（${changeKinds.join(' ')}）、concerns（from、until）、sources、what（zh、en）`,
    `one entry a version: version, kind (${changeKinds.join(' ')}), concerns (from, until), sources, what (zh, en)`,
  ],
  'changelog-lacks-version': ({ version }: { readonly version: string }) => [
    `更改记录里没有版本 ${version}`,
    `the changelog says nothing of version ${version}`,
    '补写一条：改了什么、涉及哪些出院日、依据哪份文件',
    'add an entry: what changed, which days of discharge it concerns, by which document',
  ],
  'changelog-version-twice': ({ version }: { readonly version: string }) => [
    `版本 ${version} 有两条记录`,
    `version ${version} has two entries`,
    '合成一条',
    'make one of them',
  ],
  'changelog-dates': [
    '涉及的日期先止后起',
    'it ends before it begins',
    'until 写第一个不再涉及的日子，应晚于 from',
    'until is the first day it does not concern, after from',
  ],
  'changelog-source': ({
    version,
    source,
  }: {
    readonly version: string;
    readonly source: string;
  }) => [
    `版本 ${version} 没有登记文件 ${source}`,
    `version ${version} names no document ${source}`,
    '写政策包 sources 里的 id',
    'write an id of the sources of the pack',
  ],
});

export type ChangelogCode = ProblemCodeOf<typeof changelogProblem>;
