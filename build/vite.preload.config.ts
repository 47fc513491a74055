import path from 'node:path';
import type { InlineConfig } from 'vite';

const root = path.resolve(import.meta.dirname, '..');

/** A sandboxed preload cannot be an ES module, and may require nothing but `electron`: CommonJS, one file. */
export default {
  root,
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  build: {
    target: 'node24',
    outDir: path.join(root, 'out/electron'),
    emptyOutDir: false,
    minify: false,
    sourcemap: true,
    lib: {
      entry: path.join(root, 'electron/preload.ts'),
      formats: ['cjs'],
      fileName: () => 'preload.cjs',
    },
    rolldownOptions: { external: ['electron'] },
  },
} satisfies InlineConfig;
