import { describe, expect, it } from 'vitest';

import {
  hidProtocols,
  parseDeviceUrl,
  serialProtocols,
} from '../../../drivers/card-reader/device-url.ts';
import { setUpExamples } from './set-up-examples.ts';

describe('the help for connecting a device', () => {
  const readers = Object.values(setUpExamples).filter(({ setting }) => setting === 'reader-url');
  const addresses = readers.flatMap(({ addresses: all, windowsAddress }) => [
    ...all,
    windowsAddress,
  ]);

  it('shows addresses that the program takes', () => {
    for (const address of addresses)
      expect([address, parseDeviceUrl(address).ok]).toEqual([address, true]);
  });

  it('shows an address of everything that a reader may speak', () => {
    const spoken = addresses.map((address) => /protocol=([a-z-]+)/.exec(address)?.[1]);
    expect(spoken).toEqual(expect.arrayContaining([...serialProtocols, ...hidProtocols]));
  });
});
