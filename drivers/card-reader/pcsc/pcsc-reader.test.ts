import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pcsc } from '../../transport/pcsc/pcsc-service.ts';
import { testCardReaderContract } from '../card-reader-contract.test-support.ts';
import { socialSecurityCardsUnderTest } from '../cards-under-test.test-support.ts';
import type { ContactCardReader } from '../contact-card/contact-card-reader.ts';
import { systemReaderClock, type CardReaderEvent } from '../port.ts';
import { privatePcscd, type PrivatePcscd } from '../simulator/start-pcscd.ts';
import {
  longNameCard,
  rareNameSocialCard,
  socialSecurityCard,
  thirdGenerationCard,
} from '../simulator/social-security-card-examples.ts';
import type { SocialSecurityCardManners } from '../simulator/social-security-card.ts';
import {
  startVpcdSimulator,
  type RunningVpcdSimulator,
} from '../simulator/start-vpcd-simulator.ts';
import { pcscReader } from './pcsc-reader.ts';

const second = 1000;
const depth = Number(process.env['TEST_DEPTH'] ?? '1');
/** All of some cases in the deep run; so many of them, others each time, in the usual one. */
const some = <Case>(cases: readonly Case[], count: number): readonly Case[] =>
  depth >= 10
    ? cases
    : (fc.sample(fc.shuffledSubarray([...cases], { minLength: count, maxLength: count }), 1)[0] ??
      []);

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

const newReader = (polls: boolean, readerName: string | null = null): ContactCardReader =>
  pcscReader({ url: 'pcsc://', readerName, clock: systemReaderClock, polls });

async function untilNoCard(): Promise<void> {
  const anyCard = async () => {
    const seen = await pcsc.readers();
    return seen.ok && seen.value.some(({ hasCard }) => hasCard);
  };
  await expect.poll(anyCard, { timeout: 300 * second }).toBe(false);
}

testCardReaderContract('behind the card service (PC/SC)', socialSecurityCardsUnderTest, () => {
  let isRunning = true;
  return Promise.resolve({
    reader: newReader(true, service.readers[0]),
    place: (data) => card.insert(data),
    lift: async () => {
      await card.remove();
      await untilNoCard();
    },
    unplug: async () => {
      isRunning = false;
      await service.kill();
    },
    plug: async () => {
      isRunning = true;
      await service.start();
      // What lay in the slot is still there.
      await card.insertLater(socialSecurityCard);
    },
    dispose: async () => {
      await card.remove();
      if (!isRunning) await service.start();
      await untilNoCard();
    },
  });
});

describe('a social-security card behind the card service', { timeout: 1200 * second }, () => {
  let reader: ContactCardReader;
  let events: CardReaderEvent[];
  beforeEach(async () => {
    reader = newReader(false);
    events = [];
    reader.on((event) => events.push(event));
    await reader.open();
  });
  afterEach(async () => {
    await reader.close();
    await card.remove();
    await untilNoCard();
  });
  async function readWith(how: SocialSecurityCardManners, data = socialSecurityCard) {
    await card.insert(data, how);
    const read = await reader.read({ deadlineMs: 60 * second });
    await card.remove();
    await untilNoCard();
    return read;
  }
  const codeOf = async (how: SocialSecurityCardManners, data = socialSecurityCard) => {
    const read = await readWith(how, data);
    return read.ok ? 'read' : read.refusal.code;
  };

  it.each<readonly [string, SocialSecurityCardManners]>([
    [
      'announces every answer and wants exact lengths',
      { answersLater: 'always', wantsExactLength: true },
    ],
    ['knows records by number only', { readsBy: 'number' }],
    ['keeps values short', { shortValues: true }],
  ])('is read when it %s', async (_, how) => {
    for (const data of some([socialSecurityCard, longNameCard, rareNameSocialCard], 1)) {
      const read = await readWith(how, data);
      expect(read).toMatchObject({
        ok: true,
        value: { idNumber: data.idNumber, name: `${data.name}${data.nameExtension ?? ''}` },
      });
    }
  });

  it.each<readonly [string, SocialSecurityCardManners, string]>([
    ['another card', { applicationStatus: '6A82' }, 'card-not-recognised'],
    ['a locked one', { applicationStatus: '6283' }, 'card-locked'],
    ['one whose length lies', { lengthOffBy: { '08': 1 } }, 'card-not-recognised'],
  ])('%s is refused', async (_, how, code) => {
    expect(await codeOf(how)).toBe(code);
  });

  it('of version 3.00 says what it wants', async () => {
    expect(await codeOf({}, thirdGenerationCard)).toBe('needs-authentication');
  });

  it('pulled at any command of a read gives nobody', async () => {
    const between = Array.from({ length: 12 }, (_, index) => index + 2);
    for (const at of [1, ...some(between, 2), 14]) {
      expect([at, await codeOf({ pulledAtCommand: at })]).toEqual([at, 'card-removed']);
    }
    expect(await codeOf({})).toBe('read');
  });

  it('is read when the service is killed in the middle and starts again', async () => {
    await card.insert(socialSecurityCard);
    await expect
      .poll(() => reader.read({ deadlineMs: 10 * second }).then(({ ok }) => ok), {
        timeout: 300 * second,
      })
      .toBe(true);
    const reading = reader.read({ deadlineMs: 3 * second });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await service.kill();
    const read = await reading;
    // It may just have been finished.
    if (!read.ok)
      expect(['reader-removed', 'card-removed', 'timeout']).toContain(read.refusal.code);
    await expect.poll(() => reader.state, { timeout: 300 * second }).toBe('absent');
    await service.start();
    await expect.poll(() => reader.state, { timeout: 300 * second }).toBe('ready');
    // The card comes back by itself; until the service has settled, it may seem to be pulled once more.
    const again = () => reader.read({ deadlineMs: 60 * second }).then(({ ok }) => ok);
    await expect.poll(again, { timeout: 300 * second }).toBe(true);
  });

  it('says in words that the card service is not running', async () => {
    await service.kill();
    const other = newReader(false);
    await other.open();
    expect(other.state).toBe('absent');
    expect(other.refusal?.message.zh).toContain('智能卡服务没有运行');
    await other.close();
    await service.start();
  });

  it('takes about a second, and holds no more after many reads than after few', async () => {
    await card.insert(socialSecurityCard);
    const times: number[] = [];
    const handles = () => process.getActiveResourcesInfo().length;
    const read = async () => {
      const one = await reader.read({ deadlineMs: 60 * second });
      if (one.ok) times.push(one.value.elapsedMs);
      return one.ok;
    };
    for (let count = 0; count < 2; count += 1) expect(await read()).toBe(true);
    const before = handles();
    for (let count = 0; count < (depth >= 10 ? 10 : 3); count += 1) expect(await read()).toBe(true);
    expect(handles()).toBeLessThanOrEqual(before + 1);
    times.sort((a, b) => a - b);
    console.warn(
      `pc/sc: ${String(times.length)} whole cards, median ${String(times[Math.floor(times.length / 2)])} ms`,
    );
  });
});
