import { accepted, refused, type Refusal, type Result } from '../../shared/domain/result.ts';
import type { Store } from '../database/store.ts';
import type { PacksHere } from '../settlement/packs-that-count.ts';
import { readResultsApart, usualThreads } from './calculators.ts';
import {
  replay,
  shadowRun,
  type ReplayOrder,
  type ReplayProgress,
  type ReplayRun,
  type ShadowRun,
} from './replay.ts';
import { replayRefusal } from './replay-refusals.ts';
import { reportReplay, type ReplayReport } from './replay-report.ts';
import { replayWorkbook, shadowWorkbook } from './replay-workbook.ts';
import { reportShadow, type ShadowReport } from './shadow-report.ts';

/** What the desk's run is at. It is gone with the program: nothing of it is kept. */
export type ReplayState =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'under-way';
      readonly order: ReplayOrder;
      readonly progress: ReplayProgress;
      readonly isStopping: boolean;
    }
  | { readonly kind: 'done'; readonly order: ReplayOrder; readonly report: ReplayReport }
  /** A shadow run: held against a payer's own results. */
  | {
      readonly kind: 'compared';
      readonly order: ReplayOrder;
      readonly results: string;
      readonly shadow: ShadowRun;
      readonly report: ShadowReport;
    }
  /** It was stopped, or the data could not be read. */
  | { readonly kind: 'refused'; readonly order: ReplayOrder; readonly refusal: Refusal };

/**
 * The one run of a desk: a page starts it, any page sees how far it is and may stop it, and it goes on while pages come
 * and go. The same path as the command's.
 */
export class ReplayRuns {
  readonly #store: Store;
  readonly #here: () => PacksHere;
  readonly #changed: () => void;
  /** What a fault of a run is called; what is no known trouble is thrown on. */
  readonly #inWords: (problem: unknown) => Refusal;
  #state: ReplayState = { kind: 'none' };
  #run: { readonly controller: AbortController; readonly ended: Promise<void> } | null = null;

  constructor(parts: {
    readonly store: Store;
    readonly here: () => PacksHere;
    /** Told when there is something new to see; of progress, with every hundredth part. */
    readonly changed: () => void;
    readonly inWords: (problem: unknown) => Refusal;
  }) {
    this.#store = parts.store;
    this.#here = parts.here;
    this.#changed = parts.changed;
    this.#inWords = parts.inWords;
  }

  state(): ReplayState {
    return this.#state;
  }

  /**
   * Begins a run, if none is under way; its end is told by `changed`. With a file of a payer's own results it is a
   * shadow run: visits that nobody settled are in it, and both are compared.
   */
  start(order: ReplayOrder, results: string | null = null): Result<null, 'replay-under-way'> {
    if (this.#run !== null) return refused(replayRefusal('replay-under-way'));
    const controller = new AbortController();
    this.#set({
      ...{ kind: 'under-way', order, isStopping: false },
      progress: { persons: 0, of: 0, visits: 0 },
    });
    const ended = this.#go(order, results, controller.signal).then((state) => {
      this.#run = null;
      this.#set(state);
    });
    this.#run = { controller, ended };
    return accepted(null);
  }

  /** Stops what is under way between two batches; nothing happens where nothing is. */
  stop(): void {
    if (this.#run === null || this.#state.kind !== 'under-way') return;
    this.#run.controller.abort();
    this.#set({ ...this.#state, isStopping: true });
  }

  /** The last result as a workbook. */
  async workbook(): Promise<
    Result<{ readonly name: string; readonly bytes: Uint8Array }, 'no-replay'>
  > {
    const state = this.#state;
    if (state.kind === 'compared') {
      const { draft, period } = state.order;
      const packs = draft.map(({ id, version }) => `${id}-${version}`).join('+');
      const name = `shadow-${packs}-${period.from}-${period.until}.xlsx`;
      return accepted({ name, bytes: await shadowWorkbook(state.shadow, this.#here().packs) });
    }
    if (state.kind !== 'done') return refused(replayRefusal('no-replay'));
    const { report } = state;
    const name = `replay-${report.pack}-${report.packVersion}-${report.from}-${report.until}.xlsx`;
    return accepted({ name, bytes: await replayWorkbook(report) });
  }

  /** Stops it and waits until its threads are gone. */
  async close(): Promise<void> {
    this.stop();
    await this.#run?.ended;
  }

  async #go(order: ReplayOrder, results: string | null, signal: AbortSignal): Promise<ReplayState> {
    const here = this.#here();
    let told = -1;
    const onProgress = (progress: ReplayProgress): void => {
      if (this.#state.kind !== 'under-way') return;
      const part = progress.of === 0 ? 0 : Math.floor((progress.persons * 100) / progress.of);
      this.#state = { ...this.#state, progress };
      if (part === told) return;
      told = part;
      this.#changed();
    };
    try {
      const run = { signal, onProgress };
      if (results !== null) return await this.#compare(order, results, run);
      const threads = usualThreads({ leavesOne: true });
      const ran = await replay({ store: this.#store, here, threads }, order, run);
      if (!ran.ok) return { kind: 'refused', order, refusal: ran.refusal };
      return { kind: 'done', order, report: reportReplay(ran.value, here.packs) };
    } catch (problem) {
      return { kind: 'refused', order, refusal: this.#inWords(problem) };
    }
  }

  async #compare(asked: ReplayOrder, results: string, run: ReplayRun): Promise<ReplayState> {
    const here = this.#here();
    const order = { ...asked, withUnsettled: true };
    const stated = await readResultsApart(results, [...order.draft, ...here.packs]);
    if (!stated.ok) return { kind: 'refused', order, refusal: stated.refusal };
    const threads = usualThreads({ leavesOne: true });
    const dependencies = { store: this.#store, here, threads };
    const ran = await shadowRun(dependencies, order, stated.value, run);
    if (!ran.ok) return { kind: 'refused', order, refusal: ran.refusal };
    const shadow = ran.value;
    const report = reportShadow(shadow, here.packs);
    return { kind: 'compared', order, results, shadow, report };
  }

  #set(state: ReplayState): void {
    this.#state = state;
    this.#changed();
  }
}
