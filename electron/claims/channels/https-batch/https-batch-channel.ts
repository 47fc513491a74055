import { readFile } from 'node:fs/promises';

import { z } from 'zod';

import { crashPoint } from '../../../base/crash-points.ts';
import { exchange, type ExchangeOptions, type OwnTls } from '../../../base/post-message.ts';
import { OpenKeyFile, readPrivateKeyFile } from '../../../base/private-key-file.ts';
import type { ClaimProblem } from '../../../database/claims-repository.ts';
import type { ClaimChannel, OutgoingClaim, Sending, SendOutcome } from '../../channel.ts';
import type { Collected, Collecting } from '../../returns.ts';
import type { HttpsProfile } from './https-profile.ts';
import { readJsonReturn } from './read-json-return.ts';
import { batchName, batchOf, claimJson } from './write-batch.ts';

/** JSON batches over HTTPS: the payer shows a certificate of its authority, we show ours; it answers later in returns. */
export function httpsBatchChannel(profile: HttpsProfile): ClaimChannel {
  return {
    claimsAtOnce: profile.claimsAtOnce,
    isOwnBook: false,
    undoing: null,
    address: profile.address,
    nameTogether: batchName,
    write: claimJson,
    async send(claims, sending) {
      if (claims.length === 0) return new Map();
      const outcome = await sendBatch(profile, claims, sending);
      return new Map(claims.map(({ claim }) => [claim.id, outcome]));
    },
    returns: {
      collect: (collecting) => collect(profile, collecting),
      read: (found) => Promise.resolve(readJsonReturn(found)),
    },
  };
}

/** What a payer says of a batch: its name and digest say that it is this one, whole. */
const echoSchema = z.object({ batch: z.string(), sha256: z.string() });
const refusalSchema = z.object({ ...echoSchema.shape, code: z.string(), words: z.string() });

async function sendBatch(
  profile: HttpsProfile,
  claims: readonly OutgoingClaim[],
  { address, timer, onHandedOver }: Sending,
): Promise<SendOutcome> {
  const { name, text, sha256 } = batchOf(claims);
  if (claims.some(({ isInDoubt }) => isInDoubt) && !profile.takesSameBatchAgain)
    return unknown('batch-may-be-taken', '支付方可能已有这一批，而它不接受同一批再来；请查询');
  const tls = await ownTls(profile);
  if ('code' in tls) return { kind: 'not-sent', problem: tls };
  const posted = await exchange(new URL(`${profile.batches}/${name}`, address), {
    ...{ method: 'PUT', body: Buffer.from(text), tls, timer, deadlines: profile.deadlines },
    onRequestSent: onHandedOver,
  });
  if (posted.kind === 'not-sent') return { kind: 'not-sent', problem: problemOf(posted.why) };
  if (posted.kind === 'no-answer')
    return { kind: 'unknown', isSilent: true, problem: problemOf(posted.why) };
  const json = parse(posted.bytes);
  const isOurs = (echo: z.infer<typeof echoSchema>): boolean =>
    echo.batch === name && echo.sha256 === sha256;
  const echo = echoSchema.safeParse(json);
  if ((posted.status === 200 || posted.status === 202) && echo.success && isOurs(echo.data))
    return { kind: 'acknowledged', reference: name };
  const refusal = refusalSchema.safeParse(json);
  if (posted.status === 422 && refusal.success && isOurs(refusal.data)) {
    const { code, words } = refusal.data;
    const problem = { code: code.slice(0, 60), words: words.slice(0, 500) };
    return { kind: 'rejected', problem, namesIt: true };
  }
  return echo.success && !isOurs(echo.data)
    ? unknown('another-answer', '收到的是另一批申报的回复')
    : unknown(`http-${String(posted.status)}`, '支付方的回复没有说明这一批的结果');
}

const unknown = (code: string, words: string): SendOutcome => ({
  ...{ kind: 'unknown', isSilent: false, problem: { code, words } },
});

/** A certificate that does not vouch for this address is another machine: the way is shut. */
function problemOf(why: string): ClaimProblem {
  return /CERT|SELF_SIGNED|UNABLE_TO/.test(why)
    ? {
        code: 'payer-certificate',
        words: `${why}：对方的证书不是配置的机构签发给这个地址的，没有发送`,
      }
    : { code: 'no-answer', words: why };
}

async function ownTls(profile: HttpsProfile): Promise<OwnTls | ClaimProblem> {
  try {
    const [ca, cert] = await Promise.all([
      readFile(profile.authorityFile),
      readFile(profile.certificateFile),
    ]);
    return { ca, cert, key: await readPrivateKeyFile(profile.keyFile) };
  } catch (problem) {
    const words = problem instanceof Error ? problem.message : String(problem);
    return { code: problem instanceof OpenKeyFile ? 'key-file-open' : 'key-file-unusable', words };
  }
}

const listSchema = z.object({ returns: z.array(z.string()).max(10_000) });
/** A name becomes a part of an address. */
const isPlain = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$/.test(name);
/** A return is kept whole in the database. */
const returnBytesMost = 16_000_000;

async function collect(profile: HttpsProfile, collecting: Collecting): Promise<Collected> {
  const { address, timer, keep } = collecting;
  let returns = 0;
  const notReached = (problem: ClaimProblem): Collected => ({
    kind: 'not-reached',
    returns,
    problem,
  });
  const tls = await ownTls(profile);
  if ('code' in tls) return notReached(tls);
  const ask = async (
    path: string,
    options: Pick<ExchangeOptions, 'method' | 'body'>,
  ): Promise<Buffer | ClaimProblem> => {
    const came = await exchange(new URL(`${profile.returns}${path}`, address), {
      ...{ ...options, tls, timer, deadlines: profile.deadlines, answerBytesMax: returnBytesMost },
    });
    if (came.kind !== 'answered') return problemOf(came.why);
    if (came.status === 200) return came.bytes;
    return { code: `http-${String(came.status)}`, words: '支付方没有给出回执' };
  };
  const listed = await ask('', { method: 'GET' });
  if ('code' in listed) return notReached(listed);
  const list = listSchema.safeParse(parse(listed));
  if (!list.success)
    return notReached({ code: 'malformed-answer', words: '支付方的回执清单读不懂' });
  const names = [...list.data.returns].sort();
  for (const name of names.filter(isPlain)) {
    const content = await ask(`/${name}`, { method: 'GET' });
    if ('code' in content) return notReached(content);
    await keep({ name, content });
    returns += 1;
    crashPoint('https-batch:before-kept-said');
    const said = await ask(`/${name}/kept`, { method: 'POST', body: Buffer.from('{}') });
    if ('code' in said) return notReached(said);
  }
  const odd = names.find((name) => !isPlain(name));
  if (odd === undefined) return { kind: 'collected', returns };
  return notReached({
    code: 'return-odd',
    words: `回执 ${odd.slice(0, 100)} 的名称不合规定，没有取`,
  });
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
}
