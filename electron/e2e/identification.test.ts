import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import {
  foreignCard2017,
  foreignCard2023,
  hkMacaoTaiwanCard,
  withCheckCharacter,
} from '../../drivers/card-reader/simulator/invented-cards.ts';
import type { SimulatedCard } from '../../drivers/card-reader/simulator/sam-v-module.ts';
import { startPtyPair, type PtyPair } from '../../drivers/card-reader/simulator/pty-pair.ts';
import { socialSecurityCard } from '../../drivers/card-reader/simulator/social-security-card-examples.ts';
import {
  startCcidSimulator,
  type RunningCcidSimulator,
} from '../../drivers/card-reader/simulator/start-ccid-simulator.ts';
import {
  privatePcscd,
  type PrivatePcscd,
} from '../../drivers/card-reader/simulator/start-pcscd.ts';
import {
  startScanner,
  type RunningScanner,
} from '../../drivers/card-reader/simulator/start-scanner.ts';
import {
  startVpcdSimulator,
  type RunningVpcdSimulator,
} from '../../drivers/card-reader/simulator/start-vpcd-simulator.ts';
import { demoDocuments } from '../intake/demo-data.ts';
import { maskName } from '../security/mask.ts';
import { DeskHarness, patienceMs } from './desk-harness.ts';

const goldenVisit = 'ZY20171110001';

/** A window with everything on its counter: ID reader, chip reader, card service, scanner. */
let desk: DeskHarness;
let page: Page;
let owner: SimulatedCard;
let lines: { readonly chip: PtyPair; readonly scanner: PtyPair };
let chip: RunningCcidSimulator;
let scanner: RunningScanner;
let service: PrivatePcscd;
let virtualCard: RunningVpcdSimulator;

beforeAll(async () => {
  service = await privatePcscd();
  await service.start();
  virtualCard = await startVpcdSimulator(service.ports[0]);
  desk = await DeskHarness.start();
  for (const name of ['chip', 'scanner']) await mkdir(join(desk.folder, name));
  lines = {
    chip: await startPtyPair(join(desk.folder, 'chip')),
    scanner: await startPtyPair(join(desk.folder, 'scanner')),
  };
  chip = await startCcidSimulator(lines.chip.deviceEnd);
  scanner = await startScanner(lines.scanner.deviceEnd);
  await desk.command(
    'settings',
    'reader-url',
    [
      desk.readerUrl,
      `serial://${lines.chip.programEnd}?protocol=ccid&baud=115200`,
      `serial://${lines.scanner.programEnd}?protocol=scanner&baud=9600`,
      'pcsc://',
    ].join(' '),
  );
  await desk.command(
    'settings',
    'e-voucher-url',
    `${desk.payersUrl}/fsi/api/hsecfc/localQrCodeQuery`,
  );
  await desk.command('settings', 'scan-codes', 'barcode:8:YH track-2:8-12:66 visit:ZY');
  owner = await desk.cardOf(goldenVisit);
  await desk.openDesk();
  page = await desk.openPage({ ownTime: true });
}, 5 * patienceMs);

afterAll(async () => {
  await virtualCard.stop();
  await chip.stop();
  await scanner.stop();
  await lines.chip.unplug();
  await lines.scanner.unplug();
  await desk.end();
  await service.dispose();
});

const moment = (name: string) =>
  page.waitForFunction((wanted) => document.body.dataset['moment'] === wanted, name, {
    timeout: patienceMs,
  });

beforeEach(async () => {
  await page.keyboard.press('F10');
  await moment('waiting');
});

/** A person looks at the screen before pressing anything. */
const look = () => page.clock.fastForward(500);

/** A minute later the page's clock stands still, until `page.clock.resume()`. */
const stopTime = async () => {
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 60_000);
};

/** The desk has answered once more since the last key, and what came of that key is on the screen. */
async function allAnswered(): Promise<void> {
  const status = await page.evaluate(async (headers) => {
    const call = { method: 'POST', headers, body: '{"input":{}}' };
    const answer = await fetch('/api/call/desk:state', call);
    await answer.text();
    await new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown)));
    return answer.status;
  }, desk.proofOf(page));
  expect(status).toBe(200);
}

/** The same code soon again is one scan; another one in between makes it two, however little time has passed. */
async function scanSomethingElse(): Promise<void> {
  await scanner.scan({ code: '134567890123456789' });
  expect(await problemWords()).toContain('付款码');
  await page.keyboard.press('F10');
  await moment('waiting');
}

