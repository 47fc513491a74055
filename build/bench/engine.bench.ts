import { cpus, loadavg } from 'node:os';
import { settleCityYear } from './engine-city-year.ts';
import { goldenText, readVisit } from './engine-inputs.ts';
import { decideEachPack, loadBuiltPacks, loadOwnPacks, partsOfLoading } from './engine-packs.ts';
import { assertSameShares, comparePeers, peerParticipants } from './engine-peers.ts';
import { timeInTurns } from './engine-timing.ts';
import { printEngineTable, targetsOf } from './engine-table.ts';

/**
 * Figures of the engine, one thread: Pingjiang's six steps on 60 and 600 charge lines beside a straight-line
 * reference and two rule engines on the same bills in the same run; a city's year of admissions; compiling
 * all packs. One JSON document on standard output, a table on standard error. Prints, judges nothing but
 * whether everyone came to the same shares.
 */
async function measure() {
  const loadBefore = loadavg()[0];
  const built = await loadBuiltPacks();
  const loaded = await loadOwnPacks();
  const pack = loaded.packs.find(({ compiled }) => compiled.id === 'pingjiang-2017')?.compiled;
  if (pack === undefined) throw new Error('the pack pingjiang-2017 is not there');
  const { participants, missing } = await peerParticipants();
  for (const [name, reason] of Object.entries(missing)) {
    console.error(`${name} cannot be had here, the other figures follow without it: ${reason}`);
  }
  const sameOn = await assertSameShares(pack, participants);
  const figures = {
    lines60: await comparePeers(pack, participants, 60),
    lines600: await comparePeers(pack, participants, 600),
    cityYear: settleCityYear(pack),
    packs: {
      count: loaded.packs.length,
      builtMs: built.builtMs,
      loadParseCompileMs: loaded.loadMs,
      loadParseCompileAgainMs: loaded.againMs,
      ...(await partsOfLoading(loaded.packs)),
      onACase: await decideEachPack(loaded.packs),
    },
    readVisitJson85Lines: (await timeInTurns([{ name: 'read', run: () => readVisit(goldenText) }]))[
      'read'
    ],
  };
  return {
    node: process.version,
    processor: cpus()[0]?.model ?? 'unknown',
    loadAverage: { before: loadBefore, after: loadavg()[0] },
    missingPeers: missing,
    sameSharesOnVisits: sameOn,
    ...figures,
    targets: targetsOf(figures),
  };
}

const document = await measure();
printEngineTable(document, document.targets);
console.log(JSON.stringify(document, null, 2));
