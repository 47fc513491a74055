import type { CardInSlot } from './card-in-slot.ts';
import { filesOf, type CardFiles, type CardRecord } from './social-security-card-files.ts';
import type { SocialSecurityCardData } from './social-security-card-files.ts';

export type { SocialSecurityCardData } from './social-security-card-files.ts';

/** Ways in which real cards differ from each other, and ways in which they fail. */
export type SocialSecurityCardManners = {
  /** Which answers wait for GET RESPONSE (`61xx`): those of SELECT, or every answer with data. */
  readonly answersLater?: 'never' | 'selects' | 'always';
  /** READ RECORD wants the exact length; anything else, 00 too, is answered `6Cxx`. */
  readonly wantsExactLength?: boolean;
  /** A record shorter than what is asked for comes with the warning `6282` instead of `6Cxx`. */
  readonly warnsOfShorter?: boolean;
  /** Never content with the length it asked for itself. */
  readonly neverContentWithLength?: boolean;
  /** Which first parameter SELECT of a file takes; the other gets `6A86`. */
  readonly selectsFilesBy?: 'both' | '02' | '00';
  /** How records are asked for; the other way gets `6A86`. */
  readonly readsBy?: 'both' | 'tag' | 'number';
  /** The status of SELECT of the application, in hexadecimal: `6A82` another card, `6283` `9303` `6A81` locked. */
  readonly applicationStatus?: string;
  /** The status of SELECT of both files. */
  readonly fileStatus?: string;
  /** The status of reading the records with these tags (two hexadecimal digits). */
  readonly recordStatus?: Readonly<Record<string, string>>;
  /** The cryptogram that external authentication takes; without one every cryptogram is wrong. */
  readonly authenticatesWith?: string;
  /** The right secret number, as it comes: packed digits in hexadecimal. */
  readonly secretNumber?: string;
  /** No answer to reset: upside down, or another kind of card. */
  readonly mute?: boolean;
  /** Values without padding. */
  readonly shortValues?: boolean;
  /** Instead of the record with this tag comes the one with that (two hexadecimal digits each). */
  readonly wrongRecords?: Readonly<Record<string, string>>;
  /** These records (tags) end so many bytes early. */
  readonly truncatedBy?: Readonly<Record<string, number>>;
  /** The length byte of these records (tags) is off by so much. */
  readonly lengthOffBy?: Readonly<Record<string, number>>;
  /** These records (tags) are whatever is written here, in hexadecimal, tag and length included. */
  readonly records?: Readonly<Record<string, string>>;
  /** The card is pulled at its n-th command from now on (1: the next), before it answers. */
  readonly pulledAtCommand?: number;
  /** It falls silent at its n-th command and stays in the slot. */
  readonly silentAtCommand?: number;
};

export type SocialSecurityCardReport = {
  readonly powerOns: number;
  readonly powerOffs: number;
  /** How often each command came, by its name. */
  readonly commands: Readonly<Record<string, number>>;
};

/** 13 historical bytes after a head that says T=0. The bytes are made up; no real one is public. */
const answerToReset = '3B6D00000081544D00866065D1560000FF';

/** `sx1.sh.社会保障` */
const applicationName = '7378312E73682EC9E7BBE1B1A3D5CF';

const ok = 0x9000;
const secretNumberTries = 5;

/** Of a card of version 3.00 these come without authentication: its identifier and its version. */
const freeTagsOfVersion3 = [0x01, 0x03];

/** A command, taken apart. `expected`: the length it asks for; 0 for whatever there is, null for none. */
type Command = {
  readonly instruction: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: readonly number[];
  readonly expected: number | null;
};

type Answer = { readonly data: readonly number[]; readonly status: number };

/**
 * A social-security card (LD/T 32, files of version 2.0) made of nothing but bytes, with T=0 (ISO 7816-3 and -4).
 * It knows them on its own and imports nothing of the driver.
 */
