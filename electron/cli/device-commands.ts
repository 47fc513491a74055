import { openReceiptPrinter } from '../../drivers/receipt-printer/open-printer.ts';
import type { DeviceState } from '../../shared/contracts/desk.ts';
import { changeSetting, isSettingName, readSettings, settingNames } from '../app/settings.ts';
import { CardReading } from '../card-reading/card-reading.ts';
import { printerDeviceState } from '../documents/printer-words.ts';
import { isSignInRule, keyFolderSetting } from '../security/sign-in-rules.ts';
import { securityRefusal } from '../security/security-refusals.ts';
import { callerIn, done, refusedWith, wrongUsage, type Command } from './command.ts';

/** The reader and the printer of the folder and how they are now. */
export const devices: Command = {
  name: 'devices',
  usage: '',
  words: [0, 0],
  roles: ['cashier', 'supervisor', 'it-clerk', 'administrator'],
  folder: 'opened',
  run: async (_call, { store, folder }) => {
    const settings = await readSettings(store, folder);
    return done([
      ...(await readerStates(settings['reader-url'])),
      await printerState(settings['printer-url']),
    ]);
  },
};

export const changeSettings: Command = {
  name: 'settings',
  usage: `[NAME [VALUE]]  (${settingNames.join(' ')})`,
  words: [0, 2],
  roles: ['it-clerk', 'administrator'],
  emptyWords: true,
  folder: 'opened',
  run: async (call, { store, folder, clock, secondPlace }, callers) => {
    const [name, value] = call.words;
    if (name === undefined) return done(await readSettings(store, folder));
    if (!isSettingName(name)) {
      return wrongUsage(
        `没有设置 ${name}；可用的：${settingNames.join(' ')}`,
        `There is no setting ${name}; settings: ${settingNames.join(' ')}`,
      );
    }
    if (value !== undefined) {
      const { userId, name: who, role } = callerIn(callers);
      // How people sign in is the administrator's; a demo has neither.
      if (folder.kind === 'live' && isOfSigningIn(name) && role !== 'administrator')
        return refusedWith(securityRefusal('not-allowed', { name: who, place: '--as' }));
      const changed = await changeSetting({ store, folder, clock, secondPlace }, name, {
        text: value,
        by: userId,
      });
      if (!changed.ok) return refusedWith(changed.refusal);
      if (name === 'second-place' && (await secondPlace.state()).sameDisk) {
        call.say(
          '注意：第二存放处与数据在同一块盘上，这块盘坏了，两份都没有了；请换到另一块盘、U盘或共享上。',
        );
      }
    }
    const now = await readSettings(store, folder);
    return done({ [name]: now[name] });
  },
};

const isOfSigningIn = (name: string): boolean => isSignInRule(name) || name === keyFolderSetting;

type DeviceListing = {
  readonly kind: 'reader' | 'printer';
  readonly url: string | null;
} & DeviceState;

/** Every reader that is set, each opened for a moment; one line says so where none is set. */
async function readerStates(urls: string | null): Promise<readonly DeviceListing[]> {
  const reading = new CardReading({
    readerUrl: urls,
    clock: { now: () => new Date() },
    log: () => undefined,
  });
  await reading.start();
  const readers = reading.readers();
  const none = { kind: 'reader', url: null, ...reading.deviceState() } as const;
  await reading.stop();
  if (readers.length === 0) return [none];
  return readers.map(({ url, state }) => ({ kind: 'reader', url, ...state }));
}

async function printerState(url: string | null): Promise<DeviceListing> {
  const printer = url === null ? null : openReceiptPrinter(url);
  if (printer === null || !printer.ok) {
    return { kind: 'printer', url, ...printerDeviceState(null, false) };
  }
  const status = await printer.value.status();
  await printer.value.close();
  return { kind: 'printer', url, ...printerDeviceState(status, false) };
}
