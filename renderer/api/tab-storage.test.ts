import { afterEach, describe, expect, it, vi } from 'vitest';

import { tabStorage } from './tab-storage.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('what a page keeps with its tab', () => {
  it('is kept for as long as the page is there where the browser lets it keep nothing', () => {
    vi.stubGlobal('window', {});
    Object.defineProperty(globalThis, 'sessionStorage', {
      configurable: true,
      get: () => {
        throw new Error('SecurityError');
      },
    });
    const storage = tabStorage();
    expect(storage.get('a secret')).toBeNull();
    expect(storage.set('a secret', 'x')).toBe(false);
    expect(storage.get('a secret')).toBe('x');
    storage.remove('a secret');
    expect(storage.get('a secret')).toBeNull();
    Reflect.deleteProperty(globalThis, 'sessionStorage');
  });
});
