import { refused, accepted, type Result } from '../../shared/domain/result.ts';
import { folderExists } from '../app/data-folder.ts';
import { readRunFile } from '../host/run-file.ts';
import { commandRefusal } from './command-refusals.ts';
import { done, refusedWith, type Command, type CommandCall } from './command.ts';

/** How long a desk may take to close its devices and its database. */
const stopWaitMs = 15_000;

/** Ends the desk of the folder and waits until it is gone. */
export const stopCommand: Command = {
  name: 'stop',
  usage: '',
  words: [0, 0],
  folder: 'none',
  run: async (call) => {
    const asked = await askOwner(call, 'stop');
    if (!asked.ok) return refusedWith(asked.refusal);
    const until = Date.now() + stopWaitMs;
    while (Date.now() < until && readRunFile(call.home) !== null) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return done({ stopped: readRunFile(call.home) === null, pid: asked.value.pid });
  },
};

/** A fresh address for one more window of the running desk. */
export const openCommand: Command = {
  name: 'open',
  usage: '',
  words: [0, 0],
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
): Promise<Result<OwnerAnswer, 'no-desk'>> {
  const run = folderExists(call.home) ? readRunFile(call.home) : null;
  if (run === null) return refused(commandRefusal('no-desk', call));
  try {
    const answer = await fetch(`http://127.0.0.1:${String(run.port)}/api/owner/${act}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${run.ownerSecret}` },
      signal: AbortSignal.timeout(5000),
    });
    if (!answer.ok) return refused(commandRefusal('no-desk', call));
    return accepted({ pid: run.pid, port: run.port, body: (await answer.json()) as unknown });
  } catch {
    return refused(commandRefusal('no-desk', call));
  }
}
