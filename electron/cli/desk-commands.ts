import { refused, accepted, type Result } from '../../shared/domain/result.ts';
import { databaseFileOf, folderExists } from '../app/data-folder.ts';
import { lockHolder } from '../database/named-lock.ts';
import { readRunFile } from '../host/run-file.ts';
import { commandRefusal } from './command-refusals.ts';
import { done, refusedWith, type Command, type CommandCall } from './command.ts';

/** A desk closes itself within four seconds; one that does not is ended, and nothing acknowledged is lost by that. */
const endAfterMs = 4500;
/** An ended process is gone at once, unless the system itself waits for a dead disk. */
const goneAfterMs = 15_000;
/** A desk that hangs does not answer; one that works does so at once. */
const answerWithinMs = 4000;

/** How often it looks whether the desk has let go of its folder. */
export const lookEveryMs = 50;

/**
 * Ends the desk of the folder and waits until nobody holds the folder any more: files say nothing of that. A desk that
 * hangs is ended by force; one that still does not let go is named.
 */
export const stopCommand: Command = {
  name: 'stop',
  usage: '',
  words: [0, 0],
  roles: 'anyone',
  folder: 'none',
  run: async (call) => {
    // Not the wall clock: set back while this waits, it would keep the command for hours.
    const began = performance.now();
    const asked = await askOwner(call, 'stop');
    // From the order on: a desk that took long to hear it has the less time to close.
    if (asked.ok) return untilLetGo(call, asked.value.pid, { began, lateAfterMs: endAfterMs });
    const hanging = await hangingDesk(call);
    return hanging === null
      ? refusedWith(asked.refusal)
      : untilLetGo(call, hanging, { began, lateAfterMs: 0 });
  },
};

/** Waits until the folder is let go, and ends its holder by force once it is late. */
async function untilLetGo(
  call: CommandCall,
  pid: number,
  { began, lateAfterMs }: { readonly began: number; readonly lateAfterMs: number },
) {
  let isEnded = false;
  let holder = await deskHolder(call);
  while (holder !== null && performance.now() - began < goneAfterMs) {
    const isLate = performance.now() - began >= lateAfterMs;
    if (isLate && !isEnded && holder !== 'unknown' && holder.pid === pid) isEnded = endByForce(pid);
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    holder = await deskHolder(call);
  }
  return holder === null
    ? done({ stopped: true, pid })
    : done({ stopped: false, pid, holder: holder === 'unknown' ? null : holder }, false);
}

/** The desk that says it runs here, holds the folder and does not answer; null: none, or another program holds it. */
async function hangingDesk(call: CommandCall): Promise<number | null> {
  const run = folderExists(call.home) ? readRunFile(call.home) : null;
  const holder = run === null ? null : await deskHolder(call);
  if (run === null || holder === null || holder === 'unknown') return null;
  return holder.pid === run.pid && run.pid !== process.pid ? run.pid : null;
}

/** Ends a process; false: it is not ours to end, or is gone. */
function endByForce(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

/** A fresh address for one more window of the running desk. */
export const openCommand: Command = {
  name: 'open',
  usage: '',
  words: [0, 0],
  roles: 'anyone',
  folder: 'none',
  run: async (call) => {
    const asked = await askOwner(call, 'open');
    if (!asked.ok) return refusedWith(asked.refusal);
    const { port, body } = asked.value;
    const token = (body as { token?: unknown }).token;
    return done({ url: `http://127.0.0.1:${String(port)}/#token=${String(token)}` });
  },
};

type OwnerAnswer = { readonly pid: number; readonly port: number; readonly body: unknown };

async function askOwner(
  call: CommandCall,
  act: 'stop' | 'open',
): Promise<Result<OwnerAnswer, 'no-desk' | 'desk-out-of-reach'>> {
  const run = folderExists(call.home) ? readRunFile(call.home) : null;
  if (run === null) return unreachable(call);
  try {
    const answer = await fetch(`http://127.0.0.1:${String(run.port)}/api/owner/${act}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${run.ownerSecret}` },
      signal: AbortSignal.timeout(answerWithinMs),
    });
    if (!answer.ok) return await unreachable(call);
    return accepted({ pid: run.pid, port: run.port, body: (await answer.json()) as unknown });
  } catch {
    return unreachable(call);
  }
}

/** No desk at all, or one that has the folder and cannot be spoken to: an Electron window, or a stopped process. */
async function unreachable(
  call: CommandCall,
): Promise<Result<never, 'no-desk' | 'desk-out-of-reach'>> {
  const holder = folderExists(call.home) ? await deskHolder(call) : null;
  if (holder === null) return refused(commandRefusal('no-desk', call));
  const { home } = call;
  return refused(
    commandRefusal('desk-out-of-reach', { home, holder: holder === 'unknown' ? null : holder }),
  );
}

function deskHolder({ home }: CommandCall) {
  return lockHolder({ home, databaseFile: databaseFileOf(home) }, 'desk');
}
