import path from 'node:path';
import react from '@vitejs/plugin-react';
import type { InlineConfig } from 'vite';

const root = path.resolve(import.meta.dirname, '..');

/**
 * The page, for Electron's own protocol and for the host alike: relative addresses, no script within the
 * document (the content security policy lets none run) and nothing from elsewhere.
 */
export default {
  root: path.join(root, 'renderer'),
  configFile: false,
  logLevel: 'warn',
  base: './',
  cacheDir: path.join(root, 'node_modules/.cache/vite-page'),
  plugins: [react()],
  build: {
    target: 'chrome140',
    outDir: path.join(root, 'out/page'),
    emptyOutDir: true,
    sourcemap: true,
    // A polyfill would be a script within the document, and every browser here preloads modules itself.
    modulePreload: { polyfill: false },
    // Everything that is not a script or a style is a file: data: addresses stay out of the policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4000,
  },
} satisfies InlineConfig;
