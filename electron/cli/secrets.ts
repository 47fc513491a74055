import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { sep } from 'node:path';

import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { commandRefusal } from './command-refusals.ts';

/** The environment's variables for commands that nobody sits at. */
export const userVariable = 'SETTLEMENT_USER';
export const passwordFileVariable = 'SETTLEMENT_PASSWORD_FILE';

/** Where a command takes passwords from, one after the other in the order its usage names them. */
export type Secrets = {
  /** The next one; null where there is none to be had. `prompt` is shown to one who sits at a terminal. */
  next(prompt: string): Promise<string | null>;
};

/** Asks for the PIN of a certificate, after the password of the same user; empty: that user has none. */
export function askPin(
  { secrets }: { readonly secrets: Secrets },
  userId: string,
): Promise<string | null> {
  return secrets.next(`${userId} 的证书 PIN（不显示；没有证书直接按 Enter）：`);
}

type Given = {
  readonly fromStandardInput: boolean;
  readonly say: (line: string) => void;
};

/** From standard input, a line each, or asked on the terminal without showing what is typed. */
export function secretsOf({ fromStandardInput, say }: Given): Secrets {
  if (fromStandardInput) return linesOf(process.stdin);
  return {
    next: async (prompt) => (process.stdin.isTTY ? askUnseen(prompt, say) : null),
  };
}

/** The lines of a stream, each as it is asked for; a last one need not end. */
export function linesOf(input: NodeJS.ReadableStream): Secrets {
  let lines: AsyncIterator<string> | null = null;
  return {
    async next() {
      lines ??= createInterface({ input, crlfDelay: Infinity })[Symbol.asyncIterator]();
      const line = await lines.next();
      return line.done === true ? null : line.value;
    },
  };
}

/** More than a password is, and than a program should take from a key that hangs. */
const typedMax = 4096;

/** Reads a line from the terminal; nothing of it is shown. Ctrl+C and Ctrl+D give up. */
function askUnseen(prompt: string, say: (line: string) => void): Promise<string | null> {
  const { stdin } = process;
  say(prompt);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  stdin.resume();
  return new Promise((resolve) => {
    let typed = '';
    const end = (answer: string | null): void => {
      stdin.off('data', onData);
      stdin.setRawMode(false);
      stdin.pause();
      resolve(answer);
    };
    const onData = (text: string): void => {
      for (const key of text) {
        if (key === '\r' || key === '\n') {
          end(typed);
          return;
        }
        if (key === '\u0003' || key === '\u0004') {
          end(null);
          return;
        }
        if (key === '\u007f' || key === '\b') typed = Array.from(typed).slice(0, -1).join('');
        else if (typed.length < typedMax) typed += key;
      }
    };
    stdin.on('data', onData);
  });
}

/**
 * The secret of a program's account, from the file that `SETTLEMENT_PASSWORD_FILE` names: the first line. The file is the
 * owner's alone and not in the data folder, where every copy of the folder would carry it.
 */
export function secretInFile(file: string, home: string): Result<string, 'password-file-unsafe'> {
  const unsafe = refused(commandRefusal('password-file-unsafe', { file }));
  let handle: number | null = null;
  try {
    // A pipe that nobody writes to is not waited for.
    handle = openSync(file, constants.O_RDONLY | (notWindows ? constants.O_NONBLOCK : 0));
    // Of the file that was opened, not of whatever has its name by now.
    const facts = fstatSync(handle);
    const { mode, uid, size } = facts;
    if (!facts.isFile()) return unsafe;
    if (notWindows) {
      if ((mode & 0o077) !== 0 || uid !== process.getuid?.()) return unsafe;
    }
    if (size > typedMax || realpathSync(file).startsWith(realHome(home) + sep)) return unsafe;
    const content = Buffer.alloc(typedMax);
    const length = readSync(handle, content, 0, typedMax, 0);
    const [line = ''] = content.toString('utf8', 0, length).split(/\r?\n/);
    return line === '' ? unsafe : accepted(line);
  } catch {
    return unsafe;
  } finally {
    if (handle !== null) closeSync(handle);
  }
}

const notWindows = process.platform !== 'win32';

function realHome(home: string): string {
  try {
    return realpathSync(home);
  } catch {
    return home;
  }
}
