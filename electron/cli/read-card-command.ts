import type { CardRead } from '../../drivers/card-reader/card.ts';
import { withMoney } from '../../shared/domain/money-words.ts';
import { folderExists } from '../app/data-folder.ts';
import { openServices } from '../app/open-services.ts';
import type { Services } from '../app/services.ts';
import { readSettings } from '../app/settings.ts';
import { CardReading } from '../card-reading/card-reading.ts';
import { maskIdNumber, maskName } from '../security/mask.ts';
import { numberWithoutFolder, showNumbers, type LeavingNumber } from '../security/show-number.ts';
import type { User } from '../security/users.ts';
import { askingOnly, callersOf } from './callers.ts';
import {
  callerIn,
  done,
  refusedWith,
  textOption,
  wrongUsage,
  type Command,
  type CommandAnswer,
  type CommandCall,
} from './command.ts';

/**
 * Reads one card. In a folder whoever works at a window sees all that is on it, which is an entry in the audit; whoever looks
 * after the machines sees that it is read, and it is masked. Where there is no folder it tries a reader, for whoever has both.
 */
export const readCard: Command = {
  name: 'read-card',
  usage: '[--reader URL] [--timeout SECONDS] [--as USER]',
  options: {
    reader: { type: 'string' },
    timeout: { type: 'string' },
    as: { type: 'string' },
    'password-stdin': { type: 'boolean' },
  },
  words: [0, 0],
  roles: ['cashier', 'supervisor', 'it-clerk', 'administrator'],
  folder: 'none',
  run: async (call) => {
    const timeout = textOption(call, 'timeout');
    const timeoutSeconds = timeout === undefined ? 10 : Number(timeout);
    if (!(timeoutSeconds > 0 && timeoutSeconds <= 3600)) {
      return wrongUsage('--timeout 应为秒数。', '--timeout is a number of seconds.');
    }
    const readerUrl = textOption(call, 'reader') ?? null;
    if (!folderExists(call.home)) {
      return readOne({ readerUrl, timeoutSeconds }, (card) => Promise.resolve(inFull(card)));
    }
    const opened = await openServices({
      ...{ home: call.home, wanted: null, whenMissing: 'refuse', environment: call.environment },
    });
    if (!opened.ok) {
      call.say(`数据打不开（${opened.refusal.message.zh}），无法核对是谁：只试读卡器，内容遮住。`);
      return readOne({ readerUrl, timeoutSeconds }, (card) => Promise.resolve(masked(card)));
    }
    try {
      return await readInFolder(call, opened.value, { readerUrl, timeoutSeconds });
    } finally {
      await opened.value.close();
    }
  },
};

type Wanted = { readonly readerUrl: string | null; readonly timeoutSeconds: number };

async function readInFolder(
  call: CommandCall,
  services: Services,
  { readerUrl, timeoutSeconds }: Wanted,
): Promise<CommandAnswer> {
  const callers = await callersOf(askingOnly(readCard), call, services);
  if (!callers.ok) return refusedWith(callers.refusal);
  const by = callerIn(callers.value);
  const settings = await readSettings(services.store, services.folder);
  const wanted = { readerUrl: readerUrl ?? settings['reader-url'], timeoutSeconds };
  return readOne(wanted, (card) => cardShownTo(services, by, card));
}

/** What a card answers with. */
type CardJson = Omit<CardRead, 'idNumber'> & { readonly idNumber?: LeavingNumber };

async function readOne(
  { readerUrl, timeoutSeconds }: Wanted,
  leaving: (card: CardRead) => Promise<CardJson>,
): Promise<CommandAnswer> {
  const reading = new CardReading({
    readerUrl,
    clock: { now: () => new Date() },
    log: () => undefined,
  });
  const read = await reading.readCard({ timeoutSeconds });
  if (!read.ok) {
    // At the desk the words of a reader stay short: nothing there is ever about money.
    const { refusal } = read;
    return refusedWith({ ...refusal, message: withMoney(refusal.message, 'none') });
  }
  const json = await leaving(read.value);
  return done(json, true, json.idNumber === undefined ? [] : [json.idNumber]);
}

/** Who reads cards at a window sees them whole, which is kept with who it was; others see that a card is read. */
export async function cardShownTo(
  services: Pick<Services, 'store' | 'clock'>,
  { userId, role }: User,
  card: CardRead,
): Promise<CardJson> {
  if (role !== 'cashier' && role !== 'supervisor') return masked(card);
  const { idNumber, ...rest } = card;
  if (idNumber === undefined) return rest;
  const showing = { idNumbers: [idNumber], by: userId, where: 'command read-card' };
  const [shown] = await showNumbers(services, { ...showing, page: null, visitId: null });
  if (shown === undefined) throw new Error('a number was to be shown');
  return shown.includes('*') ? masked(card) : { ...rest, idNumber: shown };
}

function inFull({ idNumber, ...rest }: CardRead): CardJson {
  return idNumber === undefined ? rest : { ...rest, idNumber: numberWithoutFolder(idNumber) };
}

/** What says that a card is read well, and not whose it is. */
function masked({ idNumber, name, ...card }: CardRead): CardJson {
  const { kind, issuer, issuerName, specVersion } = card;
  return {
    ...{ card: card.card, reader: card.reader, readAt: card.readAt, elapsedMs: card.elapsedMs },
    ...(kind === undefined ? {} : { kind }),
    ...(idNumber === undefined ? {} : { idNumber: maskIdNumber(idNumber) }),
    ...(name === undefined ? {} : { name: maskName(name) }),
    ...(issuer === undefined ? {} : { issuer }),
    ...(issuerName === undefined ? {} : { issuerName }),
    ...(specVersion === undefined ? {} : { specVersion }),
    ...{ validUntil: card.validUntil, longTerm: card.longTerm, warnings: card.warnings },
  };
}
