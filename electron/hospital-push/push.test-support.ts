import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { encodeSettlementInput } from '../../shared/contracts/stored-visit.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import type { Refusal } from '../../shared/domain/result.ts';
import type { ConnectionLimits } from '../base/connection-limits.ts';
import { timeOrderedIds } from '../base/ids.ts';
import { createTestStore, type TestStore } from '../database/test-store.ts';
import {
  authority,
  serverCertificate,
  serverKey,
} from '../intake/sql/sql-certificates.test-support.ts';
import { colonCancer, testClock, valueOf } from '../settlement/settlement.test-support.ts';
import { makePushSender, tokenHashOf } from './push-senders.ts';
import type { PushLimits } from './push-rates.ts';
import { receiveVisits, type PushAnswer } from './receive-visits.ts';
import { servePush, type PushServer } from './serve-push.ts';

/** What came back of a request. */
export type PushReply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly answer: PushAnswer;
};

/** The address for bills as a hospital's system meets it: real TLS over loopback, a real store behind it. */
export type PushedDesk = {
  readonly store: TestStore;
  readonly server: PushServer;
  readonly token: string;
  readonly turnedAway: string[];
  readonly faults: unknown[];
  send(body: string | Uint8Array, options?: SendOptions): Promise<PushReply>;
  close(): Promise<void>;
};

export type SendOptions = {
  readonly path?: string;
  readonly method?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export async function openPushedDesk({
  limits,
  connectionLimits,
}: {
  readonly limits?: PushLimits;
  readonly connectionLimits?: ConnectionLimits;
} = {}): Promise<PushedDesk> {
  const store = await createTestStore();
  const dependencies = { store, clock: testClock, ids: timeOrderedIds() };
  const { token } = valueOf(await makePushSender(dependencies, { name: 'HIS', by: 'admin' }));
  const [turnedAway, faults]: [string[], unknown[]] = [[], []];
  const server = await servePush({
    address: { host: '127.0.0.1', port: 0, certificate: serverCertificate, key: serverKey },
    find: (shown) => store.read(({ pushSenders }) => pushSenders.findByToken(tokenHashOf(shown))),
    receive: (bytes, { name }) => receiveVisits(dependencies, { bytes, sender: name }),
    hindrance: () => null,
    description: () => '{}',
    onTurnedAway: (what) => turnedAway.push(what),
    inWords: (problem): Refusal => {
      faults.push(problem);
      throw problem;
    },
    ...(limits === undefined ? {} : { limits }),
    ...(connectionLimits === undefined ? {} : { connectionLimits }),
  });
  return {
    ...{ store, server, token, turnedAway, faults },
    send: (body, options = {}) => sendTo(server.port, body, { token, ...options }),
    async close() {
      await server.close();
      await store.remove();
    },
  };
}

/** One request on a line of its own; rejects where the line is cut before an answer came. */
export function sendTo(
  port: number,
  body: string | Uint8Array,
  { path = '/v1/visits', method = 'POST', token = '', headers = {} }: SendOptions,
): Promise<PushReply> {
  return new Promise((resolve, reject) => {
    const asked = request({
      ...{ host: '127.0.0.1', port, path, method, agent: false },
      ...{ ca: authority, servername: 'localhost' },
      headers: {
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        'content-type': 'application/json',
        ...headers,
      },
    });
    asked.on('error', reject);
    asked.on('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        resolve({
          ...{ status: response.statusCode ?? 0, headers: response.headers, text },
          answer: JSON.parse(text) as PushAnswer,
        });
      });
    });
    asked.end(body);
  });
}

/** A bill of a stay; `sent`: its version. */
export async function billOf(
  id: string,
  { bed = '1', version }: { readonly bed?: string; readonly version?: number } = {},
): Promise<object> {
  const colon: SettlementInput = await colonCancer();
  return {
    ...encodeSettlementInput({ ...colon, yearToDate: null, visit: { ...colon.visit, id, bed } }),
    ...(version === undefined ? {} : { sent: { version } }),
  };
}

/** A folder of a test with the certificate and key of the address. */
export async function certificateFolder(): Promise<{
  readonly certificate: string;
  readonly key: string;
  readonly remove: () => Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'push-certificate-'));
  const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  await writeFile(certificate, serverCertificate);
  await writeFile(key, serverKey, { mode: 0o600 });
  return { certificate, key, remove: () => rm(folder, { recursive: true, force: true }) };
}
