import { execFile, spawn } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { ownUser } from '../../../database/postgresql.test-support.ts';

const run = promisify(execFile);

/** What the line does to bytes: `server` before each part that comes back, `client` with what has gone out so far. */
export type LineFault = {
  readonly server?: () => 'pass' | 'cut' | 'hold';
  readonly client?: (sentBytes: number) => 'pass' | 'cut';
};

/** Debian's own OpenSSH server on loopback, its user's alone, behind a line that a test may break. */
export type SftpServer = {
  readonly home: string;
  readonly user: string;
  readonly keyFile: string;
  /** Of the host's key, and of a key that is not its. */
  readonly hostKey: string;
  readonly otherHostKey: string;
  readonly address: URL;
  setLine(fault: LineFault): void;
  stop(): Promise<void>;
};

export async function startSftpServer(): Promise<SftpServer> {
  const home = await mkdtemp(join(tmpdir(), 'sftp-test-'));
  // As root it would need a folder of the system's; as another user it serves this user alone.
  const server = await ownUser();
  const user = server === null ? userInfo().username : 'postgres';
  const key = (name: string) => join(home, name);
  for (const name of ['host', 'other', 'client'])
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key(name)]);
  await writeFile(key('authorized'), await readFile(key('client.pub')));
  const port = await freePort();
  const config = [
    ...[`ListenAddress 127.0.0.1:${String(port)}`, `HostKey ${key('host')}`, 'PidFile none'],
    ...[`AuthorizedKeysFile ${key('authorized')}`, 'StrictModes no', 'UsePAM no'],
    ...['PasswordAuthentication no', 'Subsystem sftp internal-sftp', 'MaxStartups 100'],
  ];
  await writeFile(key('config'), `${config.join('\n')}\n`);
  for (const folder of ['in', 'out', 'done', 'taken'])
    await mkdir(join(home, folder), { recursive: true });
  await chmod(home, 0o755);
  if (server !== null)
    for (const name of ['host', 'authorized', 'config', 'in', 'out', 'done', 'taken'])
      await chown(join(home, name), server.uid, server.gid);
  const sshd = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', key('config')], {
    ...(server ?? {}),
    cwd: home,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    sshd.stderr.on('data', (text: Buffer) => {
      said += text.toString();
      if (said.includes('Server listening')) resolve();
    });
    sshd.once('exit', () => {
      reject(new Error(said));
    });
  });
  const line = await startLine(port);
  return {
    ...{ home, user, keyFile: key('client') },
    ...{ hostKey: await fingerprint(key('host')), otherHostKey: await fingerprint(key('other')) },
    address: new URL(`sftp://127.0.0.1:${String(line.port)}`),
    setLine: line.set,
    async stop() {
      await line.close();
      const end = new Promise((resolve) => sshd.once('exit', resolve));
      sshd.kill('SIGTERM');
      await end;
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function fingerprint(key: string): Promise<string> {
  const { stdout } = await run('ssh-keygen', ['-l', '-f', `${key}.pub`]);
  return stdout.split(' ')[1] ?? '';
}

/** Hands bytes on both ways until a fault says otherwise. */
async function startLine(port: number) {
  let fault: LineFault = {};
  const sockets = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    let sent = 0;
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (bytes) => {
      sent += bytes.length;
      if (fault.client?.(sent) === 'cut') near.destroy();
      else far.write(bytes);
    });
    far.on('data', (bytes) => {
      const how = fault.server?.() ?? 'pass';
      if (how === 'cut') near.destroy();
      else if (how === 'pass') near.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: portOf(server),
    set: (next: LineFault) => {
      fault = next;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