export class SocialSecurityCard implements CardInSlot {
  readonly #data: SocialSecurityCardData;
  readonly #onPulled: () => void;
  #manners: SocialSecurityCardManners;
  #files: CardFiles;
  #isPowered = false;
  #isInApplication = false;
  #file: readonly CardRecord[] | null = null;
  #isAuthenticated = false;
  #challenge: readonly number[] | null = null;
  #triesLeft = secretNumberTries;
  /** What GET RESPONSE will give. */
  #kept: readonly number[] = [];
  #commandsUntilPulled: number;
  #commandsUntilSilent: number;
  #isGone = false;
  #counts: Record<string, number> = {};
  #powerOns = 0;
  #powerOffs = 0;

  /** `onPulled` is called when the card was pulled as ordered; the slot takes it out then. */
  constructor(
    data: SocialSecurityCardData,
    manners: SocialSecurityCardManners = {},
    onPulled: () => void = () => undefined,
  ) {
    this.#data = data;
    this.#onPulled = onPulled;
    this.#manners = manners;
    this.#files = filesOf(data, manners.shortValues !== true);
    this.#commandsUntilPulled = manners.pulledAtCommand ?? Infinity;
    this.#commandsUntilSilent = manners.silentAtCommand ?? Infinity;
  }

  /** New manners from now on; what was counted stays. */
  behave(manners: SocialSecurityCardManners): void {
    this.#manners = manners;
    this.#files = filesOf(this.#data, manners.shortValues !== true);
    this.#commandsUntilPulled = manners.pulledAtCommand ?? Infinity;
    this.#commandsUntilSilent = manners.silentAtCommand ?? Infinity;
    this.#isGone = false;
  }

