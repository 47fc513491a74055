import { refused, type Result } from '../../../shared/domain/result.ts';
import type { Day } from '../../../shared/domain/visit.ts';
import { cardRefusal, type CardRefusal, type CardRefusalCode } from '../card.ts';
import { parseCardText, tags, type CardFields, type FieldName } from './card-text.ts';
import { exchange, type CardAnswer } from './exchange.ts';
import type { SocialSecurityText } from './card-text.ts';
import type { ContactSlot } from './port.ts';
import { parseRecord } from './record.ts';
import {
  isAnotherForm,
  notThisCard,
  refusalOfStatus,
  statusNoRecord,
  statusOk,
  statusShorter,
} from './status-words.ts';

/** `sx1.sh.社会保障` in GBK: the name of the social-security application (LD/T 32). */
const applicationName = Buffer.from('7378312E73682EC9E7BBE1B1A3D5CF', 'hex');

type FileId = 0xef05 | 0xef06;

type Place = {
  readonly file: FileId;
  /** Its number there on cards since version 2.00. */
  readonly number: number;
  /** How long the whole record is on most cards: those that want the exact length are asked once only. */
  readonly length: number;
};

/** Where each field stands (LD/T 32). */
const places: Readonly<Record<FieldName, Place>> = {
  identifier: { file: 0xef05, number: 1, length: 0x12 },
  version: { file: 0xef05, number: 3, length: 0x06 },
  issuedOn: { file: 0xef05, number: 5, length: 0x06 },
  validUntil: { file: 0xef05, number: 6, length: 0x06 },
  cardNumber: { file: 0xef05, number: 7, length: 0x0b },
  idNumber: { file: 0xef06, number: 1, length: 0x14 },
  name: { file: 0xef06, number: 2, length: 0x20 },
  nameExtension: { file: 0xef06, number: 3, length: 0x16 },
  sex: { file: 0xef06, number: 4, length: 0x03 },
  ethnicity: { file: 0xef06, number: 5, length: 0x03 },
  birthDate: { file: 0xef06, number: 7, length: 0x06 },
};

type WholeFile = {
  readonly file: FileId;
  readonly values: ReadonlyMap<number, Uint8Array>;
  /** The status of the first record that was kept back; null where all could be read. */
  readonly kept: number | null;
};

const inOrder = Object.keys(places) as readonly FieldName[];

/** Both files end before this number; a card that never ends its list is cut off. */
const recordsMax = 16;

/** One command of a card in order takes tens of milliseconds; this is a card that has stopped. */
const commandDeadlineMs = 3000;

/** Thrown and caught inside this file only: what ends a reading. */
class Ended extends Error {
  readonly refusal: CardRefusal;

  constructor(refusal: CardRefusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/**
 * Reads the two free files of a social-security card that has power: who it is, and what the card itself is.
 * Records are asked for by tag, and by number where the card knows no tags; what comes is known by the tag it
 * bears, because numbers differ between versions. Refusals: those of the slot, `card-not-recognised` (another
 * card, or contradictory), `card-locked`, `needs-authentication` (version 3.00 may give nothing without).
 */
export async function readSocialSecurityCard(
  slot: ContactSlot,
  options: { readonly today: Day; readonly leftMs: () => number },
): Promise<Result<SocialSecurityText, CardRefusalCode>> {
  try {
    const reading = new Reading(slot, options.leftMs);
    return parseCardText(await reading.fields(), options.today);
  } catch (error) {
    if (error instanceof Ended) return refused(error.refusal);
    throw error;
  }
}

class Reading {
  readonly #slot: ContactSlot;
  readonly #leftMs: () => number;
  #knowsTags = true;
  /** What was read of a file whose numbers are not the usual ones. */
  #all: WholeFile | null = null;

  constructor(slot: ContactSlot, leftMs: () => number) {
    this.#slot = slot;
    this.#leftMs = leftMs;
  }

  async fields(): Promise<CardFields> {
    await this.#selectApplication();
    const fields: Partial<Record<FieldName, Uint8Array>> = {};
    let file: FileId | null = null;
    for (const field of inOrder) {
      const place = places[field];
      if (place.file !== file) {
        await this.#selectFile(place.file);
        file = place.file;
      }
      const value = await this.#value(field);
      if (value !== null) fields[field] = value;
    }
    return fields;
  }

  async #selectApplication(): Promise<void> {
    const command = [0x00, 0xa4, 0x04, 0x00, applicationName.length, ...applicationName];
    const { status } = await this.#ask(command);
    if (status === statusOk) return;
    const isUnknown = isAnotherForm(status) && status !== 0x6a81;
    throw new Ended(
      isUnknown ? notThisCard(technicalOf(status)) : refusalOfStatus(status, 'select application'),
    );
  }

  /** Both forms of the command are in use; cards take one or the other, or both. */
  async #selectFile(file: FileId): Promise<void> {
    const id = [file >> 8, file & 0xff];
    let status = (await this.#ask([0x00, 0xa4, 0x02, 0x00, 0x02, ...id])).status;
    if (isAnotherForm(status))
      status = (await this.#ask([0x00, 0xa4, 0x00, 0x00, 0x02, ...id])).status;
    if (status !== statusOk) throw new Ended(refusalOfStatus(status, 'select file'));
  }

  async #value(field: FieldName): Promise<Uint8Array | null> {
    if (this.#knowsTags) {
      const byTag = await this.#byTag(field);
      if (byTag !== 'no-tags') return byTag;
      this.#knowsTags = false;
    }
    return this.#byNumber(field);
  }

  async #byTag(field: FieldName): Promise<Uint8Array | null | 'no-tags'> {
    const answer = await this.#askRecord(tags[field], 0x00, places[field].length);
    if (answer.status === statusNoRecord) return null;
    if (isAnotherForm(answer.status)) return 'no-tags';
    const record = this.#record(answer, field);
    // A card that overlooks the form gives the record with this number instead.
    return record.tag === tags[field] ? record.value : 'no-tags';
  }

