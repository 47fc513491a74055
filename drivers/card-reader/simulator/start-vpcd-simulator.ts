/** Starts the simulated card in a virtual reader as a program of its own and hands out its orders. For tests. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type {
  SocialSecurityCardData,
  SocialSecurityCardManners,
  SocialSecurityCardReport,
} from './social-security-card.ts';

export type RunningVpcdSimulator = {
  /** Ends when the reader has the card. */
  insert(card: SocialSecurityCardData, manners?: SocialSecurityCardManners): Promise<void>;
  /** Puts the card in whenever there is a reader to put it into. */
  insertLater(card: SocialSecurityCardData): Promise<void>;
  insertEcho(): Promise<void>;
  remove(): Promise<void>;
  misbehave(how: SocialSecurityCardManners): Promise<void>;
  /** What the card in the reader was asked; null without one. */
  report(): Promise<SocialSecurityCardReport | null>;
  stop(): Promise<void>;
};

type Saying = Readonly<Record<string, unknown>>;

export async function startVpcdSimulator(port: number): Promise<RunningVpcdSimulator> {
  const program = fileURLToPath(new URL('./vpcd-simulator.ts', import.meta.url));
  const child = spawn(process.execPath, [program, '--port', String(port)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting = new Set<{ readonly word: string; readonly resolve: (saying: Saying) => void }>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const saying = JSON.parse(line) as Saying;
    for (const waiter of waiting) {
      if (!(waiter.word in saying)) continue;
      waiting.delete(waiter);
      waiter.resolve(saying);
      // Orders are answered one by one.
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
    throw new Error('the simulated card ended before it was ready');
  }
  return {
    async insert(card, manners = {}) {
      const isIn = hear('in');
      await order({ do: 'insert', card, manners });
      await isIn;
    },
    insertLater: (card) => obeyed({ do: 'insert', card }),
    async insertEcho() {
      const isIn = hear('in');
      await order({ do: 'insert-echo' });
      await isIn;
    },
    remove: () => obeyed({ do: 'remove' }),
    misbehave: (how) => obeyed({ do: 'misbehave', how }),
    report: async () => {
      const { report } = await order({ do: 'report' });
      return report as SocialSecurityCardReport | null;
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
