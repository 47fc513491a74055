import { registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as electron from './electron.ts';

// node run.ts MAIN.js [OPTION…]: runs the built main process with the stand-in wherever it says `electron`.
const standIn = new URL('./electron.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: standIn, shortCircuit: true } : next(specifier, context),
});

const [main = '', ...options] = process.argv.slice(2);
// A packed program is its own first word; one that is developed is started by Electron.
process.argv =
  process.env['STAND_IN_PACKAGED'] === '1'
    ? [process.execPath, ...options]
    : [process.execPath, path.resolve(main), ...options];
await import(pathToFileURL(path.resolve(main)).href);
electron.markReady();
