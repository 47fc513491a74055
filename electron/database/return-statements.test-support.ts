import { expect } from 'vitest';

import type { Repositories } from './store.ts';

/** A return of a payer that was kept, taken in and did not fit, claims that went out in one file, and were to be undone. */
export async function returnsOnce(
  { payerReturns, claims }: Repositories,
  { claimIds, at }: { readonly claimIds: readonly string[]; readonly at: string },
): Promise<void> {
  const [claimId = null] = claimIds;
  const found = { profile: 'insurer', name: 'a.txt', sha256: '0'.repeat(64) };
  const kept = { ...found, id: 'return', content: Buffer.from('R'), at };
  await payerReturns.keep(kept);
  expect(await payerReturns.keep({ ...kept, id: 'again' })).toMatchObject({ id: 'return' });
  expect(await payerReturns.ofKind('unread', { after: '', limit: 5 })).toHaveLength(1);
  const finding = { code: 'contradiction', line: 2, field: null, said: 'a', ours: 'b', claimId };
  await payerReturns.finish('return', { kind: 'answers', at, findings: [finding] });
  expect(await payerReturns.find('return')).toMatchObject({ kind: 'answers', readAt: at });
  expect(Buffer.from(await payerReturns.contentOf('return')).toString()).toBe('R');
  expect(await payerReturns.latest(5)).toHaveLength(1);
  expect(await payerReturns.findingsOf('return')).toEqual([finding]);
  expect(await payerReturns.contradictions(claimId ?? '')).toEqual([finding]);
  await claims.keepTogether(claimIds, 'a-file');
  await claims.sentTogether('x');
  expect(await claims.ofFile('a-file')).toEqual([...claimIds].sort());
  for (const id of claimIds) {
    await claims.keepLateAnswer(id, at, { kind: 'acknowledged', reference: 'a' });
    await claims.noteHeldBack(id, { code: 'x', words: 'x' });
    await claims.keepUndo(id, at, { messageId: 'm', body: 'b' });
    expect(await claims.openUndo(id)).toEqual({ messageId: 'm', body: 'b' });
    await claims.withOpenUndo();
    const problem = { code: 'x', words: 'x' };
    await claims.keepUndoAnswer(id, at, { kind: 'refused', problem });
    expect(await claims.openUndo(id)).toBe(null);
  }
}
