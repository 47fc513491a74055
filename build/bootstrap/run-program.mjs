// @ts-check
import { spawn } from 'node:child_process';
import { allAlive } from './starters.mjs';

/** How often this process looks whether whoever started it is still there. */
const lookEveryMs = 500;
/** What a program gets to close its database before it is ended for good. */
const graceMs = 10_000;

/**
 * Runs a program with this process's own input and output, hands signals on, and ends it when a starter
 * goes, so that a killed `npm` leaves nothing behind. Gives the exit code (128 + n for signal n).
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ starters: readonly number[], environment?: Record<string, string>, quiet?: boolean }} options
 * quiet: the program's standard output goes to standard error
 * @returns {Promise<number>}
 */
export function runProgram(file, args, { starters, environment = {}, quiet = false }) {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      stdio: ['inherit', quiet ? 2 : 'inherit', 'inherit'],
      env: { ...process.env, ...environment },
    });
    const parent = process.ppid;
    /** @type {NodeJS.Timeout | undefined} */
    let forGood;
    /** @param {NodeJS.Signals} signal */
    const end = (signal) => {
      child.kill(signal);
      forGood ??= setTimeout(() => child.kill('SIGKILL'), graceMs);
    };
    const watch = setInterval(() => {
      if (process.ppid !== parent || !allAlive(starters)) end('SIGTERM');
    }, lookEveryMs);
    const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
    for (const signal of signals) process.on(signal, end);
    /** @param {number} code */
    const done = (code) => {
      clearInterval(watch);
      clearTimeout(forGood);
      for (const signal of signals) process.off(signal, end);
      resolve(code);
    };
    child.on('error', (problem) => {
      console.error(`${file}: ${problem.message}`);
      done(127);
    });
    child.on('close', (code, signal) => {
      done(code ?? 128 + (signal === 'SIGINT' ? 2 : signal === 'SIGKILL' ? 9 : 15));
    });
  });
}