const socialCard = () => ({
  ...socialSecurityCard,
  idNumber: owner.idNumber,
  name: owner.name,
  birthDate: owner.birthDate,
  sex: owner.sex === 'female' ? ('female' as const) : ('male' as const),
});

/** The patient of the golden visit is open; nothing of the card itself is on the screen. */
async function expectPatient(): Promise<void> {
  await moment('checking');
  expect(await page.getByTestId('person-name').innerText()).toBe(maskName(owner.name));
  expect(await page.locator('body').innerText()).not.toContain(owner.idNumber);
}

/** The desk says in words what is wrong, and that no money moved or what to do. */
async function problemWords(): Promise<string> {
  await moment('problem');
  return page.locator('main').innerText();
}

const screenshots = process.env['SCREENSHOTS'];

/** A picture of the desk as it is, in both sizes, where a folder for them is named. */
async function picture(name: string): Promise<void> {
  if (screenshots === undefined) return;
  for (const size of [
    { width: 1366, height: 768 },
    { width: 1920, height: 1080 },
  ]) {
    await page.setViewportSize(size);
    await page.screenshot({ path: join(screenshots, `${name}-${String(size.width)}.png`) });
  }
  await page.setViewportSize({ width: 1366, height: 768 });
}

/** A patient opens the e-voucher on the phone. */
async function eVoucher(): Promise<string> {
  const body = JSON.stringify({ userName: owner.name, idNo: owner.idNumber });
  const shown = await fetch(`${desk.payersUrl}/phone/e-voucher`, { method: 'POST', body });
  return ((await shown.json()) as { code: string }).code;
}

/** A visit like the golden one, of another person. */
async function admit(
  person: {
    readonly name: string;
    readonly idNumber: string;
    readonly birthDate: string;
    readonly sex: string;
  },
  visitId = `ZY-${person.idNumber.slice(0, 6)}`,
): Promise<void> {
  const golden = (await demoDocuments()).find((each) => visitOf(each).visit.id === goldenVisit);
  const { visit, person: goldenPerson, ...rest } = visitOf(golden);
  const file = join(desk.folder, 'admitted.json');
  const admitted = {
    ...rest,
    visit: { ...visit, id: visitId },
    person: { ...goldenPerson, ...person },
  };
  await writeFile(file, JSON.stringify(admitted));
  await desk.command('import', file);
}

function visitOf(document: unknown) {
  return document as { readonly visit: { readonly id: string }; readonly person: object };
}

async function register(rows: readonly object[]): Promise<void> {
  const file = join(desk.folder, 'cards.json');
  await writeFile(file, JSON.stringify(rows));
  await desk.command('import-cards', file, '--source', '社保局');
}

type ScannedKey = { readonly code: string; readonly shift?: boolean };

/** Where a character stands on the keyboard every scanner is made for. */
function keyOf(character: string): ScannedKey {
  if (/\d/.test(character)) return { code: `Digit${character}` };
  if (character === ';') return { code: 'Semicolon' };
  if (character === '?') return { code: 'Slash', shift: true };
  return { code: `Key${character.toUpperCase()}`, shift: /[A-Z]/.test(character) };
}

/** As a scanner that types does it: key after key and Enter, in less time than a person needs for one. */
async function typeScan(text: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  // However slowly a loaded machine brings the keys, for the page no time passes between them.
  await stopTime();
  for (const character of text) {
    const { code, shift = false } = keyOf(character);
    const same = { key: character, code, modifiers: shift ? 8 : 0 };
    await session.send('Input.dispatchKeyEvent', { type: 'keyDown', text: character, ...same });
    await session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...same });
  }
  const enter = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 };
  await session.send('Input.dispatchKeyEvent', { type: 'keyDown', text: '\r', ...enter });
  await session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...enter });
  await page.clock.resume();
  await session.detach();
}

/** Types as a person does, who needs a while for every key. */
async function typeSlowly(text: string): Promise<void> {
  for (const character of text) {
    await page.clock.fastForward(120);
    await page.keyboard.press(character);
  }
}

