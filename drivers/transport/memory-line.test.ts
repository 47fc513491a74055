import { memoryLine } from './memory-line.ts';
import { testTransportContract } from './transport-contract.test-support.ts';

testTransportContract('memory', () => {
  const received: number[] = [];
  const line = memoryLine('memory', { receive: (bytes) => received.push(...bytes) });
  return Promise.resolve({
    opener: line,
    send: (bytes: Uint8Array) => {
      line.send(bytes);
    },
    received: () => Uint8Array.from(received),
    unplug: () => {
      line.unplug();
      return Promise.resolve();
    },
    plug: () => {
      line.plug();
      return Promise.resolve();
    },
    dispose: () => Promise.resolve(),
  });
});
