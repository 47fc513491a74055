import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What one command answered: its exit code and its one document; null where it printed none. */
export type CommandAnswer = {
  readonly exitCode: number;
  readonly json: unknown;
  /** What it said to people. */
  readonly said: string;
};

/**
 * One process of the built command line that runs command after command, each from its arguments to its exit
 * code: for tests of what a command does. That it is a program of its own is `command-line.test.ts`' affair.
 */
export class CommandSession {
  readonly #child: ChildProcess;
  #turn: Promise<unknown> = Promise.resolve();
  #printed: string[] = [];
  #said = '';
  #heard: (exitCode: number) => void = () => undefined;
  #lost: (problem: Error) => void = () => undefined;

  constructor(environment: Readonly<Record<string, string>> = {}) {
    const program = join(import.meta.dirname, 'command-session-program.ts');
    this.#child = spawn(process.execPath, [program], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.#said += chunk.toString()));
    if (this.#child.stdout === null) throw new Error('the session has no standard output');
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      const exitCode = /^exit (\d+)$/.exec(line)?.[1];
      if (exitCode === undefined) this.#printed.push(line);
      else this.#heard(Number(exitCode));
    });
    this.#child.once('exit', () => {
      this.#lost(new Error(`the session of commands ended: ${this.#said}`));
    });
  }

  /** Runs one command once those before it have ended. */
  run(argv: readonly string[]): Promise<CommandAnswer> {
    const answer = this.#turn.then(() => this.#ask(argv));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  async #ask(argv: readonly string[]): Promise<CommandAnswer> {
    this.#printed = [];
    this.#said = '';
    const exitCode = await new Promise<number>((resolve, reject) => {
      this.#heard = resolve;
      this.#lost = reject;
      this.#child.stdin?.write(`${JSON.stringify(argv)}\n`);
    });
    this.#lost = () => undefined;
    const text = this.#printed.join('\n');
    return { exitCode, json: text === '' ? null : JSON.parse(text), said: this.#said };
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.stdin?.end();
    await ended;
  }
}
