import { cruiseTree } from './cruise.ts';

const { looked, violations } = await cruiseTree(process.cwd());
for (const { rule, from, to } of violations) console.error(`${rule}: ${from} → ${to}`);
console.error(`${String(looked)} files, ${String(violations.length)} forbidden imports`);
process.exitCode = violations.length === 0 ? 0 : 1;
