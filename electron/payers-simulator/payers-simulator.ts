import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { BatchPayer, batchFaultNames } from './batch-payer.ts';
import {
  checkMessage,
  checkUndo,
  isFields,
  isUndo,
  type CheckedClaim,
  type Fields,
} from './check-claim.ts';
import { EVouchers } from './e-vouchers.ts';
import { FaultPlan, faultNames, type Fault } from './faults.ts';
import { JsonPayer, jsonFaultNames } from './json-payer.ts';
import { Ledger, type Acceptance } from './ledger.ts';

/**
 * The insurers on loopback, a program of their own: `--port N` (47610; 0 is a free one), `--home DIR` for the
 * ledger, `--files DIR` for a payer of files, `--certificates DIR` for one of JSON batches over HTTPS, `--fault NAME` as often as wanted. Prints `ready <url>`; ends when standard input closes if it was
 * started with `--end-with-starter`.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '47610' },
    home: { type: 'string' },
    files: { type: 'string' },
    certificates: { type: 'string' },
    fault: { type: 'string', multiple: true, default: [] },
    'end-with-starter': { type: 'boolean', default: false },
  },
});
const faults = new FaultPlan();
if (!faults.set(values.fault) || !/^\d{1,5}$/.test(values.port)) {
  process.stderr.write(`wrong usage: --port N --fault ${faultNames.join('|')} (cut-at=K)\n`);
  process.exit(2);
}
const home = values.home ?? mkdtempSync(join(tmpdir(), 'payers-simulator-'));
const ledger = new Ledger(home);
const eVouchers = new EVouchers();
/** A payer that takes files: its folder is what an SFTP server shows. */
const batchPayer = values.files === undefined ? null : new BatchPayer(values.files, 'sha256');
/** A payer of JSON batches over HTTPS: its certificate, key and the authority of its clients are in this folder. */
const jsonPayer = values.certificates === undefined ? null : new JsonPayer(home);
const jsonServer = jsonPayer?.server(certificatesIn(values.certificates ?? '')) ?? null;
jsonServer?.listen(0, '127.0.0.1');
/** The answer given last, which a reordering line delivers to the wrong asker. */
let previousAnswer: string | null = null;

const server = createServer((request, response) => {
  serve(request, response).catch((problem: unknown) => {
    process.stderr.write(`${String(problem)}\n`);
    response.destroy();
  });
});
server.on('error', (problem) => {
  process.stderr.write(`${problem.message}\n`);
  process.exit(1);
});
server.listen(Number(values.port), '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : values.port;
  process.stdout.write(`ready http://127.0.0.1:${String(port)}\n`);
});
if (values['end-with-starter']) process.stdin.on('end', () => process.exit(0)).resume();

const bodyBytesMax = 1_000_000;

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > bodyBytesMax) {
      send(response, 413, '{}');
      return;
    }
    parts.push(part);
  }
  const body = Buffer.concat(parts);
  const route = `${request.method ?? ''} ${request.url ?? ''}`;
  if (route === 'GET /ledger') send(response, 200, JSON.stringify(ledger.view()));
  else if (route === 'POST /ledger/day') ledgerOfDay(response, parse(body));
  else if (route === 'POST /ledger/by-hand') bookByHand(response, parse(body));
  else if (route === 'POST /faults') setFaults(response, body);
  else if (route === 'GET /faults') send(response, 200, JSON.stringify(faults.hits));
  else if (route.startsWith('POST /batches/') && jsonPayer !== null) {
    const fault = jsonFaultNames.find((name) => route === `POST /batches/fault/${name}`);
    if (fault !== undefined) jsonPayer.fault(fault);
    const decided = route === 'POST /batches/decide' ? jsonPayer.decide() : 0;
    const address = jsonServer?.address();
    const port = typeof address === 'object' ? address?.port : null;
    send(response, 200, JSON.stringify({ port, decided, ...jsonPayer.view() }));
  } else if (route.startsWith('POST /files/') && batchPayer !== null) {
    const [fault] = batchFaultNames.filter((name) => route === `POST /files/fault/${name}`);
    if (fault !== undefined) batchPayer.fault(fault);
    const taken = route === 'POST /files/take' ? await batchPayer.take() : 0;
    send(response, 200, JSON.stringify({ taken, ...batchPayer.view() }));
  } else if (route === 'POST /undo') undo(response, body);
  else if (route === 'POST /fsi/api') await claim(response, body, faults.next());
  else if (route === 'POST /phone/e-voucher') {
    const shown = eVouchers.show(parse(body), Date.now());
    send(response, shown === null ? 400 : 200, JSON.stringify(shown ?? {}));
  } else if (route === 'POST /fsi/api/hsecfc/localQrCodeQuery') {
    send(response, 200, JSON.stringify(eVouchers.query(parse(body), Date.now())));
  } else send(response, 404, '{}');
}