  report(): SocialSecurityCardReport {
    return {
      powerOns: this.#powerOns,
      powerOffs: this.#powerOffs,
      commands: { ...this.#counts },
    };
  }

  powerOn(): Uint8Array | null {
    if (this.#manners.mute === true || this.#isGone) return null;
    this.#forget();
    this.#isPowered = true;
    this.#powerOns += 1;
    return Buffer.from(answerToReset, 'hex');
  }

  powerOff(): void {
    if (!this.#isPowered) return;
    this.#isPowered = false;
    this.#powerOffs += 1;
  }

  receive(bytes: Uint8Array): Uint8Array | null {
    if (!this.#isPowered || this.#isGone) return null;
    this.#commandsUntilPulled -= 1;
    this.#commandsUntilSilent -= 1;
    const command = takeApart(bytes);
    this.#count(command);
    if (this.#commandsUntilPulled <= 0) {
      this.#isGone = true;
      this.#onPulled();
      return null;
    }
    if (this.#commandsUntilSilent <= 0) return null;
    const { data, status } = this.#obey(bytes[0] ?? 0, command);
    return Uint8Array.of(...data, status >> 8, status & 255);
  }

  #forget(): void {
    this.#isInApplication = false;
    this.#file = null;
    this.#isAuthenticated = false;
    this.#challenge = null;
    this.#kept = [];
  }

  #count(command: Command | null): void {
    const name = command === null ? 'damaged' : nameOf(command);
    this.#counts[name] = (this.#counts[name] ?? 0) + 1;
  }

  #obey(instructionClass: number, command: Command | null): Answer {
    if (command === null) return says(0x6700);
    if (instructionClass !== 0x00) return says(0x6e00);
    const kept = this.#kept;
    this.#kept = [];
    switch (command.instruction) {
      case 0xa4:
        return this.#select(command);
      case 0xb2:
        return this.#readRecord(command);
      case 0xc0:
        return this.#giveKept(command, kept);
      case 0x84:
        return this.#giveChallenge(command);
      case 0x82:
        return this.#authenticate(command);
      case 0x20:
        return this.#verify(command);
      default:
        return says(0x6d00);
    }
  }

  #select({ p1, p2, data }: Command): Answer {
    if (p2 !== 0) return says(0x6a86);
    return p1 === 0x04 ? this.#selectApplication(data) : this.#selectFile(p1, data);
  }

  #selectApplication(name: readonly number[]): Answer {
    if (hex(name) !== applicationName) return says(0x6a82);
    const status = statusOf(this.#manners.applicationStatus) ?? ok;
    // An invalidated application is selected all the same, and its name comes with the warning.
    if (status !== ok && status !== 0x6283) return says(status);
    this.#isInApplication = true;
    this.#file = null;
    const named = [0x84, name.length, ...name];
    return this.#give([0x6f, named.length, ...named], status, 'selects');
  }

  #selectFile(p1: number, data: readonly number[]): Answer {
    const form = p1 === 0x02 ? '02' : '00';
    const takes = this.#manners.selectsFilesBy ?? 'both';
    if ((p1 !== 0x02 && p1 !== 0x00) || (takes !== 'both' && takes !== form)) return says(0x6a86);
    const id = hex(data);
    if (id === '3F00' && p1 === 0x00) {
      this.#forget();
      return says(ok);
    }
    const file = { EF05: this.#files.ef05, EF06: this.#files.ef06 }[id];
    if (!this.#isInApplication || file === undefined) return says(0x6a82);
    const status = statusOf(this.#manners.fileStatus) ?? ok;
    if (status === ok || status === 0x6283) this.#file = file;
    return says(status);
  }

  #readRecord({ p1, p2, expected }: Command): Answer {
    const shortFileId = p2 >> 3;
    if (shortFileId !== 0) {
      const file = { 5: this.#files.ef05, 6: this.#files.ef06 }[shortFileId];
      if (!this.#isInApplication || file === undefined) return says(0x6a82);
      this.#file = file;
    }
    const way = (p2 & 7) === 4 ? 'number' : (p2 & 7) === 0 ? 'tag' : null;
    const takes = this.#manners.readsBy ?? 'both';
    if (way === null || (takes !== 'both' && takes !== way)) return says(0x6a86);
    if (this.#file === null) return says(0x6986);
    const record = way === 'number' ? this.#file[p1 - 1] : this.#file.find(({ tag }) => tag === p1);
    if (record === undefined) return says(0x6a83);
    const refusal = this.#refusalOfRecord(record);
    if (refusal !== null) return says(refusal);
    const bytes = this.#bytesOf(record);
    const { wantsExactLength, neverContentWithLength, warnsOfShorter } = this.#manners;
    if (warnsOfShorter === true && (expected === 0 || (expected ?? 0) > bytes.length)) {
      return { data: bytes, status: 0x6282 };
    }
    const isContent = expected === bytes.length || (expected === 0 && wantsExactLength !== true);
    if (!isContent || neverContentWithLength === true) return says(0x6c00 | bytes.length);
    return this.#give(bytes, ok, 'always');
  }

  #refusalOfRecord({ tag }: CardRecord): number | null {
    const ordered = statusOf(this.#manners.recordStatus?.[hex([tag])]);
    if (ordered !== null) return ordered;
    const isFree = this.#file === this.#files.ef05 && freeTagsOfVersion3.includes(tag);
    const isShut = this.#data.version === '3.00' && !isFree && !this.#isAuthenticated;
    return isShut ? 0x6982 : null;
  }

  /** A record as it goes out, spoiled as ordered. */
  #bytesOf(wanted: CardRecord): number[] {
    const { wrongRecords, truncatedBy, lengthOffBy, records } = this.#manners;
    const wantedTag = hex([wanted.tag]);
    const instead = wrongRecords?.[wantedTag];
    const all = [...this.#files.ef05, ...this.#files.ef06];
    const { tag, value } = all.find((each) => hex([each.tag]) === instead) ?? wanted;
    const written = records?.[wantedTag];
    const length = (value.length + (lengthOffBy?.[wantedTag] ?? 0)) & 255;
    const bytes = written === undefined ? [tag, length, ...value] : fromHex(written);
    return bytes.slice(0, Math.max(0, bytes.length - (truncatedBy?.[wantedTag] ?? 0)));
  }

  /** Data at once, or kept for GET RESPONSE. `by`: the least shy manner in which it is kept. */
  #give(data: readonly number[], status: number, by: 'selects' | 'always'): Answer {
    const later = this.#manners.answersLater ?? 'never';
    const isKept = later === 'always' || later === by;
    // A warning has its own status; there is no second one to announce data with.
    if (!isKept || status !== ok || data.length === 0) return { data, status };
    this.#kept = data;
    return says(0x6100 | data.length);
  }

  #giveKept({ p1, p2, expected }: Command, kept: readonly number[]): Answer {
    if (p1 !== 0 || p2 !== 0) return says(0x6a86);
    if (kept.length === 0) return says(0x6985);
    const wanted = expected === 0 || expected === null ? 256 : expected;
    if (wanted > kept.length) {
      this.#kept = kept;
      return says(0x6c00 | kept.length);
    }
    this.#kept = kept.slice(wanted);
    const left = this.#kept.length;
    return { data: kept.slice(0, wanted), status: left === 0 ? ok : 0x6100 | left };
  }

  #giveChallenge({ p1, p2, expected }: Command): Answer {
    if (p1 !== 0 || p2 !== 0) return says(0x6a86);
    if (expected !== 8) return says(0x6c08);
    this.#challenge = [0x31, 0x41, 0x59, 0x26, 0x53, 0x58, 0x97, 0x93];
    return { data: this.#challenge, status: ok };
  }

  #authenticate({ data }: Command): Answer {
    if (data.length !== 16) return says(0x6700);
    if (this.#challenge === null) return says(0x6984);
    this.#challenge = null;
    if (hex(data) !== this.#manners.authenticatesWith?.toUpperCase()) return says(0x6300);
    this.#isAuthenticated = true;
    return says(ok);
  }

  #verify({ data }: Command): Answer {
    if (data.length !== 3) return says(0x6700);
    if (this.#triesLeft === 0) return says(0x6983);
    if (hex(data) === this.#manners.secretNumber) {
      this.#triesLeft = secretNumberTries;
      return says(ok);
    }
    this.#triesLeft -= 1;
    return says(this.#triesLeft === 0 ? 0x6983 : 0x63c0 | this.#triesLeft);
  }
}

/** Short commands of ISO 7816-4, cases 1 to 4; null if the lengths do not add up. */
function takeApart(bytes: Uint8Array): Command | null {
  if (bytes.length < 4) return null;
  const [, instruction = 0, p1 = 0, p2 = 0, fifth] = bytes;
  const head = { instruction, p1, p2 };
  if (fifth === undefined) return { ...head, data: [], expected: null };
  if (bytes.length === 5) return { ...head, data: [], expected: fifth };
  const data = [...bytes.subarray(5, 5 + fifth)];
  const rest = bytes.length - 5 - fifth;
  if (data.length !== fifth || rest > 1) return null;
  return { ...head, data, expected: rest === 1 ? (bytes.at(-1) ?? 0) : null };
}

function nameOf({ instruction, p1, p2 }: Command): string {
  if (instruction === 0xa4) return p1 === 0x04 ? 'select-application' : 'select-file';
  if (instruction === 0xb2) return (p2 & 7) === 4 ? 'read-by-number' : 'read-by-tag';
  const names: Readonly<Record<number, string>> = {
    0xc0: 'get-response',
    0x84: 'get-challenge',
    0x82: 'external-authenticate',
    0x20: 'verify',
  };
  return names[instruction] ?? 'unknown';
}

function says(status: number): Answer {
  return { data: [], status };
}

function statusOf(written: string | undefined): number | null {
  return written === undefined ? null : Number.parseInt(written, 16);
}

function hex(bytes: readonly number[]): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}

function fromHex(written: string): number[] {
  return [...Buffer.from(written, 'hex')];
}
