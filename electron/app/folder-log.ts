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
/** As many notes about one thing at once as tell how it went, and then so many a second. */
const notesAtOnce = 1000;
const notesPerSecond = 2;
/** A longer line is a fault with a long stack; its beginning says what it was. */
const lineCharactersMax = 8000;

/**
 * Writes one JSON line each to `logs/desk.log`, at once: the last lines before a crash matter most. What happens without
 * end (a reader gone mad tells thousands of cards a second) is counted beyond a bound, and must not fill the books' disk.
 */
export function folderLog(home: string, monotonicMs = () => performance.now()): FolderLog {
  const room = roomForNotes(monotonicMs);
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
        const { isRoom, leftOut } = room(about);
        if (!isRoom) return;
        if (leftOut > 0) log.info({ about: 'log', of: about, leftOut });
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

/** Whether one more note about a thing is written, and how many were not since the last that was. */
function roomForNotes(
  monotonicMs: () => number,
): (about: string) => { readonly isRoom: boolean; readonly leftOut: number } {
  const things = new Map<string, { room: number; at: number; leftOut: number }>();
  return (about) => {
    const now = monotonicMs();
    const thing = things.get(about) ?? { room: notesAtOnce, at: now, leftOut: 0 };
    things.set(about, thing);
    const since = ((now - thing.at) / 1000) * notesPerSecond;
    thing.room = Math.min(notesAtOnce, thing.room + since);
    thing.at = now;
    if (thing.room < 1) {
      thing.leftOut += 1;
      return { isRoom: false, leftOut: 0 };
    }
    thing.room -= 1;
    const { leftOut } = thing;
    thing.leftOut = 0;
    return { isRoom: true, leftOut };
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
