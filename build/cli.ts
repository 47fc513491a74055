import { pathToFileURL } from 'node:url';
import { endWithParent } from './bootstrap/starters.mjs';
import { buildParts, builtPart } from './outputs.ts';

/** What out/electron/cli.js offers; its sources belong to another part and are checked there. */
type CommandLine = {
  commandLineProgram: (argv: readonly string[], environment: NodeJS.ProcessEnv) => Promise<never>;
};

endWithParent();
await buildParts();
const built = pathToFileURL(builtPart('cli.js')).href;
const { commandLineProgram } = (await import(built)) as CommandLine;
await commandLineProgram(process.argv.slice(2), process.env);
