import { readFileSync } from 'node:fs';
import { settlementInputFromVisitJson } from '../../shared/contracts/visit-json.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import type { CompiledPack } from '../../shared/policy/compiled-pack.ts';
import { decide, decideFigures } from '../../shared/policy/decide.ts';
import { loadPacks, ownPacksFolder } from '../../electron/policy-packs/load-packs.ts';

/**
 * Figures of the engine as one JSON document: the median and the 95th percentile, in microseconds, of
 * deciding a bill of 60 and of 600 lines, figures only and with the full explanation; reading the same
 * visit from JSON; loading and compiling all packs. Prints, judges nothing.
 */
const casesFolder = `${ownPacksFolder()}/pingjiang-2017/1.0.0/cases`;
const text = readFileSync(`${casesFolder}/colon-cancer-17-days.json`, 'utf8');

async function measure() {
  const began = performance.now();
  const { packs } = await loadPacks({ folders: [ownPacksFolder()] });
  const loadMs = performance.now() - began;
  const pack = packs.find(({ compiled }) => compiled.id === 'pingjiang-2017')?.compiled;
  if (pack === undefined) throw new Error('the pack pingjiang-2017 is not there');
  const golden = read(text);
  return {
    node: process.version,
    packs: packs.length,
    loadAndCompileMs: Math.round(loadMs * 10) / 10,
    lines60: linesFigures(pack, withLines(golden, 60)),
    lines600: linesFigures(pack, withLines(golden, 600)),
    readVisitJson85Lines: microseconds(() => read(text), 500),
  };
}

function linesFigures(pack: CompiledPack, input: SettlementInput) {
  return {
    figuresOnly: microseconds(() => decideFigures(pack, input), 20_000),
    withTrace: microseconds(() => decide(pack, input), 5_000),
  };
}

function read(json: string): SettlementInput {
  const reading = settlementInputFromVisitJson(JSON.parse(json));
  if (!reading.ok) throw new Error(reading.refusal.message.en);
  return reading.value.input;
}

/** The golden bill without its refund, repeated or cut to so many lines. */
function withLines(input: SettlementInput, count: number): SettlementInput {
  const { bill } = input.visit;
  if (bill.kind !== 'charges') throw new Error('the golden visit has no charge lines');
  const own = bill.charges.filter(({ refundsLine }) => refundsLine === undefined);
  const charges = Array.from({ length: count }, (_none, index) => {
    const line = own[index % own.length];
    if (line === undefined) throw new Error('the golden visit has no charge lines');
    return { ...line, line: index + 1 };
  });
  return { ...input, visit: { ...input.visit, bill: { kind: 'charges', charges } } };
}

/** Median and 95th percentile of single calls after a warm-up, in microseconds. */
function microseconds(act: () => unknown, rounds: number) {
  const warmUp = Math.ceil(rounds / 2);
  for (let round = 0; round < warmUp; round += 1) act();
  const times = new Float64Array(rounds);
  for (let round = 0; round < rounds; round += 1) {
    const from = process.hrtime.bigint();
    act();
    times[round] = Number(process.hrtime.bigint() - from) / 1000;
  }
  times.sort();
  const at = (part: number) => Math.round((times[Math.floor(rounds * part)] ?? 0) * 100) / 100;
  return { medianUs: at(0.5), p95Us: at(0.95), rounds };
}

console.log(JSON.stringify(await measure(), null, 2));
