/** Starts the simulated reader as a program of its own and hands out its orders. For tests. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Misbehaviour, SimulatedCard, SimulatorReport } from './sam-v-module.ts';

export type RunningSimulator = {
  place(card: SimulatedCard): Promise<void>;
  lift(): Promise<void>;
  misbehave(how: Misbehaviour): Promise<void>;
  behave(): Promise<void>;
  report(): Promise<SimulatorReport>;
  /** Ends when the simulator says this: `ready`, `lost` or `cut`, from now on. */
  said(word: 'ready' | 'lost' | 'cut'): Promise<void>;
  stop(): Promise<void>;
};

type Saying = Readonly<Record<string, unknown>>;

export async function startSimulator(device: string): Promise<RunningSimulator> {
  const program = fileURLToPath(new URL('./sam-v-simulator.ts', import.meta.url));
  const child = spawn(process.execPath, [program, '--device', device], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting = new Set<{ word: string; resolve: (saying: Saying) => void }>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const saying = JSON.parse(line) as Saying;
    for (const waiter of waiting) {
      if (!(waiter.word in saying)) continue;
      waiting.delete(waiter);
      waiter.resolve(saying);
      // Orders are answered one by one; everyone else who waits for the word hears it.
      if (waiter.word === 'done') break;
    }
  });
  const hear = (word: string): Promise<Saying> =>
    new Promise((resolve) => waiting.add({ word, resolve }));
  const order = (words: object): Promise<Saying> => {
    const answer = hear('done');
    child.stdin.write(`${JSON.stringify(words)}\n`);
    return answer;
  };
  const obeyed = (words: object): Promise<void> => order(words).then(() => undefined);
  const ended = once(child, 'exit');
  const isReady = hear('ready').then(() => true);
  if (!(await Promise.race([isReady, ended.then(() => false)]))) {
    throw new Error('the simulated reader ended before it was ready');
  }
  return {
    place: (card) => obeyed({ do: 'place', card }),
    lift: () => obeyed({ do: 'lift' }),
    misbehave: (how) => obeyed({ do: 'misbehave', how }),
    behave: () => obeyed({ do: 'behave' }),
    report: async () => (await order({ do: 'report' }))['report'] as SimulatorReport,
    said: (word) => hear(word).then(() => undefined),
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
