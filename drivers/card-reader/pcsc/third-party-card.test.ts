import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { socialSecurityCardsUnderTest } from '../cards-under-test.test-support.ts';
import type { ContactCardReader } from '../contact-card/contact-card-reader.ts';
import { systemReaderClock } from '../port.ts';
import type { SocialSecurityCardData } from '../simulator/social-security-card-files.ts';
import { socialSecurityCards } from '../simulator/social-security-card-examples.ts';
import { privatePcscd, type PrivatePcscd } from '../simulator/start-pcscd.ts';
import {
  insertThirdPartyCard,
  type ThirdPartyCard,
} from '../simulator/third-party/start-third-party-card.ts';
import { pcscReader } from './pcsc-reader.ts';

const second = 1000;
const { socialSecurityCard, longNameCard } = socialSecurityCards;

let service: PrivatePcscd;
let reader: ContactCardReader;
beforeAll(async () => {
  service = await privatePcscd();
  await service.start();
  reader = pcscReader({
    ...{ url: 'pcsc://', readerName: service.readers[0], clock: systemReaderClock, polls: false },
  });
  await reader.open();
}, 30 * second);
afterAll(async () => {
  await reader.close();
  await service.dispose();
});

let card: ThirdPartyCard | null = null;
afterEach(async () => {
  await card?.remove();
  card = null;
  await expect
    .poll(() => reader.read({ deadlineMs: 200 }), { timeout: 300 * second })
    .toMatchObject({ refusal: { code: 'no-card' } });
});

async function insert(data: SocialSecurityCardData, padded = true): Promise<void> {
  card = await insertThirdPartyCard(service.ports[0], data, padded);
}

/** The command line in a process of its own; it finds the same card service by its environment. */
async function readCardCommand(): Promise<{ readonly code: number; readonly said: unknown }> {
  const door = pathToFileURL(path.resolve('electron/cli.ts')).href;
  const program = `import(${JSON.stringify(door)})
    .then((cli) => cli.runCommandLine(['read-card', '--reader', 'pcsc://', '--timeout', '60'], process.env))
    .then((code) => (process.exitCode = code));`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number>((resolve) =>
    child.once('exit', (code) => {
      resolve(code ?? -1);
    }),
  );
  const said = await text(child.stdout);
  return { code: await ended, said: JSON.parse(said) };
}

describe('a card whose every answer is made by others', { timeout: 1200 * second }, () => {
  it.each(Object.entries(socialSecurityCards))('is read whole: %s', async (_, data) => {
    await insert(data);
    const read = await reader.read({ deadlineMs: 60 * second });
    expect(read).toMatchObject({ ok: true, value: socialSecurityCardsUnderTest.jsonOf(data) });
  });

  it.each([socialSecurityCard, longNameCard])(
    'is read whole where fields are shorter than what is asked for',
    async (data) => {
      await insert(data, false);
      const read = await reader.read({ deadlineMs: 60 * second });
      expect(read).toMatchObject({ ok: true, value: socialSecurityCardsUnderTest.jsonOf(data) });
    },
  );

  it('is refused when it contradicts itself', async () => {
    await insert(socialSecurityCardsUnderTest.contradictory);
    expect(await reader.read({ deadlineMs: 60 * second })).toMatchObject({
      ok: false,
      refusal: { code: 'card-not-recognised' },
    });
  });

  it('is read by the command line', async () => {
    await insert(longNameCard);
    expect(await readCardCommand()).toMatchObject({
      code: 0,
      said: socialSecurityCardsUnderTest.jsonOf(longNameCard),
    });
  });
});
