import { describe, expect, it } from 'vitest';

import { launchProblem, type Launch } from './launch-checks.ts';

const started = (change: Partial<Launch>) =>
  launchProblem({
    isPackaged: true,
    words: [],
    platform: 'linux',
    release: '6.1.0',
    ...change,
  })?.code ?? null;

describe('a packaged program', () => {
  it.each([
    '--remote-debugging-port=9222',
    '--remote-debugging-port',
    '--remote-debugging-pipe',
    '--remote-debugging-address=0.0.0.0',
    '--remote-allow-origins=*',
    '-remote-debugging-port=9222',
    '/remote-debugging-port=9222',
    '--Remote-Debugging-Port=9222',
    '--inspect',
    '--inspect=0.0.0.0:9229',
    '--inspect-brk',
    '--inspect_brk=1',
    '--inspect-wait',
    '--inspect-port=1',
    '--inspect-publish-uid=http',
    '--debug-brk',
    '--debug-port=5858',
    '--js-flags=--expose-gc',
    '--auto-open-devtools-for-tabs',
    '--load-extension=/tmp/x',
    '--disable-web-security',
    '--disable-site-isolation-trials',
    '--allow-file-access-from-files',
    '--ignore-certificate-errors',
    '--renderer-cmd-prefix=gdb --args',
    '--utility-cmd-prefix=strace',
    '--gpu-launcher=sh',
    '--single-process',
    '--user-data-dir=/tmp/elsewhere',
    '--proxy-server=http://somebody:8080',
    '--host-resolver-rules=MAP * 10.0.0.1',
    '--log-net-log=/tmp/all.json',
    '--enable-logging',
    '--require=/tmp/x.js',
    '--experimental-loader=/tmp/x.mjs',
  ])('does not start with %s', (word) => {
    expect(started({ words: ['--home', '/data', word] })).toBe('switch-refused');
  });

  it.each([
    [[]],
    [['--home', '/srv/desk', '--no-demo']],
    [['--demo']],
    [['--home=/srv/inspect']],
    // What old screens and cards need, and what AppImage itself puts there.
    [['--disable-gpu', '--force-device-scale-factor=1.25', '--ozone-platform=x11', '--no-sandbox']],
    // A path is no switch.
    [['--home', '/remote/desk']],
  ])('starts with %j', (words) => {
    expect(started({ words })).toBeNull();
  });

  it('is not that while it is developed', () => {
    expect(started({ isPackaged: false, words: ['--remote-debugging-port=9222'] })).toBeNull();
  });
});

describe('an operating system that Electron does not run on', () => {
  it.each([
    ['6.1.7601', 'Windows 7'],
    ['6.2.9200', 'Windows 8'],
    ['6.3.9600', 'Windows 8.1'],
    ['5.1.2600', 'Windows XP'],
  ])('is refused in words: %s', (release, name) => {
    const problem = launchProblem({ isPackaged: true, words: [], platform: 'win32', release });
    expect(problem?.code).toBe('windows-too-old');
    expect(problem?.message.zh).toContain(name);
    expect(problem?.message.zh).toContain('Windows 10');
  });

  it.each(['10.0.17763', '10.0.22631', '11.0.1'])('is not this one: Windows %s', (release) => {
    expect(started({ platform: 'win32', release })).toBeNull();
  });

  it('is not a Linux whose number happens to be the same', () => {
    expect(started({ platform: 'linux', release: '6.1.0-44-amd64' })).toBeNull();
  });
});
