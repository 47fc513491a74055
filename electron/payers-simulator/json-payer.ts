import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';

/** What a payer of JSON batches does wrong with the next batch, by name. */
export const jsonFaultNames = [
  ...(['lost-answer', 'silence', 'lost-request', 'busy', 'malformed', 'another-batch'] as const),
  ...(['partial', 'refuse', 'wrong-total', 'unknown-claim', 'contradict', 'remittance'] as const),
] as const;
export type JsonFault = (typeof jsonFaultNames)[number];

type Fields = Readonly<Record<string, unknown>>;
type BookedClaim = {
  readonly claim: string;
  readonly settlement: string;
  readonly payer: string;
  readonly approved: number;
  readonly digest: string;
};

/**
 * A civil-affairs bureau or a finance office as an HTTPS server that wants a certificate of its clients: it takes batches,
 * decides them when it is told to, and has its answers fetched. Its own reading, its own book.
 */
export class JsonPayer {
  readonly #home: string;
  readonly #batches = new Map<
    string,
    { readonly digest: string; readonly fault: JsonFault | null }
  >();
  readonly #undecided: {
    readonly name: string;
    readonly batch: Fields;
    readonly fault: JsonFault | null;
  }[] = [];
  readonly #returns = new Map<string, string>();
  readonly #book = new Map<string, BookedClaim>();
  readonly #oddities: string[] = [];
  readonly #faults: JsonFault[] = [];

  constructor(home: string) {
    this.#home = home;
    mkdirSync(home, { recursive: true });
    if (!existsSync(this.#ledger)) return;
    for (const line of readFileSync(this.#ledger, 'utf8').split('\n').filter(Boolean)) {
      const entry = JSON.parse(line) as BookedClaim;
      this.#book.set(entry.claim, entry);
    }
  }

  get #ledger(): string {
    return join(this.#home, 'json-ledger.jsonl');
  }

  server(tls: { readonly key: Buffer; readonly cert: Buffer; readonly ca: Buffer }): Server {
    return createServer(
      { ...tls, requestCert: true, rejectUnauthorized: true },
      (request, response) => {
        this.#serve(request, response).catch(() => response.destroy());
      },
    );
  }

  fault(name: JsonFault): void {
    this.#faults.push(name);
  }

  view(): { readonly booked: readonly BookedClaim[]; readonly oddities: readonly string[] } {
    return { booked: [...this.#book.values()], oddities: this.#oddities };
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const body = Buffer.concat(parts);
    const [, root = '', name = '', act = ''] = (request.url ?? '').split('/');
    const route = `${request.method ?? ''} ${root}`;
    if (route === 'PUT batches' && name !== '') this.#take(response, name, body);
    else if (route === 'GET returns' && name === '')
      answer(response, 200, { returns: [...this.#returns.keys()] });
    else if (route === 'GET returns' && this.#returns.has(name)) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(this.#returns.get(name));
    } else if (route === 'POST returns' && act === 'kept') {
      this.#returns.delete(name);
      answer(response, 200, {});
    } else answer(response, 404, {});
  }

  #take(response: ServerResponse, name: string, body: Buffer): void {
    const fault = this.#faults.shift() ?? null;
    if (fault === 'lost-request') {
      response.destroy();
      return;
    }
    if (fault === 'busy') {
      answer(response, 503, { words: '系统繁忙' });
      return;
    }
    const sha256 = createHash('sha256').update(body).digest('hex');
    const echo = { batch: name, sha256 };
    const batch = fieldsOf(parse(body.toString('utf8')));
    const objection = this.#objection(name, batch);
    const known = this.#batches.get(name);
    if (known !== undefined && known.digest !== sha256)
      this.#oddities.push(`other content ${name}`);
    if (objection !== null || fault === 'refuse') {
      const [code, words] = objection ?? ['CLOSED', '本期已关账'];
      answer(response, 422, { ...echo, code, words });
      return;
    }
    if (known === undefined) {
      this.#batches.set(name, { digest: sha256, fault });
      this.#undecided.push({ name, batch, fault });
    }
    if (fault === 'lost-answer') response.destroy();
    else if (fault === 'malformed') response.writeHead(202).end('{"batch":');
    else if (fault === 'another-batch') answer(response, 202, { ...echo, batch: 'B0' });
    else if (fault !== 'silence') answer(response, 202, echo);
  }

  #objection(name: string, batch: Fields): readonly [string, string] | null {
    const claims = listOf(batch['claims']);
    const totals = fieldsOf(batch['totals']);
    if (batch['batch'] !== name || claims.length === 0) return ['BATCH', '批次不完整'];
    if (totals['claims'] !== claims.length) return ['COUNT', '笔数不符'];
    const sum = claims.reduce((all: number, each) => all + Number(fieldsOf(each)['claimedFen']), 0);
    return totals['claimedFen'] === sum ? null : ['SUM', '金额合计不符'];
  }

  /** Decides every batch it has and leaves the answers to be fetched. */
  decide(): number {
    const due = this.#undecided.splice(0);
    for (const { name, batch, fault } of due) {
      const answers: Fields[] = [];
      for (const claim of listOf(batch['claims']))
        answers.push(this.#decideClaim(fieldsOf(claim), fault));
      if (fault === 'unknown-claim')
        answers.push({
          ...{ claim: 'nobody', message: 'x', claimedFen: 1, decision: 'rejected' },
          ...{ code: 'E1', words: '查无此人' },
        });
      this.#leave(`R${name}`, answers, fault);
      if (fault === 'remittance')
        this.#returns.set(`P${name}`, JSON.stringify({ return: `P${name}`, kind: 'remittance' }));
      if (fault === 'contradict') {
        const later = answers.map(({ claim, message, claimedFen }) => ({
          ...{
            claim,
            message,
            claimedFen,
            decision: 'rejected',
            code: 'E99',
            words: '复核不予支付',
          },
        }));
        this.#leave(`V${name}`, later, null);
      }
    }
    return due.length;
  }

  #decideClaim(claim: Fields, fault: JsonFault | null): Fields {
    const id = String(claim['claimId']);
    const [settlement, payer] = [String(claim['settlementId']), String(claim['payer'])];
    const claimedFen = Number(claim['claimedFen']);
    const head = { claim: id, message: claim['messageId'], claimedFen };
    const items = listOf(claim['items']).map(fieldsOf);
    const rejected = (code: string, words: string): Fields => ({
      ...head,
      decision: 'rejected',
      code,
      words,
    });
    const sum = items.reduce((all, item) => all + Number(item['amountFen']), 0);
    if (items.length === 0 || sum !== claimedFen)
      return rejected('SUM_ITEMS', '明细合计不等于申报金额');
    if (sum + Number(claim['patientFen']) > Number(claim['totalFen']))
      return rejected('SUM_TOTAL', '申报与自付之和大于总费用');
    const digest = createHash('sha256').update(JSON.stringify(claim)).digest('hex');
    const other = [...this.#book.values()].some(
      (each) => each.claim !== id && each.settlement === settlement && each.payer === payer,
    );
    if (other) {
      this.#oddities.push(`second claim ${settlement}`);
      return rejected('DUPLICATE_CLAIM', '该结算已申报过');
    }
    const left = fault === 'partial' ? items[items.length - 1] : undefined;
    const approved = claimedFen - Number(left?.['amountFen'] ?? 0);
    if (!this.#book.has(id)) {
      const entry = { claim: id, settlement, payer, approved, digest };
      appendFileSync(this.#ledger, `${JSON.stringify(entry)}\n`);
      this.#book.set(id, entry);
    }
    const taken = { ...head, approvedFen: approved, reference: `J${digest.slice(0, 12)}` };
    if (left === undefined) return { ...taken, decision: 'accepted' };
    const why = { code: 'E7', words: '部分项目超出限额' };
    return { ...taken, decision: 'partial', ...why, items: [{ item: left['item'], ...why }] };
  }

  #leave(name: string, answers: readonly Fields[], fault: JsonFault | null): void {
    const approved = answers.reduce((sum, each) => sum + Number(each['approvedFen'] ?? 0), 0);
    const totals = {
      answers: answers.length,
      approvedFen: fault === 'wrong-total' ? approved + 1 : approved,
    };
    this.#returns.set(name, JSON.stringify({ return: name, kind: 'answers', answers, totals }));
  }
}

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : [];

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}
