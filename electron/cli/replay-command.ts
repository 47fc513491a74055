import { extname } from 'node:path';

import { z } from 'zod';

import { accepted, type Result } from '../../shared/domain/result.ts';
import { packsNamed, type NamedPackCode } from '../policy-packs/packs-named.ts';
import { readResultsApart, usualThreads } from '../replay/calculators.ts';
import {
  replay,
  shadowRun,
  type ReplayOrder,
  type ReplayProgress,
  type ReplayRun,
} from '../replay/replay.ts';
import { replayRefusal } from '../replay/replay-refusals.ts';
import { replayJson, shadowJson } from '../replay/replay-json.ts';
import { reportReplay } from '../replay/replay-report.ts';
import { replayWorkbook, shadowWorkbook } from '../replay/replay-workbook.ts';
import type { Services } from '../app/services.ts';
import { commandRefusal } from './command-refusals.ts';
import {
  done,
  refusedWith,
  textOption,
  wrongUsage,
  type Command,
  type CommandAnswer,
  type CommandCall,
} from './command.ts';
import { writeOut } from './write-out.ts';

/**
 * `replay`: what every payer would have paid under a draft; with `--results`, against what the payers themselves say
 * they paid (a shadow run). Settles nothing. Ctrl-C ends it with one document that says so.
 */
export const replayCommand: Command = {
  name: 'replay',
  usage:
    '--pack ID[@VERSION]|DIR --from D --until D [--sample N] [--unsettled] [--results FILE] [--out FILE.xlsx]',
  options: {
    pack: { type: 'string' },
    from: { type: 'string' },
    until: { type: 'string' },
    sample: { type: 'string' },
    unsettled: { type: 'boolean' },
    results: { type: 'string' },
    out: { type: 'string' },
  },
  words: [0, 0],
  roles: ['policy-officer', 'supervisor', 'auditor'],
  usual: 'policy1',
  folder: 'opened',
  run: async (call, services) => {
    const asked = askedIn(call);
    if ('kind' in asked) return asked;
    const outFile = textOption(call, 'out');
    if (outFile !== undefined && extname(outFile).toLowerCase() !== '.xlsx') {
      return refusedWith(commandRefusal('wrong-file-ending', { file: outFile, endings: '.xlsx' }));
    }
    const order = await orderOf(asked, call, services);
    if (!order.ok) return refusedWith(order.refusal);
    const stop = stoppedBySignals(call);
    const tell = progressOf(call);
    let far: ReplayProgress = { persons: 0, of: 0, visits: 0 };
    try {
      const ran = await runReplay(order.value, call, services, {
        signal: stop.signal,
        onProgress: (progress) => {
          far = progress;
          tell(progress);
        },
      });
      if (!ran.ok) return refusedWith(ran.refusal);
      const { json, workbook } = ran.value;
      if (outFile === undefined) return done(json);
      const file = call.path(outFile);
      const bytes = await workbook();
      // The last moment at which nothing is written yet.
      if (stop.signal.aborted) return refusedWith(replayRefusal('replay-stopped', far));
      const written = await writeOut(file, bytes);
      return written.ok ? done(json) : refusedWith(written.refusal);
    } finally {
      stop.forget();
    }
  },
};

type Asked = {
  readonly pack: string;
  readonly from: string;
  readonly until: string;
  readonly sample: number | null;
};

const day = z.iso.date();

function askedIn(call: CommandCall): Asked | CommandAnswer {
  const [pack, from, until] = ['pack', 'from', 'until'].map((name) => textOption(call, name));
  if (pack === undefined || from === undefined || until === undefined) {
    return wrongUsage(
      '需要 --pack、--from 和 --until。',
      '--pack, --from and --until are all needed.',
    );
  }
  if (![from, until].every((each) => day.safeParse(each).success) || until < from) {
    return wrongUsage(
      '--from 和 --until 应为出院日期，如 2017-01-01，后一个不早于前一个，两天都算在内。',
      '--from and --until are days of discharge such as 2017-01-01, both included, the second not before the first.',
    );
  }
  const sample = textOption(call, 'sample');
  if (sample !== undefined && !/^[1-9]\d{0,6}$/.test(sample)) {
    return wrongUsage('--sample 应为人数，如 500。', '--sample is a number of persons: 500.');
  }
  return { pack, from, until, sample: sample === undefined ? null : Number(sample) };
}

async function orderOf(
  { pack, from, until, sample }: Asked,
  call: CommandCall,
  { policies }: Services,
): Promise<Result<ReplayOrder, NamedPackCode>> {
  const named = await packsNamed(pack, policies, call.path);
  if (!named.ok) return named;
  return accepted({
    draft: named.value.packs,
    period: { from, until },
    sample,
    withUnsettled: call.options['unsettled'] === true || textOption(call, 'results') !== undefined,
  });
}

type Ran = { readonly json: object; readonly workbook: () => Promise<Uint8Array> };

async function runReplay(
  order: ReplayOrder,
  call: CommandCall,
  services: Services,
  run: ReplayRun,
): Promise<Result<Ran>> {
  const { store, packs } = services;
  const dependencies = { store, here: services, threads: usualThreads({ leavesOne: false }) };
  const resultsFile = textOption(call, 'results');
  if (resultsFile === undefined) {
    const replayed = await replay(dependencies, order, run);
    if (!replayed.ok) return replayed;
    const report = reportReplay(replayed.value, packs);
    return accepted({ json: replayJson(report), workbook: () => replayWorkbook(report) });
  }
  const stated = await readResultsApart(call.path(resultsFile), [...order.draft, ...packs]);
  if (!stated.ok) return stated;
  const shadow = await shadowRun(dependencies, order, stated.value, run);
  if (!shadow.ok) return shadow;
  return accepted({
    json: shadowJson(shadow.value),
    workbook: () => shadowWorkbook(shadow.value, packs),
  });
}

/** Says every twentieth part of the way, for who waits. */
function progressOf({ say }: CommandCall): ReplayRun['onProgress'] {
  let told = -1;
  return ({ persons, of, visits }) => {
    const part = of === 0 ? 20 : Math.floor((persons * 20) / of);
    if (part <= told) return;
    told = part;
    say(`${String(part * 5)}%  ${String(persons)}/${String(of)} 人，${String(visits)} 次就诊`);
  };
}

/** Ctrl-C and an orderly end stop it between two batches. Both may come twice: from the terminal and from the starter. */
function stoppedBySignals({ say }: CommandCall): {
  readonly signal: AbortSignal;
  readonly forget: () => void;
} {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) return;
    say('正在停止 …');
    controller.abort();
  };
  const forget = (): void => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, stop);
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, stop);
  return { signal: controller.signal, forget };
}
