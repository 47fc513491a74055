import { shanghaiInstant } from '../base/clock.ts';
import { accepted, refused, type Refusal, type Result } from '../../shared/domain/result.ts';
import { claimRefusal } from './claim-refusals.ts';
import {
  uploadClaims,
  type PayerDatedLater,
  type PayerUpload,
  type UploadCall,
  type UploadCode,
  type UploadDependencies,
} from './upload-claims.ts';

/** Why a run that was asked for does not begin. */
export type StartUploadCode = UploadCode | 'payers-url-missing' | 'upload-under-way';

/** What the desk's run of uploading is at; of other programs' runs the books tell. */
export type UploadState =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'under-way';
      readonly startedAt: string;
      readonly who: string;
      readonly isStopping: boolean;
      readonly payers: readonly PayerUpload[];
      /** Until it ends as it has gone so far, in seconds; null: not known yet. */
      readonly secondsLeft: number | null;
      readonly lines: readonly string[];
    }
  | {
      readonly kind: 'ended';
      readonly runId: string;
      readonly startedAt: string;
      readonly endedAt: string;
      readonly who: string;
      readonly isStopped: boolean;
      readonly payers: readonly PayerUpload[];
      readonly datedLater: readonly PayerDatedLater[];
      readonly lines: readonly string[];
    }
  /** It broke off: what was under way is in doubt and goes out again under its number with the next run. */
  | { readonly kind: 'broke-off'; readonly startedAt: string; readonly refusal: Refusal };

/** A page shows no more of what was said. */
const linesMax = 200;

export type UploadRunsParts = {
  readonly dependencies: Omit<UploadDependencies, 'onProgress' | 'onBegun' | 'onCounts' | 'signal'>;
  /** The folder's address of the payers as set now; null: none. */
  readonly payersUrl: () => Promise<string | null>;
  /** Told when there is something new to see; of claims, with every hundredth part. */
  readonly changed: () => void;
  /** What a fault of a run is called. */
  readonly inWords: (problem: unknown) => Refusal;
  /** Milliseconds that no clock sets back. */
  readonly monotonicMs: () => number;
};

/**
 * The uploads of a desk, one at a time: begun by a page or by the clock, followed and stopped by any page. The same path as
 * the command `upload`, which holds the same lock.
 */
export class UploadRuns {
  readonly #parts: UploadRunsParts;
  #state: UploadState = { kind: 'none' };
  #run: { readonly controller: AbortController; readonly ended: Promise<void> } | null = null;

  constructor(parts: UploadRunsParts) {
    this.#parts = parts;
  }

  state(): UploadState {
    return this.#state;
  }

  /**
   * Begins a run and answers once it has begun, or why it does not. `ended` resolves with the run, whatever came of it.
   */
  async start(
    call: Pick<UploadCall, 'payer' | 'who'>,
  ): Promise<Result<{ readonly ended: Promise<void> }, StartUploadCode>> {
    if (this.#run !== null) return refused(claimRefusal('upload-under-way'));
    const controller = new AbortController();
    const begun = Promise.withResolvers<Result<null, StartUploadCode>>();
    const ended = this.#go(call, controller.signal, begun).finally(() => {
      this.#run = null;
      this.#parts.changed();
    });
    this.#run = { controller, ended };
    const answer = await begun.promise;
    return answer.ok ? accepted({ ended }) : answer;
  }

  /** Ends what is under way after the claim that is on its way; nothing happens where nothing is. */
  stop(): void {
    if (this.#run === null) return;
    this.#run.controller.abort();
    if (this.#state.kind === 'under-way') this.#set({ ...this.#state, isStopping: true });
  }

  /** Stops it and waits for its end. */
  async close(): Promise<void> {
    this.stop();
    await this.#run?.ended;
  }

  async #go(
    call: Pick<UploadCall, 'payer' | 'who'>,
    signal: AbortSignal,
    begun: PromiseWithResolvers<Result<null, StartUploadCode>>,
  ): Promise<void> {
    const { dependencies, payersUrl, inWords, monotonicMs } = this.#parts;
    const before = this.#state;
    const startedAt = shanghaiInstant(dependencies.clock.now());
    const startedMs = monotonicMs();
    const lines: string[] = [];
    let told = -1;
    const books = { areOpen: false };
    const show = (payers: readonly PayerUpload[]): void => {
      const [sent, all] = progressOf(payers);
      const passedMs = monotonicMs() - startedMs;
      this.#state = {
        ...{ kind: 'under-way', startedAt, who: call.who, isStopping: signal.aborted },
        ...{ payers: payers.map((each) => ({ ...each })), lines: [...lines] },
        secondsLeft: sent === 0 ? null : Math.round(((passedMs / sent) * (all - sent)) / 1000),
      };
      const part = all === 0 ? 100 : Math.floor((sent * 100) / all);
      if (part === told) return;
      told = part;
      this.#parts.changed();
    };
    try {
      const url = await payersUrl();
      if (url === null) {
        begun.resolve(refused(claimRefusal('payers-url-missing')));
        return;
      }
      const answer = await uploadClaims(
        {
          ...dependencies,
          signal,
          onProgress: (line) => {
            lines.push(`${shanghaiInstant(dependencies.clock.now()).slice(11, 19)} ${line}`);
            if (lines.length > linesMax) lines.shift();
          },
          onBegun: (payers) => {
            show(payers);
            books.areOpen = true;
            begun.resolve(accepted(null));
          },
          onCounts: show,
        },
        { ...call, payersUrl: url },
      );
      if (!answer.ok) {
        begun.resolve(answer);
        this.#state = before;
        return;
      }
      this.#set({
        ...{
          kind: 'ended',
          runId: answer.value.runId,
          startedAt,
          endedAt: shanghaiInstant(dependencies.clock.now()),
        },
        ...{ who: call.who, isStopped: signal.aborted, lines },
        ...{ payers: answer.value.payers, datedLater: answer.value.datedLater },
      });
    } catch (problem) {
      if (books.areOpen) this.#set({ kind: 'broke-off', startedAt, refusal: inWords(problem) });
      // Whoever asked hears of it; what was never begun is no run.
      else begun.reject(problem);
    }
  }

  #set(state: UploadState): void {
    this.#state = state;
    this.#parts.changed();
  }
}

/** How many claims have been sent, of how many. */
function progressOf(payers: readonly PayerUpload[]): readonly [number, number] {
  const sum = (of: (payer: PayerUpload) => number): number =>
    payers.reduce((all, payer) => all + of(payer), 0);
  return [sum(({ claims, waiting }) => claims - waiting), sum(({ claims }) => claims)];
}
