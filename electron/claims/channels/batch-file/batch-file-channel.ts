import { fileHash } from '../../../base/file-hash.ts';
import { crashPoint } from '../../../base/crash-points.ts';
import type { ClaimChannel, OutgoingClaim, Sending, SendOutcome } from '../../channel.ts';
import type { Collected, Collecting } from '../../returns.ts';
import type { BatchProfile } from './batch-profile.ts';
import { readReturnFile } from './read-return.ts';
import { LineProblem, SftpLine, type ListedFile } from './sftp-line.ts';
import { claimLines, fileName, fileOf } from './write-file.ts';

/**
 * Files of claims over SFTP, answered by files that the payer leaves. A file is written under a name that the payer does not
 * look at and takes its own by one step; from then on the payer has it. Before that it cannot have it, whatever broke.
 */
export function batchFileChannel(profile: BatchProfile): ClaimChannel {
  return {
    claimsAtOnce: profile.claimsAtOnce,
    isOwnBook: false,
    undoing: null,
    address: profile.address,
    nameTogether: fileName,
    write: claimLines,
    async send(claims, sending) {
      if (claims.length === 0) return new Map();
      const outcome = await sendFile(profile, claims, sending);
      return new Map(claims.map(({ claim }) => [claim.id, outcome]));
    },
    returns: {
      collect: (collecting) => collect(profile, collecting),
      read: (found) => readReturnFile(found, profile.hash),
    },
  };
}

async function sendFile(
  profile: BatchProfile,
  claims: readonly OutgoingClaim[],
  { address, timer, onHandedOver }: Sending,
): Promise<SendOutcome> {
  const { name, bytes } = await fileOf(claims, profile.hash);
  const [final, temporary] = [`${profile.inbox}/${name}`, `${profile.inbox}/.${name}.part`];
  const isInDoubt = claims.some((each) => each.isInDoubt);
  let isRenaming = false;
  let line: SftpLine | null = null;
  try {
    line = await SftpLine.open(profile, address, timer);
    const there = await line.sizeOf(final);
    if (there === bytes.length) return { kind: 'acknowledged', reference: name };
    if (there !== null)
      return unknown('name-taken', `对方收件处已有同名而内容不同的文件 ${name}，没有再发`);
    if (isInDoubt && !profile.takesSameFileAgain)
      return unknown('file-may-be-taken', '对方可能已收走这个文件，而它不接受同一文件再来；请查询');
    await line.write(temporary, bytes);
    const written = await line.sizeOf(temporary);
    if (written !== bytes.length)
      throw new LineProblem('payer-refused-file', `written ${String(written)} bytes`);
    crashPoint('batch-file:before-rename');
    isRenaming = true;
    const renamed = line.rename(temporary, final);
    // Where handing over itself fails, nobody is left to hear of this.
    renamed.catch(() => undefined);
    onHandedOver();
    await renamed;
    crashPoint('batch-file:after-rename');
    return { kind: 'acknowledged', reference: name };
  } catch (problem) {
    if (!(problem instanceof LineProblem)) throw problem;
    if (!isRenaming) return { kind: 'not-sent', problem: problem.problem };
    const isSilent = problem.problem.code === 'no-answer';
    return { kind: 'unknown', isSilent, problem: problem.problem };
  } finally {
    line?.close();
  }
}

const unknown = (code: string, words: string): SendOutcome => ({
  ...{ kind: 'unknown', isSilent: false, problem: { code, words } },
});

/** A return is kept whole in the database. */
const returnBytesMost = 16_000_000;
/** What is being written has another name, or begins with a point. */
const isWhole = ({ name }: ListedFile): boolean =>
  !name.startsWith('.') && !/\.(part|tmp)$/.test(name);
/** A name becomes a part of paths at the payer's. */
const isPlain = ({ name, size, isFile }: ListedFile): boolean =>
  isFile && size <= returnBytesMost && /^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$/.test(name);

/** Fetches what lies in the outbox, in the order of names; each is kept here before it is put away there. */
async function collect(
  profile: BatchProfile,
  { address, timer, keep }: Collecting,
): Promise<Collected> {
  const { outbox, done } = profile;
  let returns = 0;
  let line: SftpLine | null = null;
  try {
    line = await SftpLine.open(profile, address, timer);
    const listed = (await line.list(outbox)).filter(
      (file) => isWhole(file) && !isFolderOf(done, outbox, file),
    );
    const lying = listed.filter(isPlain).sort((one, other) => (one.name < other.name ? -1 : 1));
    if (lying.length > 0) await line.makeFolder(done);
    for (const { name } of lying) {
      const content = await line.read(`${outbox}/${name}`);
      await keep({ name, content });
      returns += 1;
      crashPoint('batch-file:before-done');
      await putAway(line, `${outbox}/${name}`, `${done}/${name}`, content);
    }
    const odd = listed.find((file) => !isPlain(file));
    if (odd === undefined) return { kind: 'collected', returns };
    const words = `回执 ${odd.name.slice(0, 100)} 的名称不合规定、不是文件或大于 16 MB，没有取`;
    return { kind: 'not-reached', returns, problem: { code: 'return-odd', words } };
  } catch (problem) {
    if (!(problem instanceof LineProblem)) throw problem;
    return { kind: 'not-reached', returns, problem: problem.problem };
  } finally {
    line?.close();
  }
}

const isFolderOf = (done: string, outbox: string, { name }: ListedFile): boolean =>
  `${outbox}/${name}` === done;

/** A name that was put away before, with the same content or another, is no hindrance. */
async function putAway(
  line: SftpLine,
  from: string,
  to: string,
  content: Uint8Array,
): Promise<void> {
  const isTaken = (await line.sizeOf(to)) !== null;
  const name = isTaken ? `${to}.${fileHash(content).slice(0, 12)}` : to;
  if (isTaken && (await line.sizeOf(name)) !== null) return;
  await line.rename(from, name);
}
