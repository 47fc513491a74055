import { createHash } from 'node:crypto';

import type { Client, FileFacts, Sftp } from 'ssh2';

import { OpenKeyFile, readPrivateKeyFile } from '../../../base/private-key-file.ts';
import type { Timer } from '../../../base/timer.ts';
import type { ClaimProblem } from '../../../database/claims-repository.ts';
import type { BatchProfile } from './batch-profile.ts';

/** The line did not stand, broke, or what was asked on it was refused. */
export class LineProblem extends Error {
  override readonly name = 'LineProblem';
  readonly problem: ClaimProblem;
  constructor(code: string, words: string) {
    super(`${code}: ${words}`);
    this.problem = { code, words };
  }
}

/** A file at the payer's, as its folder lists it. */
export type ListedFile = { readonly name: string; readonly size: number; readonly isFile: boolean };

type Way = Pick<BatchProfile, 'user' | 'keyFile' | 'hostKeys' | 'deadlines'>;
type Done<Value> = (problem: Error | null | undefined, value: Value) => void;

/** A packet of SFTP takes no more on every server. */
const chunkBytes = 32_000;

/**
 * A line to a payer's SFTP server: our key, their pinned host key, every step with a deadline. Whatever goes wrong is a
 * `LineProblem`; after a deadline or a break nothing more is asked on it.
 */
export class SftpLine {
  readonly #client: Client;
  readonly #waiting = new Set<(problem: LineProblem) => void>();
  readonly #timer: Timer;
  readonly #stepMs: number;
  #broken: LineProblem | null = null;
  #sftp: Sftp | null = null;

  private constructor(client: Client, timer: Timer, stepMs: number) {
    this.#client = client;
    this.#timer = timer;
    this.#stepMs = stepMs;
  }

  static async open(way: Way, address: URL, timer: Timer): Promise<SftpLine> {
    const privateKey = await readKey(way.keyFile);
    // Only a night with such a payer needs the package; no start of a desk waits for it.
    const { Client } = await import('ssh2');
    const line = new SftpLine(new Client(), timer, way.deadlines.step);
    await line.#connect(way, address, privateKey);
    return line;
  }

