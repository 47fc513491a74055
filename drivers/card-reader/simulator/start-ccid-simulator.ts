/** Starts the simulated reader of social-security cards as a program of its own and hands out its orders. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { CcidMisbehaviour, CcidReport } from './ccid-module.ts';
import type { SocialSecurityCardData, SocialSecurityCardManners } from './social-security-card.ts';

export type RunningCcidSimulator = {
  insert(card: SocialSecurityCardData, manners?: SocialSecurityCardManners): Promise<void>;
  pull(): Promise<void>;
  misbehave(how: CcidMisbehaviour): Promise<void>;
  behave(): Promise<void>;
  report(): Promise<CcidReport>;
  /** Ends when the simulator says this, from now on. */
  said(word: 'ready' | 'lost' | 'cut'): Promise<void>;
  stop(): Promise<void>;
};

type Saying = Readonly<Record<string, unknown>>;

export async function startCcidSimulator(device: string): Promise<RunningCcidSimulator> {
  const program = fileURLToPath(new URL('./ccid-simulator.ts', import.meta.url));
  const child = spawn(process.execPath, [program, '--device', device], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting: { readonly word: string; readonly resolve: (saying: Saying) => void }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const saying = JSON.parse(line) as Saying;
    if ('error' in saying) throw new Error(`the simulated reader: ${String(saying['error'])}`);
    const heard = waiting.filter(({ word }) => word in saying);
    // Orders are answered one by one; everyone else who waits for the word hears it.
    for (const waiter of 'done' in saying ? heard.slice(0, 1) : heard) {
      waiting.splice(waiting.indexOf(waiter), 1);
      waiter.resolve(saying);
    }
  });
  const hear = (word: string): Promise<Saying> =>
    new Promise((resolve) => waiting.push({ word, resolve }));
  const order = (words: object): Promise<Saying> => {
    const done = hear('done');
    child.stdin.write(`${JSON.stringify(words)}\n`);
    return done;
  };
  const obeyed = (words: object): Promise<void> => order(words).then(() => undefined);
  const ended = once(child, 'exit');
  const isReady = hear('ready').then(() => true);
  if (!(await Promise.race([isReady, ended.then(() => false)]))) {
    throw new Error('the simulated reader ended before it was ready');
  }
  return {
    insert: (card, manners) => obeyed({ do: 'insert', card, manners }),
    pull: () => obeyed({ do: 'pull' }),
    misbehave: (how) => obeyed({ do: 'misbehave', how }),
    behave: () => obeyed({ do: 'behave' }),
    report: async () => (await order({ do: 'report' }))['report'] as CcidReport,
    said: (word) => hear(word).then(() => undefined),
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
