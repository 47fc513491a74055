import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { yuanTextFromFen } from '../../shared/money/yuan-text.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import type { Words } from '../../shared/domain/result.ts';
import { whyNot } from '../../shared/policy/choose-pack.ts';
import { compilePack } from '../../shared/policy/compile-pack.ts';
import type { CompiledPack } from '../../shared/policy/compiled-pack.ts';
import { decide } from '../../shared/policy/decide.ts';
import type { PackCase } from '../../shared/policy/pack-schema.ts';
import { findPackFiles, loadPacks } from './load-packs.ts';
import { readPackFile, type PackFileProblem } from './read-pack-file.ts';
import { readVisitFile } from './read-visit-file.ts';

export type CheckedPack = {
  readonly id: string;
  readonly version: string;
  readonly ok: boolean;
  readonly cases: number;
  readonly failed: number;
  readonly problems: readonly PackFileProblem[];
};

/** What `check-packs` prints (contract). */
export type PacksCheck = { readonly ok: boolean; readonly packs: readonly CheckedPack[] };

/**
 * Checks every pack of a folder: its form, whether its parts fit together, that no two versions are in
 * force on one day, and that each of its cases comes to the amounts it states. Works on anyone's packs.
 */
export async function checkPacks(folder: string): Promise<PacksCheck> {
  const files = await findPackFiles(folder);
  if (files.length === 0) return { ok: false, packs: [await nothingFound(folder)] };
  const loaded = await loadPacks({ folders: [folder] });
  const packs: CheckedPack[] = [];
  for (const file of files) {
    const betweenPacks = [
      ...loaded.problems.filter(
        (problem) => problem.file === file && betweenPacksCodes.includes(problem.code),
      ),
      ...overlapsOf(file, loaded.packs),
    ];
    packs.push(await checkPack(file, betweenPacks));
  }
  return { ok: packs.every(({ ok }) => ok), packs };
}

/** What only shows when packs are seen together; the rest `checkPack` finds itself. */
const betweenPacksCodes = ['folder-differs', 'duplicate-pack'];

async function checkPack(
  file: string,
  betweenPacks: readonly PackFileProblem[],
): Promise<CheckedPack> {
  const reading = await readPackFile(file);
  if (!reading.ok) {
    return {
      id: basename(dirname(dirname(file))),
      version: basename(dirname(file)),
      ok: false,
      cases: 0,
      failed: 0,
      problems: reading.problems,
    };
  }
  const { document, lineOf } = reading;
  const compiled = compilePack(document);
  const problems = [...betweenPacks];
  if (document.cases.length === 0) problems.push(withoutCases(file, lineOf(['cases'])));
  let failed = 0;
  for (const [index, packCase] of document.cases.entries()) {
    const differences = await differencesOf(compiled, packCase, dirname(file));
    if (differences.length === 0) continue;
    failed += 1;
    problems.push(
      ...differences.map(({ code, zh, en }) => ({
        file,
        line: lineOf(['cases', index, 'expect']),
        code,
        message: { zh: `${packCase.case}：${zh}`, en: `${packCase.case}: ${en}` },
        remedy: caseRemedy,
      })),
    );
  }
  const { id, version, cases } = document;
  return { id, version, ok: problems.length === 0, cases: cases.length, failed, problems };
}

const caseRemedy: Words = {
  zh: '核对出处：是政策包写错了，还是案例写错了',
  en: 'Compare with the source: either the pack or the case is wrong',
};

type Difference = { readonly code: string; readonly zh: string; readonly en: string };

async function differencesOf(
  pack: CompiledPack,
  packCase: PackCase,
  folder: string,
): Promise<Difference[]> {
  const visit = await readVisitFile(join(folder, packCase.visit));
  if (!visit.ok) {
    const { message } = visit.refusal;
    return [{ code: 'case-visit-refused', zh: message.zh, en: message.en }];
  }
  const reason = whyNot(pack, visit.value.input);
  if (reason !== null) return [{ code: 'case-not-covered', ...reason }];
  const result = decide(pack, visit.value.input);
  return [...amountsThatDiffer(packCase, result), ...reasonsThatDiffer(packCase, result)];
}