  async #byNumber(field: FieldName): Promise<Uint8Array | null> {
    const { file, number, length } = places[field];
    if (this.#all?.file === file) return this.#ofWholeFile(this.#all, field);
    const answer = await this.#askRecord(number, 0x04, length);
    if (answer.status === statusOk) {
      const record = this.#record(answer, field);
      if (record.tag === tags[field]) return record.value;
    } else if (answer.status !== statusNoRecord) {
      throw new Ended(refusalOfStatus(answer.status, `record ${field}`));
    }
    // Numbers differ on this card: all of the file is read once and known by its tags.
    this.#all = await this.#wholeFile(file);
    return this.#ofWholeFile(this.#all, field);
  }

  /** A field that is not there may be one of those that were kept back. */
  #ofWholeFile({ values, kept }: WholeFile, field: FieldName): Uint8Array | null {
    const value = values.get(tags[field]);
    if (value !== undefined) return value;
    if (kept !== null) throw new Ended(refusalOfStatus(kept, `record ${field}`));
    return null;
  }

  async #wholeFile(file: FileId): Promise<WholeFile> {
    let kept: number | null = null;
    const values = new Map<number, Uint8Array>();
    for (let number = 1; number <= recordsMax; number += 1) {
      const answer = await this.#askRecord(number, 0x04, 0x00);
      if (answer.status === statusNoRecord) break;
      if (answer.status !== statusOk) {
        kept ??= answer.status;
        continue;
      }
      const record = parseRecord(answer.data);
      if (record === null || values.has(record.tag)) continue;
      values.set(record.tag, record.value);
    }
    return { file, values, kept };
  }

  #record(
    { data, status }: CardAnswer,
    field: FieldName,
  ): NonNullable<ReturnType<typeof parseRecord>> {
    if (status !== statusOk) throw new Ended(refusalOfStatus(status, `record ${field}`));
    const record = parseRecord(data);
    if (record !== null) return record;
    throw new Ended(
      cardRefusal('card-not-recognised', { technical: `record ${field} has another length` }),
    );
  }

  /** READ RECORD. That a record is shorter than usual is no trouble: its own length byte says whether it is whole. */
  async #askRecord(which: number, how: 0x00 | 0x04, length: number): Promise<CardAnswer> {
    const { data, status } = await this.#ask([0x00, 0xb2, which, how, length]);
    return { data, status: status === statusShorter ? statusOk : status };
  }

  async #ask(command: readonly number[]): Promise<CardAnswer> {
    const answered = await exchange(this.#slot, Uint8Array.from(command), () =>
      Math.min(commandDeadlineMs, this.#leftMs()),
    );
    if (!answered.ok) throw new Ended(answered.refusal);
    return answered.value;
  }
}

function technicalOf(status: number): string {
  return `select application: status ${status.toString(16)}`;
}
