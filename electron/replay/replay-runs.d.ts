import { type Refusal, type Result } from '../../shared/domain/result.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import type { Store } from '../database/store.ts';
import { type ReplayOrder, type ReplayProgress } from './replay.ts';
import { type ReplayReport } from './replay-report.ts';
/** What the desk's run is at. It is gone with the program: nothing of it is kept. */
export type ReplayState = {
    readonly kind: 'none';
} | {
    readonly kind: 'under-way';
    readonly order: ReplayOrder;
    readonly progress: ReplayProgress;
    readonly isStopping: boolean;
} | {
    readonly kind: 'done';
    readonly order: ReplayOrder;
    readonly report: ReplayReport;
}
/** It was stopped, or the data could not be read. */
 | {
    readonly kind: 'refused';
    readonly order: ReplayOrder;
    readonly refusal: Refusal;
};
/**
 * The one run of a desk: a page starts it, any page sees how far it is and may stop it, and it goes on while pages come
 * and go. The same path as the command's.
 */
export declare class ReplayRuns {
    #private;
    constructor(parts: {
        readonly store: Store;
        readonly packs: () => readonly CompiledPack[];
        /** Told when there is something new to see; of progress, with every hundredth part. */
        readonly changed: () => void;
        readonly inWords: (problem: unknown) => Refusal;
    });
    state(): ReplayState;
    /** Begins a run, if none is under way; its end is told by `changed`. */
    start(order: ReplayOrder): Result<null, 'replay-under-way'>;
    /** Stops what is under way between two batches; nothing happens where nothing is. */
    stop(): void;
    /** The last result as a workbook. */
    workbook(): Promise<Result<{
        readonly name: string;
        readonly bytes: Uint8Array;
    }, 'no-replay'>>;
    /** Stops it and waits until its threads are gone. */
    close(): Promise<void>;
}