function amountsThatDiffer({ expect }: PackCase, result: SettlementResult): Difference[] {
  const { patientPart } = result;
  const shares = new Map(
    result.shares.map(({ step, amountFen }) => [step, yuanTextFromFen(amountFen)]),
  );
  const rows: [string, string | undefined, string | undefined][] = [
    ['total', expect.total, yuanTextFromFen(result.totalFen)],
    ['eligible', expect.eligible, yuanTextFromFen(result.eligibleFen)],
    ['patientPays', expect.patientPays, yuanTextFromFen(result.patientPaysFen)],
    ['withinCatalogue', expect.withinCatalogue, yuanTextFromFen(patientPart.withinCatalogueFen)],
    ['outsideCatalogue', expect.outsideCatalogue, yuanTextFromFen(patientPart.outsideCatalogueFen)],
    ['hospitalBears', expect.hospitalBears, yuanTextFromFen(result.hospitalBearsFen)],
    ['deductible', expect.deductible, yuanTextFromFen(result.deductibleFen)],
  ];
  for (const step of new Set([...Object.keys(expect.shares), ...shares.keys()])) {
    // Every share is stated: one the case does not name would go unnoticed.
    rows.push([`shares.${step}`, expect.shares[step] ?? 'absent', shares.get(step) ?? 'absent']);
  }
  return rows.flatMap(([name, expected, actual]) =>
    expected === undefined || expected === actual
      ? []
      : [
          {
            code: 'case-failed',
            zh: `${name} 应为 ${expected}，算得 ${actual ?? ''}`,
            en: `${name} should be ${expected} and is ${actual ?? ''}`,
          },
        ],
  );
}

function reasonsThatDiffer({ expect }: PackCase, result: SettlementResult): Difference[] {
  return Object.entries(expect.zeroBecause ?? {}).flatMap(([step, reason]) => {
    const actual = result.trace.find(({ id }) => id === `${step}.pays`)?.rule ?? 'absent';
    if (actual === reason) return [];
    return [
      {
        code: 'case-failed',
        zh: `${step} 为 0 的原因应为 ${reason}，实为 ${actual}`,
        en: `${step} should pay nothing because of ${reason}, and it is ${actual}`,
      },
    ];
  });
}

function overlapsOf(
  file: string,
  packs: Awaited<ReturnType<typeof loadPacks>>['packs'],
): PackFileProblem[] {
  const own = packs.find((pack) => pack.file === file);
  if (own === undefined) return [];
  const { id, version, inForceFrom, inForceUntil } = own.compiled;
  return packs
    .filter(({ compiled }) => compiled.id === id && compiled.version !== version)
    .filter(
      ({ compiled }) =>
        (inForceUntil === null || compiled.inForceFrom < inForceUntil) &&
        (compiled.inForceUntil === null || inForceFrom < compiled.inForceUntil),
    )
    .map(({ compiled }) => ({
      file,
      line: own.lineOf(['inForceFrom']),
      code: 'dates-overlap',
      message: {
        zh: `有效期与 ${id}@${compiled.version} 重叠`,
        en: `in force on the same days as ${id}@${compiled.version}`,
      },
      remedy: {
        zh: '改正 inForceFrom 或 inForceUntil（不含当日）',
        en: 'correct inForceFrom or inForceUntil (exclusive)',
      },
    }));
}

function withoutCases(file: string, line: number): PackFileProblem {
  return {
    file,
    line,
    code: 'no-cases',
    message: { zh: '没有案例，无法检验', en: 'no cases: nothing shows that it is right' },
    remedy: { zh: '至少写一个有出处的案例', en: 'add at least one case from its source' },
  };
}

async function nothingFound(folder: string): Promise<CheckedPack> {
  const exists = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const problem: PackFileProblem = {
    file: folder,
    line: 1,
    code: exists ? 'no-packs' : 'folder-missing',
    message: exists
      ? { zh: '文件夹里没有 pack.yaml', en: 'no pack.yaml in this folder' }
      : { zh: '没有这个文件夹', en: 'there is no such folder' },
    remedy: {
      zh: '政策包放在 <id>/<version>/pack.yaml',
      en: 'a pack lies at <id>/<version>/pack.yaml',
    },
  };
  return { id: '', version: '', ok: false, cases: 0, failed: 0, problems: [problem] };
}
