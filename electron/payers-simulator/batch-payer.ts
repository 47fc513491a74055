import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { sm3 } from 'hash-wasm';

/** What a payer of files does wrong, by name; each befalls the next file only. */
export const batchFaultNames = [
  'partial',
  'refuse',
  'silent',
  'cut-return',
  'wrong-sum',
  'wrong-digest',
  'unknown-claim',
  'another-amount',
  'contradict',
  'remittance',
] as const;
export type BatchFault = (typeof batchFaultNames)[number];

/** A claim as it stands in the payer's own book; amounts in fen. */
type Booked = {
  readonly kind: 'booked' | 'refused';
  readonly claim: string;
  readonly message: string;
  readonly settlement: string;
  readonly payer: string;
  readonly claimed: number;
  readonly approved: number;
  readonly digest: string;
};

type ReadClaim = Pick<
  Booked,
  'claim' | 'message' | 'settlement' | 'payer' | 'claimed' | 'digest'
> & {
  readonly items: readonly { readonly number: string; readonly amount: number }[];
  readonly wrong: readonly [string, string] | null;
};

/**
 * A payer that takes files of claims from a folder and leaves its answers in another, as an insurer's SFTP server has them:
 * `in`, `out`, `taken`. It reads a file its own way, adds everything up again, and books a settlement once.
 */
export class BatchPayer {
  readonly #home: string;
  readonly #hash: 'sha256' | 'sm3';
  readonly #book = new Map<string, Booked>();
  readonly #faults: BatchFault[] = [];
  /** Files that came more than once, and settlements claimed a second time. */
  readonly #oddities: string[] = [];
  readonly #files = new Set<string>();

