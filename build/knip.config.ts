import type { KnipConfig } from 'knip';
import parts from './parts.json' with { type: 'json' };

/** Where the use of names begins: what is built, or started by the name of its file. */
const programs = [
  ...Object.values(parts),
  'electron/preload.ts',
  'renderer/app/main.tsx',
  'renderer/dev/**/*.{ts,tsx}',
  'build/*.{ts,mjs}',
  'build/bootstrap/*.{mjs,cjs}',
  'build/bench/{*.bench,look-at-folder}.ts',
  'build/screenshots/*.ts',
  'build/kill-test/{kill-test,desk-program}.ts',
  'build/fixture-folder/make-fixture-folder.ts',
  'drivers/card-reader/simulator/*-simulator.ts',
  'drivers/receipt-printer/simulator/*-simulator.ts',
];

/** Tests, and the programs and threads that only they start. */
const tests = [
  '**/*.test.{ts,tsx}',
  'electron/*/testing/*-program.ts',
  'electron/e2e/electron-stand-in/*.{ts,cjs,mjs}',
  'electron/e2e/command-session-program.ts',
  'drivers/card-reader/fuzz/fuzz-worker.test-support.ts',
  'drivers/transport/pcsc/ask-readers.test-support.ts',
];

/** Finds files, names and packages that nothing uses. */
export default {
  entry: [...programs, ...tests],
  project: ['{shared,drivers,electron,renderer,build}/**/*.{ts,tsx,mjs,cjs}'],
  // A name that its own file uses is not dead; whether it is also offered to others is the file's affair.
  ignoreExportsUsedInFile: true,
  ignoreIssues: {
    // The records both sides speak of: each part of one has a name, whether or not it is named alone today.
    'shared/domain/**': ['types'],
  },
  ignoreDependencies: [
    // Fonts, read as files by their path.
    '@expo-google-fonts/noto-sans-sc',
    // Without it the types of @fastify/websocket are `any`.
    '@types/ws',
    // The database package under its alias offers its types to nobody.
    '@types/better-sqlite3',
    // Started by the path of its program: build/dist.ts.
    'electron-builder',
    // Headers for building the PC/SC part, named in build/bootstrap.
    'node-api-headers',
  ],
  // Programs of the operating system: Debian packages that the start installs, or that tests ask for.
  ignoreBinaries: [
    'apt-get',
    'dpkg-query',
    /^g\+\+$/,
    'mariadbd',
    'mkfifo',
    'mount',
    'pdfinfo',
    'pdftotext',
    'socat',
    'umount',
    'unshare',
  ],
  vitest: { config: ['build/vitest.config.ts'] },
  eslint: { config: ['build/eslint.config.ts'] },
} satisfies KnipConfig;
