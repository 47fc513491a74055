import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReadStream, WriteStream } from 'node:tty';
import { describe, expect, it } from 'vitest';
import { startPtyPair } from '../card-reader/simulator/pty-pair.ts';
import { ReopeningTransport } from './reopening-transport.ts';
import { serialLine } from './serial-line.ts';
import { testTransportContract, type LineUnderTest } from './transport-contract.test-support.ts';

const depth = Number(process.env['TEST_DEPTH'] ?? 1);
const rounds = 15 * depth;

/** A real terminal device at each end, joined by socat. */
async function startSerialLine(): Promise<LineUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'serial-line-'));
  const pair = await startPtyPair(folder);
  const received: number[] = [];
  let device = openDevice(pair.deviceEnd, received);
  return {
    opener: serialLine({ path: pair.programEnd, baudRate: 115200 }),
    send: (bytes) => device.send(bytes),
    received: () => Uint8Array.from(received),
    async unplug() {
      await pair.unplug();
      device.close();
    },
    async plug() {
      await pair.plug();
      device = openDevice(pair.deviceEnd, received);
    },
    async dispose() {
      device.close();
      await pair.unplug();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function openDevice(path: string, received: number[]) {
  const descriptor = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  const input = new ReadStream(descriptor);
  const output = new WriteStream(descriptor);
  const ignore = (): void => undefined;
  input.on('error', ignore);
  output.on('error', ignore);
  input.on('data', (bytes: Buffer) => received.push(...bytes));
  return {
    send: (bytes: Uint8Array) => output.write(bytes),
    close: () => {
      input.destroy();
      output.destroy();
    },
  };
}

testTransportContract('a serial line', startSerialLine);

/**
 * A terminal that hangs up just while it is being read gives zero bytes for ever, and the library then reads on
 * at full speed without a word. It happens in about one round of five.
 */
describe('a serial line that vanishes right after it spoke', () => {
  it('is always noticed, also when nobody writes to it', { timeout: 300_000 * depth }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'serial-line-'));
    const pair = await startPtyPair(folder);
    const transport = new ReopeningTransport(
      serialLine({ path: pair.programEnd, baudRate: 115200 }),
    );
    try {
      for (let round = 0; round < rounds; round += 1) {
        const device = openSync(pair.deviceEnd, constants.O_RDWR | constants.O_NOCTTY);
        expect((await transport.open()).ok).toBe(true);
        writeSync(device, Buffer.alloc(100));
        expect((await transport.read(1000)).ok).toBe(true);
        await pair.unplug();
        await expect.poll(() => transport.state, { timeout: 300_000 }).not.toBe('open');
        closeSync(device);
        await pair.plug();
      }
    } finally {
      await transport.close();
      await pair.unplug();
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('a path that cannot be a serial line', () => {
  it('is said to be absent, and nothing is thrown', async () => {
    for (const path of ['/dev/no-such-port', '/', '']) {
      const transport = new ReopeningTransport(serialLine({ path, baudRate: 115200 }));
      const outcome = await transport.open();
      expect(outcome.ok).toBe(false);
      await transport.close();
    }
  });
});