  constructor(home: string, hash: 'sha256' | 'sm3') {
    this.#home = home;
    this.#hash = hash;
    for (const folder of ['in', 'out', 'taken', 'done'])
      mkdirSync(join(home, folder), { recursive: true });
    if (!existsSync(this.#ledger)) return;
    for (const line of readFileSync(this.#ledger, 'utf8').split('\n').filter(Boolean)) {
      const entry = JSON.parse(line) as Booked;
      this.#book.set(entry.claim, entry);
    }
  }

  get #ledger(): string {
    return join(this.#home, 'batch-ledger.jsonl');
  }

  fault(...names: readonly BatchFault[]): void {
    this.#faults.push(...names);
  }

  view(): { readonly booked: readonly Booked[]; readonly oddities: readonly string[] } {
    return {
      booked: [...this.#book.values()].filter(({ kind }) => kind === 'booked'),
      oddities: this.#oddities,
    };
  }

  /** Takes every file that lies there whole, and leaves an acknowledgement and, but for a fault, decisions. */
  async take(): Promise<number> {
    const names = readdirSync(join(this.#home, 'in'))
      .filter((name) => !name.startsWith('.'))
      .sort();
    for (const name of names) {
      const bytes = readFileSync(join(this.#home, 'in', name));
      await this.#takeFile(name, bytes.toString('utf8'));
      renameSync(join(this.#home, 'in', name), join(this.#home, 'taken', name));
    }
    return names.length;
  }

  async #takeFile(name: string, text: string): Promise<void> {
    const fault = this.#faults.shift() ?? null;
    const rows = text.split('\n');
    const last = rows[rows.length - 2] ?? '';
    const trailer = last.split('|');
    const body = text.slice(0, text.length - last.length - 1);
    const [count, sum] = [trailer[1] ?? '0', trailer[3] ?? '0'];
    const refuse = async (code: string, words: string): Promise<void> => {
      await this.#leave(`ACK-${name}`, [['NAK', name, count, sum, code, words]], 0, null);
    };
    if (!text.endsWith('\n') || trailer[0] !== 'TRL' || trailer.length !== 6)
      return refuse('TRAILER', '文件没有完整的尾行');
    if ((rows[0] ?? '') !== `HDR|1|CLAIMS|${name}`) return refuse('HEADER', '首行与文件名不符');
    if (trailer[4] !== this.#hash || trailer[5] !== (await this.#digest(body)))
      return refuse('DIGEST', '摘要不符');
    const claims = readClaims(rows.slice(1, -2));
    const total = claims.reduce((all, each) => all + each.claimed, 0);
    if (String(rows.length - 2) !== trailer[2] || String(claims.length) !== count)
      return refuse('COUNT', '行数或笔数不符');
    if (String(total) !== sum) return refuse('SUM', '金额合计不符');
    if (this.#files.has(name)) this.#oddities.push(`file again ${name}`);
    this.#files.add(name);
    if (fault === 'refuse') return refuse('CLOSED', '本期已关账');
    await this.#leave(
      `ACK-${name}`,
      [['ACK', name, count, sum, `A-${name.slice(-12, -4)}`]],
      0,
      null,
    );
    const rowsOut: string[][] = [];
    let approved = 0;
    for (const claim of claims) {
      const decided = this.#decide(claim, fault);
      approved += decided.approved;
      rowsOut.push(...decided.rows);
    }
    if (fault === 'silent') return;
    if (fault === 'unknown-claim')
      rowsOut.push(['REJ', 'nobody-knows-it', 'H'.repeat(30), '100', 'E1', '查无此人']);
    if (fault === 'remittance')
      await this.#leave(`PAY-${name}`, [['PAY', name, sum]], 0, null, 'REMITTANCE');
    await this.#leave(`RET-${name}`, rowsOut, approved, fault);
    if (fault === 'contradict') {
      const rest = claims.map((each) => [
        ...['REJ', each.claim, each.message, String(each.claimed), 'E99', '复核不予支付'],
      ]);
      await this.#leave(`REV-${name}`, rest, 0, null);
    }
  }

  #decide(
    claim: ReadClaim,
    fault: BatchFault | null,
  ): { readonly rows: string[][]; readonly approved: number } {
    const { items, wrong, ...entry } = claim;
    const head = [claim.claim, claim.message, String(claim.claimed)];
    const reject = (code: string, words: string) => ({
      rows: [['REJ', ...head, code, words]],
      approved: 0,
    });
    if (wrong !== null) return reject(...wrong);
    const known = this.#book.get(claim.claim);
    const other = [...this.#book.values()].find(
      (each) =>
        each.kind === 'booked' &&
        each.claim !== claim.claim &&
        each.settlement === claim.settlement &&
        each.payer === claim.payer,
    );
    if (other !== undefined) {
      this.#oddities.push(`second claim ${claim.settlement}`);
      return reject('DUPLICATE_CLAIM', '该结算已申报过');
    }
    if (known !== undefined && known.digest !== claim.digest) {
      this.#oddities.push(`other content ${claim.claim}`);
      return reject('CLAIM_REUSED', '同一申报内容不同');
    }
    const left = fault === 'partial' ? items[items.length - 1] : undefined;
    const approved = known?.approved ?? claim.claimed - (left?.amount ?? 0);
    if (known === undefined) this.#keep({ ...entry, kind: 'booked', approved });
    const reference = `B${createHash('sha256').update(claim.claim).digest('hex').slice(0, 12)}`;
    if (left !== undefined)
      return {
        rows: [
          ['PAR', ...head, String(approved), reference, 'E7', '部分项目超出限额'],
          ['PIT', claim.claim, left.number, 'E7', '超出限额'],
        ],
        approved,
      };
    const said = fault === 'another-amount' ? approved - 1 : approved;
    return { rows: [['ACC', ...head, String(said), reference]], approved: said };
  }

  #keep(entry: Booked): void {
    appendFileSync(this.#ledger, `${JSON.stringify(entry)}\n`);
    this.#book.set(entry.claim, entry);
  }

  async #leave(
    name: string,
    rows: readonly (readonly string[])[],
    approved: number,
    fault: BatchFault | null,
    kind = 'ANSWERS',
  ): Promise<void> {
    const body = [['HDR', '1', kind, name], ...rows].map((row) => `${row.join('|')}\n`).join('');
    const sum = fault === 'wrong-sum' ? approved + 1 : approved;
    const digest = fault === 'wrong-digest' ? '0'.repeat(64) : await this.#digest(body);
    const trailer = ['TRL', String(rows.length + 1), String(sum), this.#hash, digest].join('|');
    const whole = `${body}${trailer}\n`;
    const text = fault === 'cut-return' ? whole.slice(0, -20) : whole;
    writeFileSync(join(this.#home, 'out', `.${name}`), text);
    renameSync(join(this.#home, 'out', `.${name}`), join(this.#home, 'out', name));
  }

  #digest(text: string): Promise<string> {
    return this.#hash === 'sm3'
      ? sm3(text)
      : Promise.resolve(createHash('sha256').update(text, 'utf8').digest('hex'));
  }
}

/** Its own reading: a `CLM` line opens a claim, `ITM` lines are its items; sums are added up again. */
function readClaims(rows: readonly string[]): readonly ReadClaim[] {
  const claims: ReadClaim[] = [];
  let at = 0;
  while (at < rows.length) {
    const head = (rows[at] ?? '').split('|');
    const items: { number: string; amount: number }[] = [];
    let own = rows[at] ?? '';
    for (at += 1; (rows[at] ?? '').startsWith('ITM|'); at += 1) {
      const item = (rows[at] ?? '').split('|');
      own += `\n${rows[at] ?? ''}`;
      items.push({ number: item[2] ?? '', amount: Number(item[5]) });
    }
    const sum = items.reduce((all, { amount }) => all + amount, 0);
    const claimed = Number(head[20]);
    claims.push({
      ...{ claim: head[1] ?? '', message: head[2] ?? '', settlement: head[3] ?? '' },
      ...{ payer: head[7] ?? '', claimed: Number.isSafeInteger(claimed) ? claimed : 0, items },
      digest: createHash('sha256').update(own).digest('hex'),
      wrong: objection(head, items.length, sum),
    });
  }
  return claims;
}

function objection(
  head: readonly string[],
  items: number,
  sum: number,
): readonly [string, string] | null {
  if (head[0] !== 'CLM' || head.length !== 22) return ['FIELDS', '申报行的字段数不对'];
  if (!/^[0-9A-Z]{12}\d{18}$/.test(head[2] ?? '')) return ['MSGID', '报文号格式不对'];
  if (String(items) !== head[21]) return ['ITEMS', '明细行数不符'];
  if (String(sum) !== head[20]) return ['SUM_ITEMS', '明细合计不等于申报金额'];
  const [total, patient] = [Number(head[17]), Number(head[19])];
  if (sum + patient > total) return ['SUM_TOTAL', '申报与自付之和大于总费用'];
  return (head[15] ?? '') < (head[14] ?? '') ? ['DATES', '出院早于入院'] : null;
}
