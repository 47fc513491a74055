import type { Refusal, Result } from '../../shared/domain/result.ts';
import type { Repositories, Store } from './store.ts';

/** Carries a refusal out of a transaction, so that what was written before it is taken back. */
class RefusedInside extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/** One transaction whose refusal, too, leaves nothing behind: only an accepted result is kept. */
export async function transactResult<Value>(
  store: Store,
  work: (repositories: Repositories) => Promise<Result<Value>>,
): Promise<Result<Value>> {
  try {
    return await store.transact(async (repositories) => {
      const result = await work(repositories);
      if (!result.ok) throw new RefusedInside(result.refusal);
      return result;
    });
  } catch (problem) {
    if (problem instanceof RefusedInside) return { ok: false, refusal: problem.refusal };
    throw problem;
  }
}