/** What a payer holds of a day: `{"payer","setl_date","after"}`, the message id of the last entry of the page before. */
function ledgerOfDay(response: ServerResponse, asked: unknown): void {
  const [payer, day, after] = ['payer', 'setl_date', 'after'].map((name) => textIn(asked, name));
  if (payer === undefined || day === undefined || after === undefined) send(response, 400, '{}');
  else {
    const { entries, more } = ledger.ofDay(payer, day, after);
    send(response, 200, JSON.stringify({ payer, setl_date: day, entries, has_more: more }));
  }
}

/**
 * What somebody at a payer books by hand though nobody claimed it: `{"payer","setl_date","msgid","setl_id","amountFen"}`.
 */
function bookByHand(response: ServerResponse, asked: unknown): void {
  const [payer, day, messageId, settlementId] = ['payer', 'setl_date', 'msgid', 'setl_id'].map(
    (name) => textIn(asked, name),
  );
  const amountFen: unknown =
    typeof asked === 'object' && asked !== null ? Reflect.get(asked, 'amountFen') : undefined;
  if (
    payer === undefined ||
    day === undefined ||
    messageId === undefined ||
    settlementId === undefined ||
    typeof amountFen !== 'number' ||
    !Number.isSafeInteger(amountFen) ||
    amountFen <= 0 ||
    ledger.ofMessage(messageId) !== undefined
  ) {
    send(response, 400, '{}');
    return;
  }
  ledger.add({
    ...{ kind: 'accepted', payer, day, messageId, settlementId, amountFen },
    ...{ claimId: '', bodyHash: '', output: {}, referenceId: '' },
    items: [{ sequence: '1', amountFen }],
  });
  send(response, 200, '{"ok":true}');
}

function textIn(fields: unknown, name: string): string | undefined {
  const value: unknown =
    typeof fields === 'object' && fields !== null ? Reflect.get(fields, name) : undefined;
  return typeof value === 'string' ? value : undefined;
}

function certificatesIn(folder: string): { key: Buffer; cert: Buffer; ca: Buffer } {
  const file = (name: string): Buffer => readFileSync(join(folder, name));
  return { key: file('server.key'), cert: file('server.pem'), ca: file('clients.pem') };
}

/** `{"faults":["delay=500*2"]}` or `{"seed":7,"percent":30,"names":[…]}`; an empty list ends them. */
function setFaults(response: ServerResponse, body: Buffer): void {
  const asked = parse(body);
  const fields =
    typeof asked === 'object' && asked !== null ? (asked as Record<string, unknown>) : {};
  const list: unknown = fields['faults'];
  if (typeof fields['seed'] === 'number') {
    const wanted: unknown = fields['names'];
    const names = faultNames.filter((name) => !Array.isArray(wanted) || wanted.includes(name));
    faults.seed(fields['seed'], Number(fields['percent'] ?? 30), names);
    send(response, 200, '{"ok":true}');
    return;
  }
  const isSet = Array.isArray(list) && faults.set(list.map(String));
  send(response, isSet ? 200 : 400, JSON.stringify({ ok: isSet, known: faultNames }));
}

/** Somebody at the payer takes back the message `{"messageId"}`, as after a call by telephone. */
function undo(response: ServerResponse, body: Buffer): void {
  const asked = parse(body);
  const given =
    typeof asked === 'object' && asked !== null && 'messageId' in asked ? asked.messageId : null;
  const messageId = typeof given === 'string' ? given : '';
  const isBooked = ledger.ofMessage(messageId) !== undefined && !ledger.isUndone(messageId);
  if (isBooked) ledger.add({ kind: 'undone', messageId });
  send(response, isBooked ? 200 : 404, '{}');
}

