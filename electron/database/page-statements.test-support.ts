import { expect } from 'vitest';

import type { Repositories } from './store.ts';

/** A request for a second person, decided. */
export async function secondPersonOnce({ secondPerson }: Repositories, at: string): Promise<void> {
  const asked = { asked_at: at, asked_by: 'cashier1', asked_page: 'page', expires_at: at };
  const none = { decided_at: null, decided_by: null, decided_page: null, emergency_reason: null };
  const unused = {
    ...{ used_at: null, used_for: null, reviewed_at: null, reviewed_by: null },
    ...{ decision_reason: null, taken_back_at: null },
  };
  const what = { id: 'r', act: 'x', about: 'A', visit_id: 'A', reason: 'x' };
  await secondPerson.insert({ ...what, ...asked, state: 'pending', ...none, ...unused });
  const row = await secondPerson.find('r');
  if (row !== null) await secondPerson.change(row, { state: 'refused' });
  await secondPerson.waiting({ now: at, askedUntil: at }, 1);
  await secondPerson.waiting({ now: at, askedUntil: at }, 1, 'cashier1');
  await secondPerson.emergencies(1);
  await secondPerson.emergencies(1, 'cashier1');
  await secondPerson.askedBy('cashier1', 1);
}

/** What a card raises of a visit, and its answer. */
export async function questionsOnce(
  { identityQuestions }: Repositories,
  at: string,
): Promise<void> {
  const asked = { asked_at: at, asked_by: 'cashier1', asked_page: 'page' };
  const card = { card: 'resident-id', card_sha256: 'x', card_read: '1' };
  await identityQuestions.ask({ id: 'q', visit_id: 'A', code: 'name-differs', ...card, ...asked });
  expect(await identityQuestions.isOpen('A')).toBe(true);
  const [question] = await identityQuestions.ofVisits(['A']);
  const answer = { state: 'confirmed', at, by: 'cashier1', page: 'page' } as const;
  if (question !== undefined) await identityQuestions.answer(question, answer);
}

/** A page that is let in, used and ended. */
export async function pagesOnce({ pageSessions }: Repositories, at: string): Promise<void> {
  const page = { id: 'page', page: 'browser', userId: null, end: null } as const;
  const secrets = { sha256: 'hash', next: null };
  await pageSessions.insert({ ...page, openedAt: at, lastUsedAt: at, livedMs: 0, secrets });
  await pageSessions.setUser('page', 'cashier1');
  await pageSessions.signIn('page', 'cashier1', { sha256: 'next', at });
  await pageSessions.takeNextSecret('page', 'next');
  await pageSessions.noteUse('page', { lastUsedAt: at, livedMs: 5 });
  await pageSessions.live({ after: '', limit: 1 });
  expect(await pageSessions.end('page', { at, reason: 'idle' })).toBe(true);
  await pageSessions.ended(1);
  await pageSessions.find('page');
  await pageSessions.findBySecret('hash');
}
