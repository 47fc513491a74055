import { closeSync, constants, existsSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { pino } from 'pino';

import { openPlainFile } from '../base/foreign-folder.ts';

/** The folder's log: what happened, never to whom. Nothing personal is handed to it. It never throws. */
export type FolderLog = {
  note(about: string, facts: object): void;
  fault(problem: unknown, facts?: object): void;
  /** Why lines are not on the disk now, after trying once more; null: they are. */
  unwritten(): UnwrittenLog | null;
  close(): void;
};

/** Lines that wait for room. The oldest go when there are too many. */
export type UnwrittenLog = {
  /** Of the system: ENOSPC, EROFS, … */
  readonly code: string;
  readonly since: string;
  readonly waiting: number;
  readonly lost: number;
};

/** Lines kept in memory while the disk takes none: enough to see how it began and what came last. */
const waitingMax = 500;
/** A longer line is a fault with a long stack; its beginning says what it was. */
const lineCharactersMax = 8000;

/** Writes one JSON line each to `logs/desk.log`, at once: the last lines before a crash matter most. */
export function folderLog(home: string): FolderLog {
  const file = lineFile(join(home, 'logs', 'desk.log'));
  const log = pino(
    { base: { pid: process.pid } },
    {
      write: (line: string) => {
        file.write(line);
      },
    },
  );
  const quietly = (work: () => void): void => {
    try {
      work();
    } catch {
      // A fact that cannot be turned into text (a getter that throws) is no reason to end a settlement.
    }
  };
  return {
    note(about, facts) {
      quietly(() => {
        log.info({ about, ...facts });
      });
    },
    fault(problem, facts = {}) {
      quietly(() => {
        log.error({ ...facts, err: problem });
      });
    },
    unwritten: () => file.unwritten(),
    close() {
      file.close();
    },
  };
}

function lineFile(path: string) {
  let file: number | null = null;
  let waiting: string[] = [];
  let trouble: { readonly code: string; readonly since: string; lost: number } | null = null;
  /** The disk took a part of a line only: the next begins on a line of its own. */
  let broken = false;

  function append(text: string): void {
    file ??= opened(path);
    const bytes = Buffer.from(text);
    let written = 0;
    while (written < bytes.length) {
      written += writeSync(file, bytes, written);
      broken = written < bytes.length;
    }
  }

  /** Tries to write what waits; what is not whole on the disk waits on. */
  function flush(): void {
    try {
      while (waiting.length > 0) {
        append(`${broken ? '\n' : ''}${waiting[0] ?? ''}`);
        waiting.shift();
      }
      if (trouble === null) return;
      const { code, since, lost } = trouble;
      trouble = null;
      append(`${JSON.stringify({ about: 'log', unwrittenSince: since, code, lost })}\n`);
    } catch (problem) {
      const code = problem instanceof Error && 'code' in problem ? String(problem.code) : 'UNKNOWN';
      trouble ??= { code, since: new Date().toISOString(), lost: 0 };
    }
  }

  return {
    write(line: string): void {
      const whole =
        line.length <= lineCharactersMax ? line : `${line.slice(0, lineCharactersMax)}…\n`;
      waiting.push(whole);
      flush();
      if (waiting.length <= waitingMax) return;
      if (trouble !== null) trouble.lost += waiting.length - waitingMax;
      waiting = waiting.slice(-waitingMax);
    },
    unwritten(): UnwrittenLog | null {
      flush();
      return trouble === null ? null : { ...trouble, waiting: waiting.length };
    },
    close(): void {
      flush();
      if (file === null) return;
      closeSync(file);
      file = null;
    },
  };
}

function opened(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  // In a folder that was copied away and put back, a link or a pipe may lie there: nothing is written through it.
  return existsSync(path)
    ? openPlainFile(path, { flags: constants.O_WRONLY | constants.O_APPEND }).descriptor
    : openSync(path, 'ax', 0o600);
}