describe('from the card to the patient', () => {
  it('by a resident ID card', async () => {
    await desk.reader.place(owner);
    await expectPatient();
    await desk.reader.lift();
  });

  it.each([
    { paper: 'residence permit of Hong Kong, Macao and Taiwan', card: hkMacaoTaiwanCard },
    { paper: 'permanent residence card of 2017', card: foreignCard2017 },
    { paper: 'permanent residence card of 2023, without a Chinese name', card: foreignCard2023 },
  ])('by a $paper', async ({ card }) => {
    const name = card.name === '' ? 'Mueller Anna Lena' : card.name;
    await admit({ name, idNumber: card.idNumber, birthDate: card.birthDate, sex: card.sex });
    await desk.reader.place(card);
    await moment('checking');
    expect(await page.getByTestId('person-name').innerText()).toBe(maskName(name));
    expect(await page.locator('body').innerText()).not.toContain(card.idNumber);
    await picture(`card-${card.idNumber.slice(0, 3)}`);
    await desk.reader.lift();
  });

  it('by a social-security card in a reader on a serial line', async () => {
    await chip.insert(socialCard());
    await expectPatient();
    await chip.pull();
  });

  it('by a social-security card behind the card service', async () => {
    await virtualCard.insert(socialCard());
    await expectPatient();
    await virtualCard.remove();
  });

  it('by an e-voucher, each time by a fresh code', async () => {
    const code = await eVoucher();
    await scanner.scan({ code });
    await expectPatient();
    await page.keyboard.press('F10');
    await moment('waiting');
    await scanner.scan({ code: await eVoucher() });
    await expectPatient();
  });

  it('by an ID number on paper, with the word that no card was read', async () => {
    await scanner.scan({ code: owner.idNumber });
    await moment('checking');
    const noCard = page.locator('[data-code=number-without-card]');
    expect(await noCard.innerText()).toContain('核对本人');
    // It is said of this patient and of nobody else.
    const shown = await page.getByTestId('person-name').innerText();
    await page.locator(`[data-testid=queue-row]:not([data-visit=${goldenVisit}])`).first().click();
    await page.waitForFunction((before) => {
      const name = document.querySelector('[data-testid=person-name]');
      return name !== null && name.textContent !== before;
    }, shown);
    expect(await noCard.count()).toBe(0);
  });

  it('by a preferential card the register knows; a lost one is refused with what to do', async () => {
    const row = {
      kind: 'preferential',
      number: 'YH123456',
      idNumber: owner.idNumber,
      name: owner.name,
    };
    await scanner.scan({ code: 'YH123456' });
    expect(await problemWords()).toContain('没有这张卡');
    await register([row]);
    await page.keyboard.press('F10');
    await moment('waiting');
    await scanSomethingElse();
    await scanner.scan({ code: 'YH123456' });
    await expectPatient();
    await register([{ ...row, state: 'lost' }]);
    await page.keyboard.press('F10');
    await moment('waiting');
    await scanSomethingElse();
    await scanner.scan({ code: 'YH123456' });
    expect(await problemWords()).toMatch(/挂失[\s\S]*没有动钱/);
    await picture('card-lost');
  });

  it('by the stripe of a preferential card, swiped through a reader that types', async () => {
    const { idNumber, name } = owner;
    await register([{ kind: 'preferential', number: '6612345678', idNumber, name }]);
    await typeScan(';6612345678?');
    await expectPatient();
  });

  it('by a scanner that types, also into the finder, where nothing of it stays', async () => {
    await page.keyboard.press('F3');
    await typeSlowly('zh');
    const code = await eVoucher();
    // No scanner follows a person's key sooner.
    await page.clock.fastForward(300);
    await typeScan(code);
    await expectPatient();
    expect(await page.locator('input').first().inputValue()).not.toMatch(/\d/);
  });

  it('by a scanner that types under a Chinese input method, which gets nothing to hold', async () => {
    const code = await eVoucher();
    await page.keyboard.press('F3');
    await page.waitForFunction(() => document.activeElement instanceof HTMLInputElement);
    // Key after key, as quickly as a scanner: a loaded machine may stop the page between two of them.
    await stopTime();
    await page.evaluate(
      ([text, places]) => {
        const field = document.activeElement as HTMLInputElement;
        const press = (place: string) => {
          const key = { key: 'Process', code: place, bubbles: true, cancelable: true };
          field.dispatchEvent(new KeyboardEvent('keydown', key));
        };
        const [first = '', ...others] = places;
        press(first);
        // The method holds what it was given and shows it in the field.
        field.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(
          field,
          text,
        );
        field.dispatchEvent(new Event('input', { bubbles: true }));
        for (const place of others) press(place);
        press('Enter');
        field.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, data: text }));
      },
      [code, [...code].map((character) => keyOf(character).code)] as const,
    );
    // And hands it over once more where the cursor stands.
    await page.keyboard.insertText(code);
    await page.clock.resume();
    await expectPatient();
    await page.clock.fastForward(700);
    expect(await page.locator('input').first().inputValue()).toBe('');
  });

  it('by a number of our own on a wristband, not by a payment code', async () => {
    await scanner.scan({ code: goldenVisit });
    await expectPatient();
    await page.keyboard.press('F10');
    await moment('waiting');
    await scanner.scan({ code: '134567890123456789' });
    expect(await problemWords()).toMatch(/付款码[\s\S]*没有收取/);
  });
});

