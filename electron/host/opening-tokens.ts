import { randomBytes } from 'node:crypto';

/** A page opens with its token at once; whoever finds an older one comes too late. */
export const openingTokenMs = 60_000;
/** More windows than anybody opens within that time. */
const tokensMax = 50;

/** Tokens that each let one page in, within a minute. */
export type OpeningTokens = {
  make(): string;
  /** True once for each, while it is fresh. */
  redeem(token: string): boolean;
};

/** `monotonicMs`: the machine's own counter, which nobody sets back. */
export function openingTokens(monotonicMs: () => number): OpeningTokens {
  const made = new Map<string, number>();
  return {
    make() {
      const [oldest] = made.keys();
      if (made.size >= tokensMax && oldest !== undefined) made.delete(oldest);
      const token = randomBytes(32).toString('base64url');
      made.set(token, monotonicMs());
      return token;
    },
    redeem(token) {
      const madeMs = made.get(token);
      made.delete(token);
      return madeMs !== undefined && monotonicMs() - madeMs <= openingTokenMs;
    },
  };
}
