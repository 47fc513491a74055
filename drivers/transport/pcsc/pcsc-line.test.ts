import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { privatePcscd, type PrivatePcscd } from '../../card-reader/simulator/start-pcscd.ts';
import {
  startVpcdSimulator,
  type RunningVpcdSimulator,
} from '../../card-reader/simulator/start-vpcd-simulator.ts';
import { socialSecurityCard } from '../../card-reader/simulator/social-security-card-examples.ts';
import { testTransportContract } from '../transport-contract.test-support.ts';
import { pcscLine } from './pcsc-line.ts';
import { pcsc } from './pcsc-service.ts';

const second = 1000;

let service: PrivatePcscd;
let card: RunningVpcdSimulator;
beforeAll(async () => {
  service = await privatePcscd();
  await service.start();
  card = await startVpcdSimulator(service.ports[0]);
}, 30 * second);
afterAll(async () => {
  await card.stop();
  await service.dispose();
});

const seen = async () => {
  const readers = await pcsc.readers();
  return readers.ok
    ? (readers.value.find(({ name }) => name === service.readers[0]) ?? null)
    : null;
};

/** The service notices a card a moment after it is in, or out. */
async function untilCardIs(isIn: boolean): Promise<void> {
  await expect.poll(async () => (await seen())?.hasCard, { timeout: 300 * second }).toBe(isIn);
}

testTransportContract(
  'PC/SC with a card in a virtual reader',
  async () => {
    await card.insertEcho();
    await untilCardIs(true);
    return {
      opener: pcscLine({ pcsc, reader: service.readers[0] }),
      received: () => new Uint8Array(),
      unplug: async () => {
        await card.remove();
        await untilCardIs(false);
      },
      plug: async () => {
        await card.insertEcho();
        await untilCardIs(true);
      },
      dispose: async () => {
        await card.remove();
        await untilCardIs(false);
      },
    };
  },
  'many',
);

describe('the card service', { timeout: 1200 * second }, () => {
  it('names its readers, and tells what happened in them', async () => {
    const readers = await pcsc.readers();
    expect(readers.ok && readers.value.map(({ name }) => name)).toEqual([...service.readers]);
    const before = await seen();
    await card.insert(socialSecurityCard);
    await untilCardIs(true);
    expect((await seen())?.changes).not.toBe(before?.changes);
    await card.remove();
    await untilCardIs(false);
  });

  it('gives the answer to reset, and passes 61xx and 6Cxx on as the card says them', async () => {
    await card.insert(socialSecurityCard, { answersLater: 'always', wantsExactLength: true });
    await untilCardIs(true);
    const connected = await pcsc.connect(service.readers[0], 2 * second);
    if (!connected.ok) throw new Error(connected.detail);
    const { session, atr } = connected.value;
    expect(Buffer.from(atr).toString('hex')).toBe('3b6d00000081544d00866065d1560000ff');
    const say = async (hexadecimal: string) => {
      const answered = await pcsc.transmit(session, Buffer.from(hexadecimal, 'hex'), 2 * second);
      return answered.ok ? Buffer.from(answered.value).toString('hex') : answered.code;
    };
    expect(await say('00a404000f7378312e73682ec9e7bbe1b1a3d5cf')).toMatch(/^61..$/);
    expect(await say('00a4020002ef05')).toBe('9000');
    expect(await say('00b2010400')).toBe('6c12');
    await pcsc.disconnect(session);
    await card.remove();
    await untilCardIs(false);
  });

  it('says what is missing: the reader, the card', async () => {
    expect(await pcsc.connect('No Such Reader', second)).toMatchObject({ code: 'no-reader' });
    expect(await pcsc.connect(service.readers[1], second)).toMatchObject({ code: 'no-card' });
  });

  it('killed and started again is found again', async () => {
    await service.kill();
    await expect.poll(async () => (await pcsc.readers()).ok, { timeout: 300 * second }).toBe(false);
    expect(await pcsc.readers()).toMatchObject({ ok: false, code: 'no-service' });
    await service.start();
    await expect.poll(async () => (await pcsc.readers()).ok, { timeout: 300 * second }).toBe(true);
  });

  it('frozen hangs nobody: questions end at their deadline, and go on when it thaws', async () => {
    await service.freeze();
    try {
      // Without the deadline this test would not come to its end.
      expect((await pcsc.readers()).ok).toBe(false);
      expect((await pcsc.readers()).ok).toBe(false);
    } finally {
      service.thaw();
    }
    await expect.poll(async () => (await pcsc.readers()).ok, { timeout: 300 * second }).toBe(true);
  });
});

describe('a program that has read', () => {
  it(
    'can end: the thread of the card service holds nobody back',
    { timeout: 300 * second },
    async () => {
      const asks = new URL('./ask-readers.test-support.ts', import.meta.url);
      const child = spawn(process.execPath, [fileURLToPath(asks)], { stdio: 'ignore' });
      const [code] = (await once(child, 'exit')) as [number | null];
      expect(code).toBe(0);
    },
  );
});