async function claim(response: ServerResponse, body: Buffer, fault: Fault | null): Promise<void> {
  switch (fault?.name) {
    case 'lost-request':
      response.destroy();
      return;
    case 'disk-full':
      send(response, 507, answerOf({ code: 'DISK_FULL', words: '接收方磁盘已满' }));
      return;
    case 'sign-in-expired':
      send(response, 200, answerOf({ code: 'SIGN_IN_EXPIRED', words: '签到已过期' }));
      return;
    case 'certificate-expired':
      send(response, 200, answerOf({ code: 'CERTIFICATE_EXPIRED', words: '证书已过期' }));
      return;
    case 'busy':
      send(response, 200, busyAnswer());
      return;
    default:
  }
  let answer = refusalByFault(body, fault) ?? decide(body, fault?.name === 'partial');
  if (fault?.name === 'duplicate') answer = decide(body, false);
  const late = previousAnswer;
  previousAnswer = answer;
  await answerWithFault(response, answer, fault, late);
}

async function answerWithFault(
  response: ServerResponse,
  answer: string,
  fault: Fault | null,
  late: string | null,
): Promise<void> {
  switch (fault?.name) {
    case 'lost-answer':
      response.destroy();
      return;
    case '5xx-after-commit':
      send(response, 502, '<html>Bad Gateway</html>');
      return;
    case 'busy-after-commit':
      send(response, 200, busyAnswer());
      return;
    case 'success-words':
      send(response, 200, answer.replace('"err_msg":""', '"err_msg":"成功"'));
      return;
    case 'malformed':
      send(response, 200, answer.slice(0, -7));
      return;
    case 'wrong-total':
      send(response, 200, answer.replace(/"clm_sumamt":"(\d+)\.(\d\d)"/, '"clm_sumamt":"9$1.$2"'));
      return;
    case 'delay':
      await setTimeout(fault.amount);
      send(response, 200, answer);
      return;
    case 'reorder':
      send(response, 200, late ?? answer);
      return;
    case 'cut-at': {
      const bytes = Buffer.from(answer);
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': bytes.length,
      });
      response.write(bytes.subarray(0, fault.amount), () => response.destroy());
      return;
    }
    default:
      send(response, 200, answer);
  }
}

/** Takes a claim once: on disk before it is answered, and the same answer for the same message from then on. */
function decide(body: Buffer, isPartial: boolean): string {
  const message = parse(body);
  if (isUndo(message)) return takeBack(message);
  const bodyHash = createHash('sha256').update(body).digest('hex');
  const checked = checkMessage(message);
  if ('code' in checked) return answerOf(checked, namesIn(body));
  const { messageId, payer, settlementId } = checked;
  const named = { msgid: messageId, claim_id: checked.claimId };
  const known = ledger.ofMessage(messageId);
  if (ledger.isUndone(messageId)) return JSON.stringify(notBooked(checked));
  if (known !== undefined) {
    if (known.bodyHash !== bodyHash) {
      ledger.add({ kind: 'other-body', messageId, payer, settlementId });
      return answerOf({ code: 'MSGID_REUSED', words: '同一 msgid 内容不同' }, named);
    }
    ledger.add({ kind: 'repeat', messageId });
    return acceptedAnswer(known);
  }
  if (ledger.ofClaim(payer, settlementId) !== undefined) {
    ledger.add({ kind: 'second-claim', messageId, payer, settlementId });
    return answerOf({ code: 'DUPLICATE_CLAIM', words: '该结算已申报过' }, named);
  }
  const acceptance = acceptanceOf(checked, bodyHash, isPartial);
  ledger.add(acceptance);
  return acceptedAnswer(acceptance);
}

/** Takes a claim back, also one that never came: whatever comes later under its message id is not booked. */
function takeBack(message: Fields): string {
  const undo = checkUndo(message);
  if ('code' in undo) return answerOf(undo);
  const { messageId, claimId, payer, settlementId } = undo;
  const named = { msgid: messageId, claim_id: claimId };
  const known = ledger.ofMessage(messageId);
  const isAnother =
    known !== undefined &&
    (known.claimId !== claimId || known.payer !== payer || known.settlementId !== settlementId);
  if (isAnother) return answerOf({ code: 'UNDO_OF_ANOTHER', words: 'msgid 与申报不符' }, named);
  if (!ledger.isUndone(messageId)) ledger.add({ kind: 'undone', messageId });
  const output = { ...named, payer, setl_id: settlementId, undone_flag: '1' };
  return JSON.stringify({ ...envelope('0'), output });
}

