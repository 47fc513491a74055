import { pathToFileURL } from 'node:url';
import { endWithParent } from './bootstrap/starters.mjs';
import { buildParts, builtPart } from './outputs.ts';

/** What out/electron/cli.js offers; its sources belong to another part and are checked there. */
type CommandLine = {
  runCommandLine: (argv: readonly string[], environment: NodeJS.ProcessEnv) => Promise<number>;
};

endWithParent();
await buildParts();
const built = pathToFileURL(builtPart('cli.js')).href;
const { runCommandLine } = (await import(built)) as CommandLine;
process.exitCode = await runCommandLine(process.argv.slice(2), process.env);
