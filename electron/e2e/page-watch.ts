import type { Page } from 'playwright-core';

/** What one page may say although it is an error: the deed of the test itself, and why it must be so. */
type Allowed = { readonly words: RegExp; readonly because: string };

export type WatchedPage = {
  /**
   * Of this page, errors of these words are no trouble: a page may have said that its desk is gone before the test
   * has heard of it, so what it said already is taken back, too.
   */
  readonly allow: (words: RegExp, because: string) => void;
};

let troubles: readonly { readonly of: Page; readonly what: string }[] = [];

/**
 * Notes everything a page of ours must never do: an error on its console, which is also where the browser
 * reports a breach of the content policy, an error nobody caught, a rejection nobody handled.
 */
export function watchPage(page: Page): WatchedPage {
  const allowed: Allowed[] = [];
  const note = (what: string, words: string): void => {
    if (allowed.some((each) => each.words.test(words))) return;
    troubles = [...troubles, { of: page, what: `${what}: ${words}` }];
  };
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    note('console', `${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (problem: unknown) => {
    note(
      'uncaught',
      problem instanceof Error ? (problem.stack ?? problem.message) : String(problem),
    );
  });
  page.on('crash', () => {
    note('crash', page.url());
  });
  return {
    allow(words, because) {
      allowed.push({ words, because });
      troubles = troubles.filter(({ of, what }) => of !== page || !words.test(what));
    },
  };
}

/** The troubles since the last time anyone asked. */
export function takeTroubles(): readonly string[] {
  const taken = troubles.map(({ what }) => what);
  troubles = [];
  return taken;
}
