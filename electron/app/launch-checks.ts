import { declareRefusals } from '../../shared/domain/declare-refusals.ts';
import type { Refusal } from '../../shared/domain/result.ts';

/** How the program was started. */
export type Launch = {
  readonly isPackaged: boolean;
  /** What stands behind the program's own name. */
  readonly words: readonly string[];
  readonly platform: NodeJS.Platform;
  /** The operating system's own number, as `os.release()` says it. */
  readonly release: string;
};

const launchRefusal = declareRefusals({
  'switch-refused': ({ word }: { readonly word: string }) => ({
    message: {
      zh: `结算窗口不能带 ${word} 启动：这会让别的程序看到或改动患者和金额。程序没有打开。`,
      en: `The desk does not start with ${word}: other programs could see or change patients and amounts. It was not opened.`,
    },
    money: 'none',
    remedy: {
      zh: '请从桌面图标打开；快捷方式里若有这个参数，请信息科删掉，并查明是谁加的。',
      en: 'Open it by its icon; where the shortcut has this word, have the IT clerk remove it and find out who put it there.',
    },
  }),
  'windows-too-old': ({ name }: { readonly name: string }) => ({
    message: {
      zh: `这台电脑是 ${name}，结算窗口要 Windows 10 或更新的 64 位系统。程序没有打开。`,
      en: `This machine runs ${name}; the desk needs Windows 10 or newer, 64 bit. It was not opened.`,
    },
    money: 'none',
    remedy: {
      zh: '请信息科换一台 Windows 10/11、麒麟或统信的电脑；数据文件夹可以整个搬过去。',
      en: 'Have the IT clerk use a machine with Windows 10/11, Kylin or UOS; the data folder moves as it is.',
    },
  }),
});

/**
 * Names of switches, of Chromium and of Node, that open the program to others: a debugger, code of somebody else in
 * our processes, a page without its walls, traffic through a stranger, a log of what passes.
 */
const opensToOthers = new RegExp(
  `^(?:${[
    'remote-.*',
    'inspect.*',
    'debug.*',
    'js-flags',
    'auto-open-devtools-for-tabs',
    'load-extension',
    'disable-extensions-except',
    'disable-web-security',
    'disable-site-isolation.*',
    'allow-.*',
    'unsafely-.*',
    'ignore-certificate-errors.*',
    'enable-blink-features',
    'disable-blink-features',
    'single-process',
    '.*-cmd-prefix',
    'gpu-launcher',
    'user-data-dir',
    'proxy-.*',
    'host-rules',
    'host-resolver-rules',
    'enable-logging',
    'log-.*',
    'net-log.*',
    'trace-.*',
    'require',
    'import',
    'experimental-.*',
    'loader',
    'eval',
    'print',
  ].join('|')})$`,
);

/** The names Windows has for what it numbers so; Electron runs on none of them. */
const oldWindows: readonly (readonly [RegExp, string])[] = [
  [/^(?:5|6\.0)\b/, 'Windows XP / Vista'],
  [/^6\.1\b/, 'Windows 7'],
  [/^6\.2\b/, 'Windows 8'],
  [/^6\.3\b/, 'Windows 8.1'],
];

/**
 * Why the program does not start as it was called; null where it does. While it is developed every switch is
 * allowed. Chromium takes a switch by two dashes, on Windows also by one or by a slash, in either case.
 */
export function launchProblem({ isPackaged, words, platform, release }: Launch): Refusal | null {
  if (platform === 'win32') {
    const old = oldWindows.find(([pattern]) => pattern.test(release));
    if (old !== undefined) return launchRefusal('windows-too-old', { name: old[1] });
  }
  if (!isPackaged) return null;
  for (const word of words) {
    const name = /^(?:--?|\/)([^=\s/]+)(?:=.*)?$/s.exec(word)?.[1];
    if (name === undefined) continue;
    if (opensToOthers.test(name.toLowerCase().replaceAll('_', '-')))
      return launchRefusal('switch-refused', { word: word.slice(0, 80) });
  }
  return null;
}
