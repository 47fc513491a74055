import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LineOpenError, type LineEvents, type LineOpener, type OpenLine } from './port.ts';
import { ReopeningTransport, type TransportLimits } from './reopening-transport.ts';

const never = new Promise<never>(() => undefined);
const quick: TransportLimits = {
  openDeadlineMs: 30,
  closeDeadlineMs: 30,
  firstPauseMs: 5,
  longestPauseMs: 20,
  inputLimitBytes: 1000,
};

type Script = {
  open?: (events: LineEvents) => Promise<OpenLine>;
  write?: () => Promise<void>;
  close?: () => Promise<void>;
};

/** A line that does as it is told, to try what no real line does when asked. */
function scripted(script: Script): LineOpener & { opened: LineEvents[] } {
  const opened: LineEvents[] = [];
  return {
    name: 'scripted',
    opened,
    open(events) {
      opened.push(events);
      return (
        script.open?.(events) ??
        Promise.resolve({
          write: script.write ?? (() => Promise.resolve()),
          close: script.close ?? (() => Promise.resolve()),
        })
      );
    },
  };
}

const transports: ReopeningTransport[] = [];
function transportOver(opener: LineOpener): ReopeningTransport {
  const transport = new ReopeningTransport(opener, quick);
  transports.push(transport);
  return transport;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(async () => {
  await inTime(Promise.all(transports.splice(0).map((transport) => transport.close())));
  vi.useRealTimers();
});

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

/** Lets as much time pass as a promise takes, up to every deadline there is. */
async function inTime<Value>(promise: Promise<Value>): Promise<Value> {
  await pass(Math.max(quick.openDeadlineMs, quick.closeDeadlineMs));
  return promise;
}

describe('a line that answers nothing', () => {
  it('gives up opening at the deadline and closes the line that came late', async () => {
    let closed = 0;
    let arrive: (line: OpenLine) => void = () => undefined;
    const opener = scripted({
      open: () =>
        new Promise((resolve) => {
          arrive = resolve;
        }),
    });
    const transport = transportOver(opener);
    const opening = transport.open();
    await pass(quick.openDeadlineMs - 1);
    expect(transport.state).toBe('opening');
    await pass(1);
    expect(await opening).toMatchObject({ ok: false, fault: { code: 'timeout' } });
    arrive({
      write: () => never,
      close: () => {
        closed += 1;
        return Promise.resolve();
      },
    });
    await pass(0);
    expect(closed).toBe(1);
    expect(transport.state).not.toBe('open');
  });

  it('ends a write whose callback never comes, and opens the line anew', async () => {
    const opener = scripted({ write: () => never });
    const transport = transportOver(opener);
    await transport.open();
    const writing = transport.write(Uint8Array.of(1), 10);
    await pass(10);
    expect(await writing).toMatchObject({ ok: false, fault: { code: 'timeout' } });
    expect(transport.state).toBe('waiting');
    await pass(quick.firstPauseMs);
    expect(transport.state).toBe('open');
    expect(opener.opened).toHaveLength(2);
  });

  it('does not wait for ever for a close', async () => {
    const transport = transportOver(scripted({ close: () => never }));
    await transport.open();
    await inTime(transport.close());
    expect(transport.state).toBe('closed');
  });
});

describe('a line that goes', () => {
  it('ends the waiting read, tells why, and comes back by itself', async () => {
    const opener = scripted({});
    const transport = transportOver(opener);
    const states: string[] = [];
    transport.onStateChange((change) =>
      states.push(`${change.state} ${change.fault?.code ?? '-'}`),
    );
    await transport.open();
    const reading = transport.read(5000);
    opener.opened[0]?.gone('pulled');
    expect(await reading).toEqual({ ok: false, fault: { code: 'lost', detail: 'pulled' } });
    await pass(quick.firstPauseMs);
    expect(transport.state).toBe('open');
    expect(states).toEqual(['opening -', 'open -', 'waiting lost', 'opening lost', 'open -']);
  });

  it('hears nothing more from a connection that is gone', async () => {
    const opener = scripted({});
    const transport = transportOver(opener);
    await transport.open();
    const old = opener.opened[0];
    await transport.reopen('test');
    old?.data(Uint8Array.of(1, 2, 3));
    old?.gone('again');
    expect(transport.state).toBe('open');
    expect(transport.discardInput()).toBe(0);
  });

  it('is not taken for open if it went while it was being opened', async () => {
    const opener = scripted({
      open: (events) => {
        events.gone('at once');
        return Promise.resolve({ write: () => never, close: () => Promise.resolve() });
      },
    });
    const transport = transportOver(opener);
    expect(await transport.open()).toMatchObject({ ok: false, fault: { code: 'lost' } });
  });
});

describe('a line that is not there', () => {
  it('is tried again with growing pauses that stay bounded', async () => {
    const at: number[] = [];
    const startedAt = Date.now();
    const transport = transportOver(
      scripted({
        open: () => {
          at.push(Date.now() - startedAt);
          return Promise.reject(new LineOpenError({ code: 'absent', detail: 'none' }));
        },
      }),
    );
    expect(await transport.open()).toMatchObject({ ok: false, fault: { code: 'absent' } });
    expect(transport.state).toBe('waiting');
    await pass(75);
    expect(at).toEqual([0, 5, 15, 35, 55, 75]);
    await transport.close();
    await pass(1000);
    expect(at).toHaveLength(6);
  });

  it('says so to whoever writes or reads', async () => {
    const transport = transportOver(scripted({}));
    const closed = { ok: false, fault: { code: 'closed' } };
    expect(await transport.write(Uint8Array.of(1), 10)).toMatchObject(closed);
    expect(await transport.read(10)).toMatchObject(closed);
    expect(await transport.reopen('test')).toMatchObject(closed);
  });

  it('takes an unexpected throw of the opener for a line that is not there', async () => {
    const transport = transportOver(scripted({ open: () => Promise.reject(new Error('odd')) }));
    expect(await transport.open()).toEqual({
      ok: false,
      fault: { code: 'absent', detail: 'odd' },
    });
  });
});

describe('closing', () => {
  it('wins over an attempt that is under way', async () => {
    let arrive: (line: OpenLine) => void = () => undefined;
    let closed = 0;
    const transport = transportOver(
      scripted({
        open: () =>
          new Promise((resolve) => {
            arrive = resolve;
          }),
      }),
    );
    const opening = transport.open();
    const closing = transport.close();
    await pass(1);
    arrive({
      write: () => never,
      close: () => {
        closed += 1;
        return Promise.resolve();
      },
    });
    await closing;
    expect(await opening).toMatchObject({ ok: false, fault: { code: 'closed' } });
    expect(transport.state).toBe('closed');
    expect(closed).toBe(1);
  });

  it('keeps unread bytes bounded, the newest ones', async () => {
    const opener = scripted({});
    const transport = transportOver(opener);
    await transport.open();
    for (let byte = 0; byte < 200; byte += 1) {
      opener.opened[0]?.data(new Uint8Array(100).fill(byte));
    }
    const first = await transport.read(10);
    expect(first).toMatchObject({ ok: true });
    if (first.ok) expect(first.value[0]).toBe(190);
    expect(transport.discardInput()).toBe(900);
  });
});
