import { statSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

/** Of what a lock is: a data folder and the database in it. */
export type LockPlace = { readonly home: string; readonly databaseFile: string };

/** The lock's file in the folder. */
export const lockFile = ({ home }: LockPlace, name: string): string =>
  join(home, 'locks', `${name}.lock`);

/** Where a holder writes who it is; nobody's word but its own. */
export const holderFile = ({ home }: LockPlace, name: string): string =>
  join(home, 'locks', `${name}.json`);

/**
 * Names in the system's own memory, of the database and of the folder: by device and inode, so that no other path, link,
 * mount or name of the same thing gives another, and nothing that is deleted or copied in the folder frees one. On
 * Linux abstract sockets, on Windows named pipes; elsewhere there is nothing like them and the file stands alone.
 */
export function socketNames({ home, databaseFile }: LockPlace, name: string): readonly string[] {
  const prefix = { linux: '\0settlement-window/', win32: '\\\\.\\pipe\\settlement-window-' }[
    process.platform as string
  ];
  if (prefix === undefined) return [];
  return [databaseFile, home].flatMap((path) => {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false });
    return found === undefined
      ? []
      : [`${prefix}${name}-${String(found.dev)}-${String(found.ino)}`];
  });
}

/** Takes a name; null where someone has it. It lasts until it is closed or its process dies, however it dies. */
export function takeSocket(name: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (problem: NodeJS.ErrnoException) => {
      // On Windows another user's pipe of that name shows as access denied.
      if (problem.code === 'EADDRINUSE' || problem.code === 'EACCES') resolve(null);
      else reject(problem);
    });
    server.listen({ path: name, exclusive: true }, () => {
      // Holding a lock keeps no program alive.
      server.unref();
      resolve(server);
    });
  });
}

/** Whether someone has a name. Asking takes nothing, so nobody who wants it meanwhile is turned away. */
export function isSocketTaken(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(name);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', ({ code }: NodeJS.ErrnoException) => {
      // A holder that does not get round to answering (stopped, very busy) still has it.
      resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT');
    });
  });
}