describe('where card and visit do not quite agree', () => {
  it('asks whether it is this person, and opens only after the answer is kept', async () => {
    await desk.reader.place({ ...owner, name: '张山' });
    await moment('asking');
    const asked = await page.getByTestId('identity-question').innerText();
    expect(asked).toMatch(/姓名不同/);
    await picture('asking');
    await look();
    await page.keyboard.press('Escape');
    await moment('waiting');
    await page.keyboard.press('F2');
    await moment('asking');
    await look();
    await page.keyboard.press('Enter');
    await expectPatient();
    await desk.reader.lift();
  });

  it('warns of a birth date the ward wrote otherwise than the number', async () => {
    const idNumber = withCheckCharacter('43062619520203001');
    const person = { name: '周山', idNumber, birthDate: '1952-02-13', sex: 'male' };
    await admit(person, 'ZY-BIRTH-DATE');
    await scanner.scan({ code: 'ZY-BIRTH-DATE' });
    await moment('checking');
    const warning = await page.locator('[data-code=birth-date-differs]').innerText();
    expect(warning).toMatch(/出生日期[\s\S]*病区更正/);
    await picture('birth-date-differs');
  });

  it('opens a newborn by the mother’s card, and which of two visits is the cashier’s to say', async () => {
    const birthDate = '1990-05-06';
    const idNumber = withCheckCharacter('43062619900506004');
    const child = { name: '赵丽之女', idNumber, birthDate: '2017-11-10', sex: 'female' };
    await admit(child, 'ZY-NEWBORN');
    const card = { ...owner, name: '赵丽', idNumber, birthDate, sex: 'female' as const };
    await desk.reader.place(card);
    await moment('asking');
    expect(await page.getByTestId('identity-question').innerText()).toMatch(/新生儿[\s\S]*母亲/);
    await picture('asking-newborn');
    await look();
    await page.keyboard.press('Enter');
    await moment('checking');
    expect(await page.getByTestId('person-name').innerText()).toBe(maskName(child.name));
    await desk.reader.lift();
    await page.keyboard.press('F10');
    await moment('waiting');
    await admit(child, 'ZY-NEWBORN-2');
    await desk.reader.place(card);
    await moment('choosing');
    const choices = await page.locator('main').innerText();
    // The same child twice: their numbers tell them apart.
    expect(choices.match(/ZY-NEWBORN(-2)?$/gm)?.toSorted()).toEqual(['ZY-NEWBORN', 'ZY-NEWBORN-2']);
    await picture('choosing');
    await look();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    // Choosing is no answer to who it is.
    await moment('asking');
    await desk.reader.lift();
  });

  it('takes no money by the Enter of a scan, fast or slow, while the amount is read back', async () => {
    const before = await desk.command('claims');
    await scanner.scan({ code: owner.idNumber });
    await moment('checking');
    await look();
    await page.keyboard.press('Enter');
    await moment('paying');
    await page.keyboard.press('F8');
    await moment('confirming');
    await look();
    await typeScan(owner.idNumber.replace('X', '1'));
    await typeSlowly('62220212');
    await page.keyboard.press('Enter');
    await allAnswered();
    await moment('confirming');
    await page.keyboard.press('Escape');
    await moment('paying');
    expect(await desk.command('claims')).toEqual(before);
  });

  it('notes a proxy by their card, never the patient as one', async () => {
    await desk.reader.place(owner);
    await expectPatient();
    await page.keyboard.press('F11');
    await page.getByText('本人的证件').first().waitFor();
    await desk.reader.lift();
    await desk.reader.place({
      ...owner,
      name: '李秀英',
      idNumber: withCheckCharacter('43062619680304002'),
      birthDate: '1968-03-04',
      sex: 'female',
    });
    await page.keyboard.press('F11');
    expect(await page.getByTestId('proxy').innerText()).toMatch(/代办人 李\*英/);
    await picture('proxy');
    await desk.reader.lift();
    await page.keyboard.press('F10');
    await moment('waiting');
    // The proxy is not the next patient.
    await allAnswered();
    await moment('waiting');
    const log = await readFile(join(desk.home, 'logs', 'desk.log'), 'utf8').catch(() => '');
    expect(log).not.toContain(owner.idNumber);
  });
});
