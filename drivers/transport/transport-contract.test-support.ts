import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LineOpener } from './port.ts';
import { ReopeningTransport } from './reopening-transport.ts';

/** A line of one kind, and the hand at its other end. */
export type LineUnderTest = {
  readonly opener: LineOpener;
  /**
   * Bytes from the device. Absent for a device that never speaks first, a card: it gives back what it is
   * written, with two bytes behind it, and takes no less than four bytes and no more than 200 at once.
   */
  send?: (bytes: Uint8Array) => void;
  /** All bytes the device got; none where it gives them back. */
  received(): Uint8Array;
  unplug(): Promise<void>;
  plug(): Promise<void>;
  dispose(): Promise<void>;
};

const second = 1000;

/**
 * What every transport keeps, whatever it is made of. One kind of line, one call. `many` is for lines whose
 * far end decides how many programs it takes.
 */
export function testTransportContract(
  kind: string,
  start: () => Promise<LineUnderTest>,
  programs: 'one' | 'many' = 'one',
): void {
  describe(`the transport over ${kind}`, () => {
    let line: LineUnderTest;
    let transport: ReopeningTransport;
    beforeEach(async () => {
      line = await start();
      transport = new ReopeningTransport(line.opener);
    });
    afterEach(async () => {
      await transport.close();
      await line.dispose();
    });

    /** Reads until so many bytes are there. */
    async function readBytes(count: number): Promise<number[]> {
      const bytes: number[] = [];
      while (bytes.length < count) {
        const came = await transport.read(30 * second);
        if (!came.ok) throw new Error(`after ${bytes.length} bytes: ${came.fault.code}`);
        bytes.push(...came.value);
      }
      return bytes;
    }

    /** Makes the device say these bytes, whichever way it can. */
    async function hear(bytes: readonly number[]): Promise<void> {
      if (line.send !== undefined) {
        line.send(Uint8Array.from(bytes));
        return;
      }
      const padded = Uint8Array.of(...bytes, ...new Array<number>(4).fill(0));
      expect(await transport.write(padded, 30 * second)).toEqual({ ok: true, value: null });
    }

    it('carries every byte value both ways, in order', async () => {
      if (line.send === undefined) {
        await carriesEveryByteByAnswers();
        return;
      }
      const { send } = line;
      const all = Uint8Array.from({ length: 3000 }, (_, at) => (at * 7) & 255);
      expect(await transport.open()).toEqual({ ok: true, value: null });
      expect(await transport.write(all, 30 * second)).toEqual({ ok: true, value: null });
      await expect.poll(() => line.received().length, { timeout: 60 * second }).toBe(all.length);
      expect(Buffer.from(line.received()).equals(Buffer.from(all))).toBe(true);
      for (let at = 0; at < all.length; at += 500) send(all.subarray(at, at + 500));
      expect(Buffer.from(await readBytes(all.length)).equals(Buffer.from(all))).toBe(true);
    });

    async function carriesEveryByteByAnswers(): Promise<void> {
      expect(await transport.open()).toEqual({ ok: true, value: null });
      for (let first = 0; first < 256; first += 64) {
        // Five bytes of head, as a command has them, then the values.
        const values = Array.from({ length: 64 }, (_, at) => first + at);
        const command = Uint8Array.of(0x00, 0xd6, 0x00, 0x00, values.length, ...values);
        expect(await transport.write(command, 30 * second)).toEqual({ ok: true, value: null });
        expect(await readBytes(command.length + 2)).toEqual([...command, 0x90, 0x00]);
      }
    }

    it('ends a read at its deadline and stays open', async () => {
      await transport.open();
      expect(await transport.read(20)).toMatchObject({ ok: false, fault: { code: 'timeout' } });
      expect(transport.state).toBe('open');
      await hear([42]);
      expect((await readBytes(1))[0]).toBe(42);
    });

    it('lets one read wait at a time', async () => {
      await transport.open();
      const first = transport.read(50);
      await expect(async () => transport.read(50)).rejects.toThrow('two reads');
      await first;
    });

    it('forgets unread bytes when asked', async () => {
      await transport.open();
      await hear([1, 2, 3]);
      await readBytes(1).then(() => transport.discardInput());
      await hear([9]);
      await expect.poll(() => readBytes(1), { timeout: 60 * second }).toContain(9);
    });

    it('says that nothing is there, and opens by itself when it comes', async () => {
      await line.unplug();
      expect(await transport.open()).toMatchObject({ ok: false, fault: { code: 'absent' } });
      expect(transport.state).toBe('waiting');
      await line.plug();
      await expect.poll(() => transport.state, { timeout: 60 * second }).toBe('open');
      await hear([5]);
      expect((await readBytes(1))[0]).toBe(5);
    });

    it('outlives being unplugged: the read ends, writes answer, and it comes back', async () => {
      await transport.open();
      const reading = transport.read(120 * second);
      await line.unplug();
      expect(await reading).toMatchObject({ ok: false, fault: { code: 'lost' } });
      const write = await transport.write(Uint8Array.of(1), 30 * second);
      expect(write.ok).toBe(false);
      expect(transport.state).not.toBe('open');
      await line.plug();
      await expect.poll(() => transport.state, { timeout: 60 * second }).toBe('open');
      if (line.send === undefined) {
        await hear([77]);
        expect((await readBytes(1))[0]).toBe(77);
        return;
      }
      expect((await transport.write(Uint8Array.of(77), 30 * second)).ok).toBe(true);
      await expect.poll(() => line.received().includes(77), { timeout: 60 * second }).toBe(true);
    });

    if (programs === 'one') {
      it('is held by one program at a time, and free after closing', async () => {
        const other = new ReopeningTransport(line.opener);
        await transport.open();
        expect(await other.open()).toMatchObject({ ok: false, fault: { code: 'busy' } });
        await transport.close();
        await expect.poll(() => other.state, { timeout: 60 * second }).toBe('open');
        await other.close();
      });
    }

    it('ends a waiting read when it is closed, and can be opened again', async () => {
      await transport.open();
      const reading = transport.read(120 * second);
      await transport.close();
      expect(await reading).toMatchObject({ ok: false, fault: { code: 'closed' } });
      expect(await transport.open()).toEqual({ ok: true, value: null });
    });

    it('opens anew when the line is not trusted any more', async () => {
      await transport.open();
      expect(await transport.reopen('test')).toEqual({ ok: true, value: null });
      await hear([8]);
      expect((await readBytes(1))[0]).toBe(8);
    });
  });
}
