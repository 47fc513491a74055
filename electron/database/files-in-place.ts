import { statSync, type BigIntStats } from 'node:fs';
import { basename } from 'node:path';

import type { MissingFromBooks } from './database-refusals.ts';
import { logSizeLimit } from './sqlite-connection.ts';

/** The files of a database that is open, as they were when they were opened. */
export type FilesInPlace = {
  /**
   * What somebody did to one of them since: deleted or moved it, put another in its place, or cut it. Null: they are the
   * ones that are open. Looks at names only and opens nothing: closing a file here would free SQLite's locks on it.
   */
  whatHappened(): MissingFromBooks | null;
  /** Takes them as they are now, for a check that empties the log on purpose. */
  takeAsTheyAre(): void;
};

/** The database, SQLite's log and the log's index. */
const endings = ['', '-wal', '-shm'] as const;
type Ending = (typeof endings)[number];

/**
 * Remembers which files are open under a database. `before` is the database as it was found before it was opened: where
 * another has taken its place meanwhile, that is what happened. Called when SQLite has all three open.
 */
export function filesInPlace(file: string, before: BigIntStats | undefined): FilesInPlace {
  const known = new Map<Ending, BigIntStats | undefined>();
  const takeAsTheyAre = (): void => {
    for (const ending of endings) known.set(ending, fileAt(file + ending));
  };
  takeAsTheyAre();
  if (before !== undefined) known.set('', before);
  return {
    takeAsTheyAre,
    whatHappened() {
      for (const ending of endings) {
        const is = fileAt(file + ending);
        const was = known.get(ending);
        const problem = was === undefined ? null : problemOf(ending, was, is);
        if (problem !== null) return inWords(basename(file) + ending, problem);
        known.set(ending, is);
      }
      return null;
    },
  };
}

/** The file of a name; undefined where there is none. */
export function fileAt(path: string): BigIntStats | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false });
}

type Problem = 'gone' | 'another' | 'cut';

function problemOf(ending: Ending, was: BigIntStats, is: BigIntStats | undefined): Problem | null {
  if (is === undefined) return 'gone';
  if (is.ino !== was.ino || is.dev !== was.dev) return 'another';
  if (is.size >= was.size) return null;
  // SQLite cuts its own log to this size, and nothing else of a file that is open.
  return ending === '-wal' && is.size >= BigInt(logSizeLimit) ? null : 'cut';
}

function inWords(name: string, problem: Problem): MissingFromBooks {
  const words = {
    gone: {
      zh: `程序运行时，文件 ${name} 被删除或移走`,
      en: `${name} was deleted or moved away while the program ran`,
    },
    another: {
      zh: `程序运行时，文件 ${name} 被换成了另一个文件`,
      en: `another file was put in the place of ${name} while the program ran`,
    },
    cut: {
      zh: `程序运行时，文件 ${name} 被截短`,
      en: `${name} was cut short while the program ran`,
    },
  };
  return { about: name, text: words[problem] };
}
