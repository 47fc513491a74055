import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { ContractName } from '../../shared/contracts/contract-names.ts';
import { lineEnds, pageHeaders } from '../../shared/contracts/page-line.ts';
import { hostBridge, LinkLost, type DeskBridge } from './bridge.ts';
import { tabStorage } from './tab-storage.ts';

/** A line of the page, of which the test is the program's end. */
class Line extends EventTarget {
  readonly said: string[] = [];
  send(text: string): void {
    this.said.push((JSON.parse(text) as { secret: string }).secret);
  }
  opens(): void {
    this.dispatchEvent(new Event('open'));
    this.dispatchEvent(new MessageEvent('message', { data: '{"link":"open"}' }));
  }
  close(): void {
    this.ends(1000);
  }
  ends(code: number, reason = ''): void {
    this.dispatchEvent(Object.assign(new Event('close'), { code, reason }));
  }
}

type Asked = {
  readonly name: string;
  readonly secret: string;
  answer(status: number, body: unknown): void;
  lose(): void;
};

let lines: Line[];
let asked: Asked[];
let kept: Map<string, string>;
let links: string[];
let bridge: DeskBridge;

beforeEach(() => {
  lines = [];
  asked = [];
  links = [];
  kept = new Map();
  vi.useFakeTimers();
  vi.stubGlobal('window', { location: { host: 'desk' } });
  vi.stubGlobal('sessionStorage', {
    setItem: (name: string, text: string) => kept.set(name, text),
  });
  vi.stubGlobal(
    'WebSocket',
    class extends Line {
      constructor() {
        super();
        lines.push(this);
      }
    },
  );
  vi.stubGlobal(
    'fetch',
    (path: string, { headers }: { headers: Record<string, string> }) =>
      new Promise((resolve, reject) => {
        asked.push({
          name: path.replace('/api/call/', ''),
          secret: headers[pageHeaders.secret] ?? '',
          answer: (status, body) => {
            resolve(new Response(JSON.stringify(body), { status }));
          },
          lose: () => {
            reject(new Error('lost'));
          },
        });
      }),
  );
  bridge = hostBridge({ secret: 'old', page: 'page 1' }, tabStorage());
  bridge.onLink((link, ended) => links.push(ended === null ? link : `${link} ${ended}`));
  lines[0]?.opens();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const call = (name: ContractName) => bridge.call(name, {});
/** Everything that waits for nothing but itself has happened. */
const settled = () => vi.advanceTimersByTimeAsync(0);
const seated = (newSecret: string | null) => ({ ok: true, value: { user: 'c001', newSecret } });

describe('the page after somebody has signed in', () => {
  it('shows the new secret with every call and on its line, keeps it, and tells nobody', async () => {
    const signingIn = call('people:sign-in');
    await settled();
    asked[0]?.answer(200, seated('new'));
    expect(await signingIn).toEqual({ ok: true, value: { user: 'c001', newSecret: null } });
    expect([...kept.values()]).toEqual(['new']);
    void call('people:who');
    expect(asked.at(-1)?.secret).toBe('new');
    lines[1]?.opens();
    expect(lines.map(({ said }) => said)).toEqual([['old'], ['new']]);
    // The line before it is ended by the program, which the page takes for no loss.
    const before = links.length;
    lines[0]?.ends(1006);
    expect(links.slice(before)).toEqual([]);
  });

  it('keeps what it has where nobody sat down, or the answer was lost', async () => {
    const refused = call('people:sign-in');
    await settled();
    asked[0]?.answer(200, seated(null));
    expect(await refused).toEqual(seated(null));
    const lost = call('people:change-password');
    await settled();
    asked[1]?.lose();
    await expect(lost).rejects.toThrow(LinkLost);
    void call('people:who');
    expect(asked.map(({ secret }) => secret)).toEqual(['old', 'old', 'old']);
    expect(kept.size).toBe(0);
    expect(lines).toHaveLength(1);
  });

  it('signs in once at a time, so that what it keeps is what was given last', async () => {
    const both = [call('people:sign-in'), call('people:sign-in')];
    await settled();
    expect(asked).toHaveLength(1);
    asked[0]?.answer(200, seated('first'));
    await settled();
    expect(asked.map(({ secret }) => secret)).toEqual(['old', 'first']);
    asked[1]?.answer(200, seated('second'));
    await Promise.all(both);
    expect([...kept.values()]).toEqual(['second']);
  });

  it('asks again what was under way with the secret of before, and is not told that it has ended', async () => {
    const early = call('desk:state');
    const signingIn = call('people:sign-in');
    await settled();
    asked[1]?.answer(200, seated('new'));
    await signingIn;
    asked[0]?.answer(401, { error: 'no-session' });
    await settled();
    expect(asked.at(-1)).toMatchObject({ name: 'desk:state', secret: 'new' });
    asked.at(-1)?.answer(200, { ok: true, value: 1 });
    expect(await early).toEqual({ ok: true, value: 1 });
    expect(links).not.toContain('no-session');
  });
});

describe('a page that has ended', () => {
  it('hears why by its line, and once', async () => {
    lines[0]?.ends(lineEnds['no-session'], 'by-administrator');
    await expect(call('desk:state')).rejects.toThrow(LinkLost);
    expect(links).toEqual(['open', 'no-session by-administrator']);
  });

  it.each([
    [{ error: 'no-session', ended: 'idle' }, 'no-session idle'],
    [{ error: 'no-session' }, 'no-session'],
  ])('hears why by a call that is answered %j', async (body, link) => {
    const refused = call('desk:state');
    asked[0]?.answer(401, body);
    await expect(refused).rejects.toThrow(LinkLost);
    lines[0]?.ends(lineEnds['no-session'], 'too-old');
    expect(links).toEqual(['open', link]);
  });

  it('asks nothing more and tries no line again: a copy would take the place of the page it was copied from', async () => {
    const [first, second] = [call('people:who'), call('desk:state')];
    const refused = Promise.all([
      expect(first).rejects.toThrow(LinkLost),
      expect(second).rejects.toThrow(LinkLost),
    ]);
    // One of the two has been refused to the end; the other was asked later and would go on.
    for (let asks = 0; links.at(-1) !== 'another-page'; asks += 1) {
      // The clock is the test's: so many turns, however long they take.
      if (asks === 20) throw new Error('the page asks on');
      for (const each of asked) if (each.name === 'people:who') each.answer(409, {});
      await vi.advanceTimersByTimeAsync(300);
    }
    asked.find(({ name }) => name === 'desk:state')?.answer(409, {});
    lines[0]?.ends(lineEnds['another-page']);
    const [askedBefore, linesBefore] = [asked.length, lines.length];
    await vi.advanceTimersByTimeAsync(600_000);
    await refused;
    await expect(call('visits:find')).rejects.toThrow(LinkLost);
    expect([asked.length, lines.length]).toEqual([askedBefore, linesBefore]);
    expect(links.at(-1)).toBe('another-page');
  });
});
