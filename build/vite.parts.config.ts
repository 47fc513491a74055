import path from 'node:path';
import type { InlineConfig } from 'vite';
import parts from './parts.json' with { type: 'json' };

const root = path.resolve(import.meta.dirname, '..');

/**
 * The main process, the host, the command line and the programs and workers they start: one file per part in
 * out/electron/, because parts find each other by name beside themselves. Packages stay outside: native ones
 * must, and a package that is not bundled is the package that was tested. The exceptions are three packages of
 * plain code in hundreds of files, whose search and reading were two fifths of every start.
 */
export default {
  root,
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  ssr: { noExternal: ['kysely', 'yaml', 'zod'] },
  build: {
    ssr: true,
    target: 'node24',
    outDir: path.join(root, 'out/electron'),
    emptyOutDir: true,
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input: Object.fromEntries(
        Object.entries(parts).map(([name, source]) => [name, path.join(root, source)]),
      ),
      external: ['electron'],
      output: {
        format: 'es',
        entryFileNames: '[name].js',
        // Flat: code shared by several parts finds its neighbours with the same relative names.
        chunkFileNames: 'shared-[name]-[hash].js',
        // A file of its own, because it comes before everything else only if nothing else is in it.
        codeSplitting: { groups: [{ name: 'small-nursery', test: /small-nursery\.ts$/ }] },
      },
    },
  },
} satisfies InlineConfig;
