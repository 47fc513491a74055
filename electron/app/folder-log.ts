import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { destination, pino } from 'pino';

/** The folder's log: what happened, never to whom. Nothing personal is handed to it. */
export type FolderLog = {
  note(about: string, facts: object): void;
  fault(problem: unknown, facts?: object): void;
  close(): void;
};

/** Writes one JSON line each to `logs/desk.log`, at once: the last lines before a crash matter most. */
export function folderLog(home: string): FolderLog {
  const folder = join(home, 'logs');
  mkdirSync(folder, { recursive: true });
  const stream = destination({ dest: join(folder, 'desk.log'), sync: true });
  const log = pino({ base: { pid: process.pid } }, stream);
  return {
    note(about, facts) {
      log.info({ about, ...facts });
    },
    fault(problem, facts = {}) {
      log.error({ ...facts, err: problem });
    },
    close() {
      stream.end();
    },
  };
}
