import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmod, chown, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A PostgreSQL server of the test's own, in a folder of its own, heard on a socket in that folder alone. */
export type PostgresServer = {
  /**
   * What the server says against each statement, by the statement; those it takes are not named. Statements run one
   * after another, each by itself.
   */
  refusals(statements: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
};

/** Makes and starts one. It does not run as root: there it runs as the user that Debian's package brings. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = await postgresPrograms();
  const folder = await mkdtemp(join(tmpdir(), 'settlement-postgres-'));
  const user = await ownUser();
  await chmod(folder, 0o700);
  if (user !== null) await chown(folder, user.uid, user.gid);
  const as = { ...(user ?? {}), cwd: folder };
  const data = join(folder, 'data');
  const options = ['--no-sync', '--encoding=UTF8', '--locale=C', '--auth=trust', '-U', 'tester'];
  await run(join(bin, 'initdb'), ['-D', data, ...options], as);
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'fsync=off'],
    { ...as, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await answeringPostgres(server);
  return {
    async refusals(statements) {
      const file = join(folder, 'statements.sql');
      // Each on a line of its own, so that a refusal names its line; a comment would end with the line.
      const lines = statements.map((each) => `${each.trim().replace(/\s+/g, ' ')};`);
      await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o644 });
      const client = ['-X', '-q', '-h', folder, '-U', 'tester', '-d', 'postgres', '-f', file];
      const { stderr } = await run(join(bin, 'psql'), client, {
        ...as,
        env: { ...process.env, LC_ALL: 'C' },
        maxBuffer: 64 * 1024 * 1024,
      });
      const found = new Map<string, string>();
      for (const [, line, said = ''] of stderr.matchAll(/:(\d+): ERROR: {2}(.*)/g)) {
        const statement = statements[Number(line) - 1];
        if (statement === undefined) throw new Error(`a refusal of no statement: ${said}`);
        found.set(statement, said);
      }
      return found;
    },
    async stop() {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGINT');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Where Debian puts the programs of the newest version there is. */
export async function postgresPrograms(): Promise<string> {
  const versions = await readdir('/usr/lib/postgresql');
  const newest = versions.map(Number).sort((a, b) => b - a)[0];
  if (newest === undefined) throw new Error('PostgreSQL is not installed');
  return `/usr/lib/postgresql/${String(newest)}/bin`;
}

/** The user that a server runs as where this program runs as root; null: its own. */
export async function ownUser(): Promise<{ readonly uid: number; readonly gid: number } | null> {
  if (process.getuid?.() !== 0) return null;
  const line = /^postgres:[^:]*:(\d+):(\d+):/m.exec(await readFile('/etc/passwd', 'utf8'));
  if (line === null) throw new Error('the user postgres is not there');
  return { uid: Number(line[1]), gid: Number(line[2]) };
}

/** Until it says that it takes connections; what it said before, where it ends instead. */
export function answeringPostgres(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stderr?.on('data', (text: Buffer) => {
      said += text.toString();
      if (said.includes('ready to accept connections')) resolve();
    });
    server.once('exit', () => {
      reject(new Error(said));
    });
  });
}
