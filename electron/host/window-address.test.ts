import { describe, expect, it } from 'vitest';

import { asksForWorker, scriptsApart } from './foreign-leftovers.ts';
import { isAddressOfDesk, windowAddress } from './window-address.ts';

describe('the address of a window', () => {
  it('is another each time, below a name of this machine, and the desk’s', () => {
    const urls = [windowAddress(4711, 'a-token'), windowAddress(4711, 'a-token')].map(
      (url) => new URL(url),
    );
    for (const { hostname, host, hash } of urls) {
      expect(hostname).toMatch(/^[0-9a-f]{32}\.localhost$/);
      expect(isAddressOfDesk(host, 4711)).toBe(true);
      expect(hash).toBe('#token=a-token');
    }
    expect(urls[0]?.host).not.toBe(urls[1]?.host);
  });

  it.each([
    ...['evil.example:4711', '127.0.0.1:4712', '127.0.0.1', 'localhost', '', ':4711'],
    ...['evil.localhost:4711', `${'a'.repeat(32)}.localhost.evil.example:4711`],
    ...[`x${'a'.repeat(32)}.localhost:4711`, `${'a'.repeat(32)}.localhost:47110`],
    ...[`${'a'.repeat(32)}.localhost@evil.example:4711`, '0x7f000001:4711', '127.0.0.1:4711:4711'],
  ])('is not %s', (host) => {
    expect(isAddressOfDesk(host, 4711)).toBe(false);
  });
});

describe('what a stranger left in a browser', () => {
  it('is not asked for: scripts lie under a folder of this start alone, and what was built is found there', () => {
    const [one, other] = [scriptsApart(), scriptsApart()];
    const page = '<script type="module" src="./assets/index-abc.js"></script>';
    const asked = /"\.(\/[0-9a-f]{32}\/assets\/index-abc\.js)"/.exec(one.inPage(page))?.[1] ?? '';
    expect(one.asBuilt(asked)).toBe('/assets/index-abc.js');
    expect(other.inPage(page)).not.toBe(one.inPage(page));
    // A page of the start before goes on; nothing else is reached so.
    expect(other.asBuilt(asked)).toBe('/assets/index-abc.js');
    const elsewhere = `/${'a'.repeat(32)}/api/session`;
    expect(one.asBuilt(elsewhere)).toBe(elsewhere);
  });

  it('is asked for where a browser wants the script of a service worker', () => {
    expect(asksForWorker({ 'service-worker': 'script' })).toBe(true);
    expect(asksForWorker({ host: 'localhost' })).toBe(false);
  });
});
