import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerPageRequest } from './page-files.ts';

let folder: string;
let page: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'page-files-'));
  page = path.join(folder, 'page');
  mkdirSync(path.join(page, 'assets'), { recursive: true });
  writeFileSync(path.join(folder, 'secret.js'), 'secret');
  writeFileSync(path.join(folder, 'page-other.js'), 'secret');
  writeFileSync(path.join(page, 'index.html'), '<style nonce="__CSP_NONCE__"></style>');
  writeFileSync(path.join(page, 'assets', '中文 a.js'), 'script');
  writeFileSync(path.join(page, 'key'), 'secret');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const ask = (url: string, method = 'GET'): Promise<Response> =>
  answerPageRequest(new Request(url, { method }), page);

describe("the page's own files", () => {
  it('are answered with a policy that lets the page reach nothing, and a fresh nonce', async () => {
    const answers = [await ask('app://desk/'), await ask('app://desk/index.html')];
    const nonces = await Promise.all(
      answers.map(async (answer) => /nonce="(.+)"/.exec(await answer.text())?.[1]),
    );
    expect(new Set(nonces).size).toBe(2);
    for (const [index, answer] of answers.entries()) {
      const policy = answer.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("connect-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain(`'nonce-${String(nonces[index])}'`);
      expect(policy).not.toContain('unsafe');
    }
  });

  it('are found by names with other letters and spaces', async () => {
    const answer = await ask(`app://desk/assets/${encodeURIComponent('中文 a.js')}`);
    expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await answer.text()).toBe('script');
  });

  it.each([
    'app://desk/../secret.js',
    'app://desk/%2e%2e/secret.js',
    'app://desk/%2e%2e%2fsecret.js',
    'app://desk/assets/..%2f..%2fsecret.js',
    'app://desk/..%2fpage-other.js',
    'app://desk//etc/passwd',
    'app://desk/%2fetc%2fpasswd',
    'app://desk/index.html%00.js',
    'app://desk/%ff',
    'app://desk/key',
    'app://desk/not-there.js',
    'app://desk/assets/',
    'app://elsewhere/index.html',
  ])('are all there is: %s is not found', async (url) => {
    const answer = await ask(url);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('secret');
  });

  it('are only read', async () => {
    expect((await ask('app://desk/', 'POST')).status).toBe(404);
  });
});
