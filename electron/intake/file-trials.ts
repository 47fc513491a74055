import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { isSafeName } from '../base/foreign-folder.ts';
import { tryFile, type TrialReport } from './import-files.ts';
import { intakeRefusal } from './intake-refusals.ts';
import type { IntakeDependencies } from './keep-visit-document.ts';

/** As large as a workbook may be; a larger table is tried by command where it lies. */
const trialBytesMax = 32 * 1024 * 1024;
const folderPrefix = 'trying-';

type Trial = {
  readonly name: string;
  /** When it was changed last where it lies: by that its bills are older or newer. */
  readonly changedAt: string | undefined;
  readonly parts: Buffer[];
  bytes: number;
};

/**
 * Files that somebody dropped on the page to see what taking them in would come to. The bytes come in parts and stay in memory;
 * on the disk they lie in a folder of their own in the data folder, for as long as they are read.
 */
export class FileTrials {
  readonly #dependencies: IntakeDependencies;
  readonly #home: string;
  readonly #trials = new Map<string, Trial>();
  #running: Promise<unknown> = Promise.resolve();

  constructor(dependencies: IntakeDependencies, home: string) {
    this.#dependencies = dependencies;
    this.#home = home;
  }

  /** The page of a session begins with a file; what it had begun before is forgotten. */
  begin(session: string, name: string, changedAt?: string): void {
    this.#trials.set(session, { name, changedAt, parts: [], bytes: 0 });
  }

  /** Some more of its bytes; answers how many there are. */
  add(session: string, part: Buffer): Result<number, 'trial-unknown' | 'trial-too-large'> {
    const trial = this.#trials.get(session);
    if (trial === undefined) return refused(intakeRefusal('trial-unknown'));
    trial.bytes += part.length;
    if (trial.bytes > trialBytesMax) {
      this.#trials.delete(session);
      return refused(intakeRefusal('trial-too-large', { most: '32 MB' }));
    }
    trial.parts.push(part);
    return accepted(trial.bytes);
  }

  /** Reads it as intake does and keeps nothing; one after another. */
  async run(session: string): Promise<Result<TrialReport, 'trial-unknown'>> {
    const trial = this.#trials.get(session);
    if (trial === undefined) return refused(intakeRefusal('trial-unknown'));
    this.#trials.delete(session);
    const run = this.#running.then(() => this.#read(trial));
    this.#running = run.catch(() => undefined);
    return accepted(await run);
  }

  async #read({ name, changedAt, parts }: Trial): Promise<TrialReport> {
    await this.#removeLeft();
    const folder = await mkdtemp(join(this.#home, folderPrefix));
    try {
      const file = join(folder, isSafeName(name) ? name : `file${extname(name).slice(0, 8)}`);
      await writeFile(file, Buffer.concat(parts), { mode: 0o600, flag: 'wx' });
      if (changedAt !== undefined) await utimes(file, new Date(changedAt), new Date(changedAt));
      return await tryFile(this.#dependencies, file);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** What a program that was ended while it read has left. */
  async #removeLeft(): Promise<void> {
    for (const name of await readdir(this.#home))
      if (name.startsWith(folderPrefix))
        await rm(join(this.#home, name), { recursive: true, force: true });
  }
}
