import { writeSync } from 'node:fs';

/**
 * Every place where a crash would tell: before and after each thing that is kept or sent. Their numbers are
 * their places in this list; the kill test walks through all of them and reports how often each was hit.
 */
export const crashPoints = [
  'settle:before-intent',
  'settle:after-intent',
  'settle:inside-outcome',
  'settle:before-commit',
  'settle:after-commit',
  'cancel:before-commit',
  'cancel:after-commit',
  'hospital-file:before-write',
  'hospital-file:after-write',
  'print:before-send',
  'print:while-sending',
  'print:after-send',
  'upload:before-marked-sent',
  'upload:after-marked-sent',
  'upload:after-request',
  'upload:after-answer',
  'upload:after-answer-kept',
  'import:inside-visit',
  'import:after-commit',
] as const;

/**
 * The same where no desk has the folder, or a server is needed: a backup, a restore, a pull and a lock of an account
 * are tried by tests of their own.
 */
export const ownCrashPoints = [
  'backup:before-name',
  'backup:after-name',
  'restore:copy-ready',
  'restore:before-name',
  'restore:after-name',
  'pull:before-position',
  'return:before-kept',
  'return:after-kept',
  'return:inside-lines',
  'return:after-read',
  'batch-file:before-rename',
  'batch-file:after-rename',
  'batch-file:before-done',
  'https-batch:before-kept-said',
  'undo:before-request',
  'undo:after-answer',
  'undo:after-answer-kept',
  'push:before-answer',
  'result-call:after-answer',
  'account-lock:before-call',
  'account-lock:after-call',
] as const;

export type CrashPoint = (typeof crashPoints)[number] | (typeof ownCrashPoints)[number];

const allPoints: readonly CrashPoint[] = [...crashPoints, ...ownCrashPoints];

/** The point this process ends at, and how. */
let armed: { readonly point: CrashPoint; readonly end: () => void } | null = null;

/**
 * Lets the kill test end this process at one point, named by `CRASH_AT` (a number from 1 or a name). Only the
 * host and the command line call it: a packaged desk never does.
 */
export function armCrashPoints(environment: NodeJS.ProcessEnv): void {
  const wanted = environment['CRASH_AT'];
  if (wanted === undefined || wanted === '') return;
  const point = allPoints.find((name, index) => name === wanted || String(index + 1) === wanted);
  if (point === undefined) throw new Error(`CRASH_AT names no crash point: ${wanted}`);
  armed = {
    point,
    end: () => {
      endAsWithoutPower(point);
    },
  };
}

/**
 * Arms one point for something that stands for the end of a process: what `end` throws goes through the act. null: none
 * is armed any more. Only the fault plan of the claims calls it, whose hundreds of crashes cannot each have a process.
 */
export function armCrashPoint(point: CrashPoint | null, end: () => void): void {
  armed = point === null ? null : { point, end };
}

/** Passes through unless this very point is armed; then the process dies as a pulled plug would have it. */
export function crashPoint(name: CrashPoint): void {
  if (armed?.point === name) armed.end();
}

function endAsWithoutPower(name: CrashPoint): void {
  // The test counts these lines; they must be out before the process is gone.
  writeSync(2, `crash-point ${String(allPoints.indexOf(name) + 1)} ${name}\n`);
  process.kill(process.pid, 'SIGKILL');
  // The signal is delivered when the next system call returns; nothing after this line may run.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
