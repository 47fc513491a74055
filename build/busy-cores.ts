import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

// node build/busy-cores.ts COMMAND …
// Runs the command while every core is kept busy by other work, and ends with its exit code. It shows that no
// test holds on to a real duration:
//   for run in 1 2 3; do node build/busy-cores.ts npm test || break; done

const [command, ...words] = process.argv.slice(2);
if (command === undefined) {
  console.error('node build/busy-cores.ts COMMAND …');
  process.exit(2);
}
const busy = `
  const numbers = new Float64Array(1 << 16);
  for (let round = 0; ; round += 1) {
    for (let at = 0; at < numbers.length; at += 1) numbers[at] = Math.sqrt(at + round);
  }
`;
const cores = availableParallelism();
const workers = Array.from({ length: cores }, () => new Worker(busy, { eval: true }));
console.error(`${String(cores)} cores are kept busy`);
const child = spawn(command, words, { stdio: 'inherit' });
const end = (code: number): void => {
  process.exitCode = code;
  for (const worker of workers) void worker.terminate();
};
child.on('error', (problem) => {
  console.error(problem.message);
  end(127);
});
child.on('close', (code) => {
  end(code ?? 1);
});
