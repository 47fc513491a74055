import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

export type Acceptance = {
  readonly kind: 'accepted';
  readonly messageId: string;
  readonly payer: string;
  readonly settlementId: string;
  readonly claimId: string;
  readonly amountFen: number;
  /** The day it counts for, and what was taken of it by item; books from before say neither. */
  readonly day?: string;
  readonly items?: readonly { readonly sequence: string; readonly amountFen: number }[];
  readonly bodyHash: string;
  readonly output: Readonly<Record<string, unknown>>;
  readonly referenceId: string;
};

/** Something that should not have come: a second claim of a settlement, or another body under a known id. */
export type Oddity = {
  readonly kind: 'second-claim' | 'other-body';
  readonly messageId: string;
  readonly payer: string;
  readonly settlementId: string;
};

export type Repeat = { readonly kind: 'repeat'; readonly messageId: string };

/** Somebody at the payer took back what it had booked. */
export type Undoing = { readonly kind: 'undone'; readonly messageId: string };

type Entry = Acceptance | Oddity | Repeat | Undoing;

/** The payers' own book: one line per thing that happened, on disk before it is answered. */
export class Ledger {
  readonly #file: number;
  readonly #byMessage = new Map<string, Acceptance>();
  readonly #byClaim = new Map<string, Acceptance>();
  readonly #oddities: Oddity[] = [];
  readonly #undone = new Set<string>();
  #ordered: { key: string; size: number; entries: readonly Acceptance[] } | null = null;
  readonly #repeats = new Map<string, number>();

  constructor(home: string) {
    mkdirSync(home, { recursive: true });
    const path = join(home, 'payers-ledger.jsonl');
    this.#file = openSync(path, 'a+');
    const content = readFileSync(path);
    const whole = content.lastIndexOf(0x0a) + 1;
    // A line the crash cut short was never answered.
    ftruncateSync(this.#file, whole);
    const lines = content.subarray(0, whole).toString('utf8').split('\n').filter(Boolean);
    for (const line of lines) this.#take(JSON.parse(line) as Entry);
  }

  ofMessage(messageId: string): Acceptance | undefined {
    return this.#byMessage.get(messageId);
  }

  ofClaim(payer: string, settlementId: string): Acceptance | undefined {
    return this.#byClaim.get(`${payer} ${settlementId}`);
  }

  isUndone(messageId: string): boolean {
    return this.#undone.has(messageId);
  }

  get size(): number {
    return this.#byMessage.size;
  }

  add(entry: Entry): void {
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
    fsyncSync(this.#file);
    this.#take(entry);
  }

  /** What a payer holds of a day, by message id, after one of them: as many as go into one answer. */
  ofDay(payer: string, day: string, after: string): { entries: readonly unknown[]; more: boolean } {
    const own = this.#inOrder(payer, day);
    const first = after === '' ? 0 : own.findIndex((each) => each.messageId > after);
    const from = first === -1 ? own.length : first;
    const page = own.slice(from, from + entriesMax).map((each) => ({
      msgid: each.messageId,
      setl_id: each.settlementId,
      clm_sumamt: yuan(each.amountFen),
      items: (each.items ?? []).map(({ sequence, amountFen }) => ({
        seq_no: sequence,
        fund_pay_amt: yuan(amountFen),
      })),
      undone: this.isUndone(each.messageId),
    }));
    return { entries: page, more: own.length > from + page.length };
  }

  /** Kept until something is booked: a day of a hundred thousand is asked for page by page. */
  #inOrder(payer: string, day: string): readonly Acceptance[] {
    const key = `${payer} ${day}`;
    if (this.#ordered?.key !== key || this.#ordered.size !== this.size) {
      const entries = [...this.#byMessage.values()]
        .filter((each) => each.payer === payer && each.day === day)
        .sort((a, b) => (a.messageId < b.messageId ? -1 : 1));
      this.#ordered = { key, size: this.size, entries };
    }
    return this.#ordered.entries;
  }

  /** What each payer accepted, and what came that should not have. */
  view(): unknown {
    const standing = [...this.#byMessage.values()].filter((each) => !this.isUndone(each.messageId));
    const accepted = standing.map(
      ({ payer, messageId, settlementId, claimId, amountFen, bodyHash }) => ({
        payer,
        messageId,
        settlementId,
        claimId,
        amountFen,
        bodyHash,
        repeats: this.#repeats.get(messageId) ?? 0,
      }),
    );
    const payers: Record<string, { count: number; amountFen: number }> = {};
    for (const { payer, amountFen } of accepted) {
      const sum = (payers[payer] ??= { count: 0, amountFen: 0 });
      sum.count += 1;
      sum.amountFen += amountFen;
    }
    return { payers, accepted, duplicates: this.#oddities };
  }

  close(): void {
    closeSync(this.#file);
  }

  #take(entry: Entry): void {
    if (entry.kind === 'accepted') {
      this.#byMessage.set(entry.messageId, entry);
      this.#byClaim.set(`${entry.payer} ${entry.settlementId}`, entry);
    } else if (entry.kind === 'repeat') {
      this.#repeats.set(entry.messageId, (this.#repeats.get(entry.messageId) ?? 0) + 1);
    } else if (entry.kind === 'undone') {
      this.#undone.add(entry.messageId);
      const of = this.#byMessage.get(entry.messageId);
      if (of !== undefined) this.#byClaim.delete(`${of.payer} ${of.settlementId}`);
    } else this.#oddities.push(entry);
  }
}

/** Some hundred bytes each. */
const entriesMax = 1000;

const yuan = (amountFen: number): string =>
  `${String(Math.floor(amountFen / 100))}.${String(amountFen % 100).padStart(2, '0')}`;
