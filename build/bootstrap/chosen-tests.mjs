// @ts-check
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const parts = ['shared', 'drivers', 'electron', 'renderer', 'build'];

/** Options of the test program whose value is the next word; every other word without a dash names files. */
const withValue = new Set(['-t', '--testNamePattern', '--project', '--reporter', '--outputFile']);

/**
 * What a test needs beside the packages of npm, by the text of any source it reaches through its imports.
 * @typedef {{ readonly text: RegExp, readonly packages: readonly string[], readonly built?: boolean }} Need
 * @type {readonly Need[]}
 */
const needs = [
  { text: /'socat'/, packages: ['socat'] },
  { text: /'pcscd'|\/pcscd\b/, packages: ['pcscd', 'vsmartcard-vpcd', 'libpcsclite-dev', 'g++'] },
  {
    text: /virtualsmartcard/,
    packages: ['python3-virtualsmartcard', 'python3-pycryptodome'],
  },
  { text: /from 'playwright-core'/, packages: ['chromium', 'fonts-noto-cjk'] },
  { text: /'pdf(totext|toppm|fonts|info)'/, packages: ['poppler-utils'] },
  { text: /makensis/, packages: ['nsis'] },
  { text: /hanazono|document-worker/, packages: ['fonts-hanazono'] },
  { text: /'initdb'/, packages: ['postgresql'] },
  { text: /sbin\/sshd/, packages: ['openssh-server'] },
  { text: /'mariadbd'/, packages: ['mariadb-server-core'] },
  { text: /'node-hid'/, packages: ['libusb-1.0-0', 'udev'] },
  { text: /out\/(electron|page|policy-packs)\//, packages: [], built: true },
];

/**
 * What the chosen tests need: all that any of them may, unless words of the command name files.
 * @param {string} root
 * @param {readonly string[]} words what follows `npm test --`
 * @param {readonly string[]} packages all that any test may need
 * @returns {{ packages: readonly string[], built: boolean }}
 */
export function needsOfTests(root, words, packages) {
  const chosen = chosenTests(root, words);
  if (chosen === null) return { packages, built: true };
  const texts = reachedTexts(root, chosen);
  const met = needs.filter(({ text }) => texts.some((each) => text.test(each)));
  const wanted = new Set(met.flatMap((need) => need.packages));
  return {
    packages: packages.filter((name) => wanted.has(name)),
    built: met.some(({ built }) => built === true),
  };
}

/**
 * The test files that the words name, as the test program takes them: by a part of their path. Null where no
 * word names any file, which runs them all or says so.
 * @param {string} root
 * @param {readonly string[]} words
 * @returns {readonly string[] | null}
 */
export function chosenTests(root, words) {
  const named = words
    .filter((word, index) => !word.startsWith('-') && !withValue.has(words[index - 1] ?? ''))
    .map((word) => path.relative(root, path.resolve(root, word)).replace(/:\d+$/, ''));
  if (named.length === 0) return null;
  const chosen = testFiles(root).filter((file) => named.some((name) => file.includes(name)));
  return chosen.length === 0 ? null : chosen;
}

/** @param {string} root */
function testFiles(root) {
  return parts.flatMap((part) =>
    readdirSync(path.join(root, part), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.test\.tsx?$/.test(file))
      .map((file) => `${part}/${file.split(path.sep).join('/')}`),
  );
}

/**
 * The text of some files and of all that they import of ours, directly or not.
 * @param {string} root
 * @param {readonly string[]} files
 */
function reachedTexts(root, files) {
  const reached = new Set(files.map((file) => path.join(root, file)));
  /** @type {string[]} */
  const texts = [];
  for (const file of reached) {
    const text = readFileSync(file, 'utf8');
    texts.push(text);
    for (const [, target = ''] of text.matchAll(/(?:from|import|import\()\s*'(\.[^']+)'/g)) {
      const imported = path.resolve(path.dirname(file), target);
      if (existsSync(imported)) reached.add(imported);
    }
  }
  return texts;
}
