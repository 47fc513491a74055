import type { Refusal, Result } from '../../shared/domain/result.ts';
import type { Scope } from './held-keys.ts';
import type { Repositories, Store } from './store.ts';

/** Ends a transaction that was refused, so that what was written before is taken back. */
class RefusedInside extends Error {}

/** One transaction whose refusal, too, leaves nothing behind: only an accepted result is kept. */
export async function transactResult<Value, Code extends string>(
  store: Store,
  work: (repositories: Repositories) => Promise<Result<Value, Code>>,
  scope?: Scope,
): Promise<Result<Value, Code>> {
  const inside: { refusal?: Refusal<Code> } = {};
  try {
    return await store.transact(async (repositories) => {
      const result = await work(repositories);
      if (!result.ok) {
        inside.refusal = result.refusal;
        throw new RefusedInside(result.refusal.code);
      }
      return result;
    }, scope);
  } catch (problem) {
    if (problem instanceof RefusedInside && inside.refusal !== undefined) {
      return { ok: false, refusal: inside.refusal };
    }
    throw problem;
  }
}
