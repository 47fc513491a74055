import { describe, expect, it } from 'vitest';
import { FrameLog, watchFrames } from './frame-log.ts';
import { memoryLine } from './memory-line.ts';
import { ReopeningTransport } from './reopening-transport.ts';

describe('the log of a line', () => {
  const at = new Date('2026-11-22T09:00:00Z');

  it('shows commands, and of answers only how they began', async () => {
    const log = new FrameLog(() => at);
    const line = memoryLine('test', { receive: () => undefined });
    const transport = watchFrames(new ReopeningTransport(line), log, 2);
    await transport.open();
    await transport.write(Uint8Array.of(0xaa, 0x96), 1000);
    line.send(Buffer.from('aa96430626195001010016', 'hex'));
    await transport.read(1000);
    line.unplug();
    await transport.close();
    expect(log.notes().map(({ what, bytes, shown, cut }) => [what, bytes, shown, cut])).toEqual([
      ['opened', 0, '', false],
      ['sent', 2, 'aa96', false],
      ['came', 11, 'aa96', true],
      ['lost', 0, expect.stringContaining('lost'), false],
    ]);
    expect(log.notes()[0]?.at).toBe('2026-11-22T09:00:00.000Z');
  });

  it('keeps the last two hundred', () => {
    const log = new FrameLog(() => at);
    for (let count = 0; count < 1000; count += 1) log.note('sent', count, '');
    expect(log.notes()).toHaveLength(200);
    expect(log.notes().at(-1)?.bytes).toBe(999);
  });

  it('changes nothing where nobody keeps it', () => {
    const transport = new ReopeningTransport(memoryLine('test', { receive: () => undefined }));
    expect(watchFrames(transport, undefined, 2)).toBe(transport);
  });
});
