import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import {
  answeringPostgres,
  ownUser,
  postgresPrograms,
} from '../../database/postgresql.test-support.ts';
import { serverCertificate, serverKey } from './sql-certificates.test-support.ts';

const run = promisify(execFile);

/** A real server of a hospital's database on loopback, with TLS, and what its administrator may do. */
export type SqlServer = {
  readonly protocol: 'postgresql' | 'mysql';
  readonly port: number;
  /** The reader's password; it may read what `script` grants it. */
  readonly password: string;
  /** Runs statements as the administrator, one a line of the list. */
  script(statements: readonly string[]): Promise<void>;
  /** Asks as the administrator: the first column of each row. */
  ask(question: string): Promise<readonly string[]>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
};

const password = 'mi-ma-4711';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A folder with the server's certificate, for the user that the server runs as. */
async function serverFolder(name: string, user: { uid: number; gid: number } | null) {
  const folder = await mkdtemp(join(tmpdir(), `settlement-${name}-`));
  await chmod(folder, 0o700);
  const [certificate, key] = [join(folder, 'server.pem'), join(folder, 'server.key')];
  await writeFile(certificate, serverCertificate);
  await writeFile(key, serverKey, { mode: 0o600 });
  if (user !== null)
    for (const path of [folder, certificate, key]) await chown(path, user.uid, user.gid);
  return { folder, certificate, key };
}

async function ended(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const end = new Promise((resolve) => server.once('exit', resolve));
  server.kill(signal);
  await end;
}

/** Debian's PostgreSQL: a database `his`, a user `window` who may log in and nothing more. */
export async function startPostgresServer(): Promise<SqlServer> {
  const bin = await postgresPrograms();
  const user = await ownUser();
  const { folder, certificate, key } = await serverFolder('postgres', user);
  const as = { ...(user ?? {}), cwd: folder };
  const data = join(folder, 'data');
  const options = ['--no-sync', '--encoding=UTF8', '--locale=C', '-U', 'tester'];
  const auth = ['--auth-local=trust', '--auth-host=scram-sha-256'];
  await run(join(bin, 'initdb'), ['-D', data, ...options, ...auth], as);
  const port = await freePort();
  const set = [
    ...['listen_addresses=127.0.0.1', `port=${String(port)}`, 'fsync=off', 'ssl=on'],
    ...[`ssl_cert_file=${certificate}`, `ssl_key_file=${key}`],
  ];
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', data, '-k', folder, ...set.flatMap((each) => ['-c', each])],
    { ...as, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await answeringPostgres(server);
  const script = async (database: string, statements: readonly string[]): Promise<void> => {
    const file = join(folder, 'script.sql');
    await writeFile(file, `${statements.join(';\n')};\n`, { mode: 0o644 });
    const words = ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-h', folder, '-p', String(port)];
    await run(join(bin, 'psql'), [...words, '-U', 'tester', '-d', database, '-f', file], as);
  };
  await script('postgres', ['create database his', `create user "window" password '${password}'`]);
  return {
    ...{ protocol: 'postgresql', port, password },
    script: (statements) => script('his', statements),
    async ask(question) {
      const words = ['-X', '-q', '-t', '-A', '-h', folder, '-p', String(port), '-U', 'tester'];
      const { stdout } = await run(join(bin, 'psql'), [...words, '-d', 'his', '-c', question], as);
      return stdout.split('\n').filter((line) => line !== '');
    },
    async stop() {
      await ended(server, 'SIGINT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Debian's MariaDB: the same. */
export async function startMariadbServer(): Promise<SqlServer> {
  const { folder, certificate, key } = await serverFolder('mariadb', null);
  const data = join(folder, 'data');
  const socket = join(folder, 'socket');
  const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];
  await makeMariadbTables(data, asRoot);
  const port = await freePort();
  const server = spawn(
    'mariadbd',
    [
      ...['--no-defaults', `--datadir=${data}`, `--socket=${socket}`, ...asRoot],
      ...[`--port=${String(port)}`, '--bind-address=127.0.0.1', '--skip-name-resolve'],
      ...[`--ssl-cert=${certificate}`, `--ssl-key=${key}`, `--pid-file=${join(folder, 'pid')}`],
      ...['--innodb-flush-log-at-trx-commit=0', '--innodb-buffer-pool-size=32M'],
    ],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await answeringMariadb(server);
  const script = async (statements: readonly string[]): Promise<void> => {
    const { createConnection } = await import('mysql2/promise');
    const connection = await createConnection({ socketPath: socket, user: 'root' });
    try {
      for (const statement of statements) await connection.query(statement);
    } finally {
      await connection.end();
    }
  };
  await script([
    'create database his character set utf8mb4',
    `create user 'window'@'%' identified by '${password}'`,
  ]);
  return {
    ...{ protocol: 'mysql', port, password },
    script: (statements) => script(['use his', ...statements]),
    async ask(question) {
      const { createConnection } = await import('mysql2/promise');
      const connection = await createConnection({
        ...{ socketPath: socket, user: 'root', database: 'his', rowsAsArray: true },
      });
      try {
        const [rows] = await connection.query(question);
        return (rows as unknown[][]).map(([cell]) => String(cell));
      } finally {
        await connection.end();
      }
    },
    async stop() {
      await ended(server, 'SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What `mariadb-install-db` does with programs that this package does not bring. */
async function makeMariadbTables(data: string, asRoot: readonly string[]): Promise<void> {
  await mkdir(data);
  const texts = ['tables', 'tables_data'].map((name) =>
    readFile(`/usr/share/mysql/mysql_system_${name}.sql`, 'utf8'),
  );
  const lines = (await Promise.all(texts)).join('\n').split('\n');
  const making = spawn(
    'mariadbd',
    ['--no-defaults', '--bootstrap', `--datadir=${data}`, '--skip-grant-tables', ...asRoot],
    { cwd: data, stdio: ['pipe', 'ignore', 'pipe'] },
  );
  let said = '';
  making.stderr.on('data', (text: Buffer) => (said += text.toString()));
  making.stdin.end(
    [
      ...['create database mysql;', 'use mysql;', 'set @auth_root_socket=NULL;'],
      ...lines.filter((line) => !line.includes('@current_hostname')),
    ].join('\n'),
  );
  const code = await new Promise((resolve) => making.once('exit', resolve));
  if (code !== 0) throw new Error(said);
}

function answeringMariadb(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stderr?.on('data', (text: Buffer) => {
      said += text.toString();
      if (said.includes('ready for connections')) resolve();
    });
    server.once('exit', () => {
      reject(new Error(said));
    });
  });
}
