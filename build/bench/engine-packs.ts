import { dirname, join } from 'node:path';
import type { SettlementInput } from '../../shared/domain/person.ts';
import { whyNot } from '../../shared/policy/choose-pack.ts';
import { compilePack } from '../../shared/policy/compile-pack.ts';
import { decide, decideFigures } from '../../shared/policy/decide.ts';
import {
  loadPacks,
  ownPacksFolder,
  type LoadedPack,
} from '../../electron/policy-packs/load-packs.ts';
import { readVisitFile } from '../../electron/policy-packs/read-visit-file.ts';
import { rounded, timeInTurns } from './engine-timing.ts';

/** All packs of the program and what it took to have them: the first time, as at the start of a desk. */
export async function loadOwnPacks() {
  const began = performance.now();
  const { packs, problems } = await loadPacks({ folders: [ownPacksFolder()] });
  const loadMs = performance.now() - began;
  if (problems.length > 0) throw new Error(JSON.stringify(problems[0]));
  const again = performance.now();
  await loadPacks({ folders: [ownPacksFolder()] });
  return { packs, loadMs: rounded(loadMs), againMs: rounded(performance.now() - again) };
}

/** Compiling all packs from what was read, in milliseconds. */
export async function compileAll(packs: readonly LoadedPack[]): Promise<number> {
  const documents = packs.map(({ compiled }) => compiled.document);
  const timings = await timeInTurns([{ name: 'all', run: () => documents.map(compilePack) }]);
  return rounded((timings['all']?.medianUs ?? 0) / 1000);
}

/** Every pack on the first of its cases that it covers. */
export async function decideEachPack(packs: readonly LoadedPack[]) {
  const timings: Record<string, { lines: number; figuresUs: number; withTraceUs: number }> = {};
  for (const pack of packs) {
    const { compiled } = pack;
    const input = await caseVisit(pack);
    if (input === null) throw new Error(`${compiled.id} has no case with a visit of its own`);
    const { bill } = input.visit;
    const { figures, trace } = await timeInTurns([
      { name: 'figures', run: () => decideFigures(compiled, input) },
      { name: 'trace', run: () => decide(compiled, input) },
    ]);
    timings[`${compiled.id}@${compiled.version}`] = {
      lines: bill.kind === 'charges' ? bill.charges.length : 0,
      figuresUs: figures?.medianUs ?? 0,
      withTraceUs: trace?.medianUs ?? 0,
    };
  }
  return timings;
}

async function caseVisit({ compiled, file }: LoadedPack): Promise<SettlementInput | null> {
  for (const { visit } of compiled.document.cases) {
    const reading = await readVisitFile(join(dirname(file), visit));
    if (reading.ok && whyNot(compiled, reading.value.input) === null) return reading.value.input;
  }
  return null;
}