  async #connect(way: Way, address: URL, privateKey: Buffer): Promise<void> {
    const client = this.#client;
    let other: string | null = null;
    client.on('error', (problem) => {
      this.#break(
        other === null
          ? problemOf(problem)
          : new LineProblem(
              'host-key-differs',
              `对方主机的密钥是 ${other}，与配置的不同：可能不是支付方的机器，没有发送`,
            ),
      );
    });
    client.on('close', () => {
      this.#break(new LineProblem('no-answer', 'connection closed'));
    });
    await this.#ask<undefined>(way.deadlines.connect, (done) => {
      client.on('ready', () => {
        // Small questions, each waiting for its answer: the system must not wait for more to send.
        client.setNoDelay(true);
        done(null, undefined);
      });
      try {
        client.connect({
          host: address.hostname.replace(/^\[|\]$/g, ''),
          port: Number(address.port === '' ? 22 : address.port),
          ...{ username: way.user, privateKey, readyTimeout: 0 },
          hostVerifier: (key) => {
            const shown = `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
            if (way.hostKeys.includes(shown)) return true;
            other = shown;
            return false;
          },
        });
      } catch (problem) {
        done(new LineProblem('key-file-unusable', messageOf(problem)), undefined);
      }
    });
    this.#sftp = await this.#ask<Sftp>(this.#stepMs, (done) => {
      client.sftp(done);
    });
  }

  /** How large a file is; null: it is not there. */
  async sizeOf(path: string): Promise<number | null> {
    try {
      const facts = await this.#step<FileFacts>((sftp, done) => {
        sftp.stat(path, done);
      });
      return facts.size;
    } catch (problem) {
      if (problem instanceof LineProblem && problem.problem.code === 'not-there') return null;
      throw problem;
    }
  }

  /** Writes a file whole, over what may be left of an earlier try, and has the server put it on its disk. */
  async write(path: string, bytes: Buffer): Promise<void> {
    const handle = await this.#step<Buffer>((sftp, done) => {
      sftp.open(path, 'w', done);
    });
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      const length = Math.min(chunkBytes, bytes.length - at);
      await this.#step<undefined>((sftp, done) => {
        sftp.write(handle, bytes, at, length, at, done);
      });
    }
    try {
      await this.#step<undefined>((sftp, done) => {
        sftp.ext_openssh_fsync(handle, done);
      });
    } catch (problem) {
      // A server of another make does not know it; a line that broke says so with the next step.
      if (this.#broken !== null) throw problem;
    }
    await this.#step<undefined>((sftp, done) => {
      sftp.close(handle, done);
    });
  }

  /** Fails where the new name is taken. */
  async rename(from: string, to: string): Promise<void> {
    await this.#step<undefined>((sftp, done) => {
      sftp.rename(from, to, done);
    });
  }

  /** Makes a folder unless it is there. */
  async makeFolder(path: string): Promise<void> {
    if ((await this.sizeOf(path)) !== null) return;
    await this.#step<undefined>((sftp, done) => {
      sftp.mkdir(path, done);
    });
  }

  async list(path: string): Promise<readonly ListedFile[]> {
    const listed = await this.#step<
      readonly { readonly filename: string; readonly attrs: FileFacts }[]
    >((sftp, done) => {
      sftp.readdir(path, done);
    });
    return listed.map(({ filename, attrs }) => ({
      ...{ name: filename, size: attrs.size, isFile: attrs.isFile() },
    }));
  }

  async read(path: string): Promise<Buffer> {
    return this.#step<Buffer>((sftp, done) => {
      sftp.readFile(path, done);
    });
  }

  close(): void {
    this.#broken ??= new LineProblem('no-answer', 'closed');
    this.#client.end();
    this.#client.destroy();
  }

  #step<Value>(ask: (sftp: Sftp, done: Done<Value>) => void): Promise<Value> {
    return this.#ask(this.#stepMs, (done: Done<Value>) => {
      if (this.#sftp === null) throw new Error('the line was never opened');
      ask(this.#sftp, done);
    });
  }

  #ask<Value>(ms: number, ask: (done: Done<Value>) => void): Promise<Value> {
    if (this.#broken !== null) return Promise.reject(this.#broken);
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.#waiting.delete(fail);
        cancel();
      };
      const fail = (problem: LineProblem): void => {
        end();
        reject(problem);
      };
      this.#waiting.add(fail);
      const cancel = this.#timer(ms, () => {
        this.#break(new LineProblem('no-answer', 'timeout'));
        this.#client.destroy();
      });
      ask((problem, value) => {
        end();
        if (problem === null || problem === undefined) resolve(value);
        else reject(problemOf(problem));
      });
    });
  }

  #break(problem: LineProblem): void {
    this.#broken ??= problem;
    for (const fail of [...this.#waiting]) fail(problem);
  }
}

async function readKey(path: string): Promise<Buffer> {
  try {
    return await readPrivateKeyFile(path);
  } catch (problem) {
    const code = problem instanceof OpenKeyFile ? 'key-file-open' : 'key-file-unusable';
    throw new LineProblem(code, messageOf(problem));
  }
}

/** What SFTP says with a status, and what the line says by breaking. */
function problemOf(
  problem: Error & { readonly level?: string; readonly code?: unknown },
): LineProblem {
  if (problem instanceof LineProblem) return problem;
  if (problem.level === 'client-authentication')
    return new LineProblem('sign-in-refused', '对方不认本院的密钥');
  if (problem.code === 2) return new LineProblem('not-there', problem.message);
  if (typeof problem.code === 'number')
    return new LineProblem('payer-refused-file', problem.message);
  return new LineProblem(
    'no-answer',
    typeof problem.code === 'string' ? problem.code : problem.message,
  );
}

const messageOf = (problem: unknown): string =>
  problem instanceof Error ? problem.message : String(problem);
