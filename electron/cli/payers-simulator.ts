import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { partPath } from '../base/part-path.ts';

/**
 * `payers-simulator [--port N] [--home DIR] [--files DIR] [--fault NAME]…`: runs the insurers as a program of their own
 * until they or their starter end; answers the exit code. The pipe on its standard input closes with this
 * process, however it dies, and that ends it.
 */
export function payersSimulatorCommand(call: {
  readonly port?: string;
  readonly home?: string;
  /** The folder of the payer of files. */
  readonly files?: string;
  readonly faults: readonly string[];
}): Promise<number> {
  const options = [
    ...(call.port === undefined ? [] : ['--port', call.port]),
    ...(call.home === undefined ? [] : ['--home', join(call.home, 'payers')]),
    ...(call.files === undefined ? [] : ['--files', call.files]),
    ...call.faults.flatMap((fault) => ['--fault', fault]),
  ];
  const program = [partPath('payers-simulator'), '--end-with-starter', ...options];
  const child = spawn(process.execPath, program, { stdio: ['pipe', 'inherit', 'inherit'] });
  const stop = (): void => void child.kill('SIGTERM');
  process.once('SIGTERM', stop).once('SIGINT', stop);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      process.removeListener('SIGTERM', stop).removeListener('SIGINT', stop);
      resolve(code ?? 0);
    });
  });
}
