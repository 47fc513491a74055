import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The address a program prints when it is ready; rejects if it ends first. */
export function readyUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.stdout === null) throw new Error('the program has no standard output');
    createInterface({ input: child.stdout }).on('line', (line) => {
      const url = /^ready (\S+)$/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', (code, signal) => {
      reject(new Error(`ended before it was ready: ${String(code ?? signal)}`));
    });
  });
}
