/** How a page shows who it is, with each call. Its line says the same in its first message. */
export const pageHeaders = {
  /** The secret it got when it was let in. */
  secret: 'x-page-secret',
  /** Which loading of the page it is: a copy of the secret in another page is none of ours. */
  page: 'x-page',
} as const;

/** Why the program ends a page's line. */
export const lineEnds = {
  /** No secret of ours, or one that has ended: asking again is of no use. */
  'no-session': 4401,
  /** Another page has this session. */
  'another-page': 4409,
} as const;
export type LineEnd = keyof typeof lineEnds;