function acceptanceOf(claimed: CheckedClaim, bodyHash: string, isPartial: boolean): Acceptance {
  const { messageId, payer, settlementId, claimId, division, items } = claimed;
  const flags = items.map((item, index) => ({
    ...item,
    taken: !isPartial || index < items.length - 1,
  }));
  const amountFen = flags.reduce((sum, item) => sum + (item.taken ? item.amountFen : 0), 0);
  const reference = String(ledger.size + 1).padStart(10, '0');
  const output = {
    msgid: messageId,
    claim_id: claimId,
    payer,
    setl_id: settlementId,
    clm_sumamt: yuan(amountFen),
    items: flags.map((item) => ({
      seq_no: item.sequence,
      fund_pay_amt: yuan(item.amountFen),
      accp_flag: item.taken ? '1' : '0',
    })),
  };
  const referenceId = `${division}${stamp().slice(0, 14)}${reference}`;
  return {
    kind: 'accepted',
    messageId,
    payer,
    settlementId,
    claimId,
    amountFen,
    day: claimed.day,
    items: flags
      .filter(({ taken }) => taken)
      .map(({ sequence, amountFen: own }) => ({ sequence, amountFen: own })),
    bodyHash,
    output,
    referenceId,
  };
}

const acceptedAnswer = ({ output, referenceId }: Acceptance): string =>
  JSON.stringify({ ...envelope('0'), inf_refmsgid: referenceId, output });

/** A refusal that is asked for; null for a claim that is booked or would be refused anyway. */
function refusalByFault(body: Buffer, fault: Fault | null): string | null {
  if (fault?.name !== 'code-0-with-error' && fault?.name !== 'refused-without-name') return null;
  const checked = checkMessage(parse(body));
  if ('code' in checked || ledger.ofMessage(checked.messageId) !== undefined) return null;
  return fault.name === 'code-0-with-error'
    ? JSON.stringify({ ...notBooked(checked), infcode: '0' })
    : JSON.stringify({ ...notBooked(checked), output: {} });
}

/** Names the claim that is not booked, or not any more. */
const notBooked = ({ messageId, claimId }: CheckedClaim | Acceptance): Record<string, unknown> => ({
  ...{ ...envelope('-1'), err_msg: '[NOT_BOOKED] 未入账' },
  output: { msgid: messageId, claim_id: claimId },
});

const answerOf = (
  { code, words }: { code: string; words: string },
  named: Record<string, unknown> = {},
): string => JSON.stringify({ ...envelope('-1'), err_msg: `[${code}] ${words}`, output: named });

/** Which claim a message that is refused for its form speaks of, as far as it can be read. */
function namesIn(body: Buffer): Record<string, unknown> {
  const message = parse(body);
  if (!isFields(message) || !isFields(message['input'])) return {};
  const claimed = message['input']['claim'];
  return isFields(claimed) ? { msgid: message['msgid'], claim_id: claimed['claim_id'] } : {};
}

/** As provinces say it: no code of its own, and nothing about what became of the message. */
const busyAnswer = (): string =>
  JSON.stringify({ ...envelope('-1'), err_msg: '系统繁忙，请稍后再试', output: {} });

function envelope(infcode: string): Record<string, unknown> {
  const at = stamp();
  const inf_refmsgid = `000000${at.slice(0, 14)}0000000000`;
  return { infcode, inf_refmsgid, refmsg_time: at, respond_time: at, err_msg: '', warn_msg: '' };
}

/** `yyyyMMddHHmmssSSS` in China's time. */
const stamp = (): string =>
  new Date(Date.now() + 8 * 3_600_000).toISOString().replace(/\D/g, '').slice(0, 17);

const yuan = (amountFen: number): string =>
  `${String(Math.floor(amountFen / 100))}.${String(amountFen % 100).padStart(2, '0')}`;

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(text);
}
