import { createServer, type Server, type Socket } from 'node:net';

import { describe, expect, it } from 'vitest';

import { tcpLine } from './tcp-line.ts';
import { testTransportContract, type LineUnderTest } from './transport-contract.test-support.ts';

testTransportContract('TCP', startServedLine, 'many');

/** A device on a port of this machine; unplugged, nothing listens there any more. */
async function startServedLine(): Promise<LineUnderTest> {
  const got: Buffer[] = [];
  const sockets = new Set<Socket>();
  let server: Server | null = null;
  const take = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('data', (bytes) => got.push(bytes));
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  };
  async function listen(port: number): Promise<number> {
    const listening = createServer(take);
    await new Promise<void>((resolve, reject) => {
      listening.once('error', reject);
      listening.listen(port, '127.0.0.1', resolve);
    });
    server = listening;
    const address = listening.address();
    if (typeof address !== 'object' || address === null) throw new Error('not listening');
    return address.port;
  }
  async function unplug(): Promise<void> {
    const listening = server;
    server = null;
    for (const socket of sockets) socket.resetAndDestroy();
    if (listening === null) return;
    await new Promise<void>((resolve) => {
      listening.close(() => {
        resolve();
      });
    });
  }
  const port = await listen(0);
  return {
    opener: tcpLine({ host: '127.0.0.1', port }),
    send: (bytes) => {
      for (const socket of sockets) socket.write(bytes);
    },
    received: () => Buffer.concat(got),
    unplug,
    plug: async () => {
      await listen(port);
    },
    dispose: unplug,
  };
}

describe('a TCP line', () => {
  it('is absent where nobody listens', async () => {
    const line = await startServedLine();
    await line.unplug();
    const events = { data: () => undefined, gone: () => undefined };
    await expect(line.opener.open(events)).rejects.toMatchObject({ fault: { code: 'absent' } });
  });
});
