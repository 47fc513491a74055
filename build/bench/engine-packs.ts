import { globSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseDocument } from 'yaml';
import type { SettlementInput } from '../../shared/domain/person.ts';
import { whyNot } from '../../shared/policy/choose-pack.ts';
import { compilePack } from '../../shared/policy/compile/compile-pack.ts';
import { decide, decideFigures } from '../../shared/policy/decide.ts';
import { readPackDocument } from '../../shared/policy/pack/read-pack-document.ts';
import {
  loadPacks,
  ownPacksFolder,
  type LoadedPack,
} from '../../electron/policy-packs/load-packs.ts';
import { readReadyPack } from '../../electron/policy-packs/ready-pack.ts';
import { prepareCases } from '../../electron/policy-packs/prepare-cases.ts';
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

/**
 * What the start of the built program takes to have all packs, in milliseconds: their ready forms read, held
 * against the texts, checked and compiled. Cold, because it is done before anything else here.
 */
export async function loadBuiltPacks(): Promise<{ packs: number; builtMs: number }> {
  const began = performance.now();
  const files = globSync('out/policy-packs/*/*/pack.yaml');
  for (const file of files) {
    const ready = await readReadyPack(join(file), await readFile(file, 'utf8'));
    const reading = readPackDocument(ready);
    if (!reading.ok) throw new Error(`${file} has no ready form`);
    compilePack(reading.document);
  }
  return { packs: files.length, builtMs: rounded(performance.now() - began) };
}

/**
 * The three parts of having all packs, once warm, in milliseconds: reading the YAML, checking its form and
 * that its parts fit together, compiling. The first time, as at the start of a desk, is slower.
 */
export async function partsOfLoading(packs: readonly LoadedPack[]) {
  const texts = packs.map(({ file }) => readFileSync(file, 'utf8'));
  const data = texts.map(fromYaml);
  const documents = packs.map(({ compiled }) => compiled.document);
  const timings = await timeInTurns([
    { name: 'yaml', run: () => texts.map(fromYaml) },
    { name: 'check', run: () => data.map(readPackDocument) },
    { name: 'compile', run: () => documents.map(compilePack) },
  ]);
  const ms = (name: string) => rounded((timings[name]?.medianUs ?? 0) / 1000);
  return {
    kilobytes: rounded(texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1024),
    yamlMs: ms('yaml'),
    checkMs: ms('check'),
    compileMs: ms('compile'),
  };
}

const fromYaml = (text: string): unknown =>
  parseDocument(text, { uniqueKeys: true, stringKeys: true }).toJS({ maxAliasCount: 0 });

/** Every pack on one of its cases: the one with the longest bill. */
export async function decideEachPack(packs: readonly LoadedPack[]) {
  const timings: Record<string, { lines: number; figuresUs: number; withTraceUs: number }> = {};
  for (const pack of packs) {
    const { compiled } = pack;
    const input = await longestCase(pack);
    const { figures, trace } = await timeInTurns(
      [
        { name: 'figures', run: () => decideFigures(compiled, input) },
        { name: 'trace', run: () => decide(compiled, input) },
      ],
      { warmUpMs: 300, sliceMs: 30 },
    );
    timings[`${compiled.id}@${compiled.version}`] = {
      lines: lineCount(input),
      figuresUs: figures?.medianUs ?? 0,
      withTraceUs: trace?.medianUs ?? 0,
    };
  }
  return timings;
}

async function longestCase({ compiled, file }: LoadedPack): Promise<SettlementInput> {
  const { cases } = await prepareCases(compiled.document, dirname(file));
  const [longest] = cases
    .map(({ input }) => input)
    .filter((input) => whyNot(compiled, input) === null)
    .sort((a, b) => lineCount(b) - lineCount(a));
  if (longest === undefined) throw new Error(`${compiled.id} has no case it covers`);
  return longest;
}

/** Charge lines of a bill; none where only totals are known. */
export function lineCount({ visit: { bill } }: SettlementInput): number {
  return bill.kind === 'charges' ? bill.charges.length : 0;
}
