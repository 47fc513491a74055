import { pageHeaders } from '../../shared/contracts/page-line.ts';

/** Calls one contract of a running desk; the answer as the page gets it. */
export type CallDesk = (name: string, input: unknown) => Promise<DeskAnswer>;

export type DeskAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly refusal: { readonly code: string } };

/** Opens a session at the address a desk printed when it was ready, as the page does. */
export async function openSession(readyAt: string): Promise<CallDesk> {
  const url = new URL(readyAt);
  const headers = { origin: url.origin, 'content-type': 'application/json' };
  const token = url.hash.replace('#token=', '');
  const opened = await fetch(new URL('/api/session', url), {
    method: 'POST',
    headers,
    body: JSON.stringify({ token }),
  });
  if (!opened.ok) throw new Error(`no session: ${String(opened.status)}`);
  const { secret } = (await opened.json()) as { secret: string };
  return async (name, input) => {
    const answer = await fetch(new URL(`/api/call/${name}`, url), {
      method: 'POST',
      headers: { ...headers, [pageHeaders.secret]: secret },
      body: JSON.stringify({ input }),
    });
    return (await answer.json()) as DeskAnswer;
  };
}
