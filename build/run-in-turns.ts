import { spawn } from 'node:child_process';

/** A program that passes or fails as a whole. */
export type Step = {
  readonly name: string;
  readonly command: string;
  /** Asked for when the step begins. */
  readonly args: readonly string[] | (() => readonly string[]);
  /** Begins only when the step of this name has ended, if that is one of those to run. */
  readonly after?: string;
};

type Outcome = {
  readonly step: Step;
  readonly ok: boolean;
  readonly output: string;
  readonly ms: number;
};

/** As many at once as a small build machine has cores. */
const atOnce = 2;

/**
 * Runs the steps two at a time in their order, reports each with its time as it ends, and shows what the
 * failed ones said. True when all passed.
 */
export async function runInTurns(steps: readonly Step[]): Promise<boolean> {
  const waiting = [...steps];
  const runs = new Map<string, Promise<Outcome>>();
  const outcomes: Outcome[] = [];
  async function worker(): Promise<void> {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      if (step.after !== undefined) await runs.get(step.after);
      const running = run(step);
      runs.set(step.name, running);
      const outcome = await running;
      outcomes.push(outcome);
      report(outcome);
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker));
  return outcomes.every((outcome) => outcome.ok);
}

function report({ step, ok, output, ms }: Outcome): void {
  const time = `${(ms / 1000).toFixed(1)} s`;
  console.error(`${ok ? 'ok    ' : 'FAILED'} ${step.name} (${time})`);
  if (!ok) console.error(output.trimEnd());
}

function run(step: Step): Promise<Outcome> {
  const startedAt = performance.now();
  const args = typeof step.args === 'function' ? step.args() : step.args;
  return new Promise((resolve) => {
    const child = spawn(step.command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => {
      output += String(error);
    });
    child.on('close', (code) => {
      resolve({ step, ok: code === 0, output, ms: performance.now() - startedAt });
    });
  });
}
