/** The icon and colour of each state of a device; words stand beside them. */
export const deviceMarks = {
  ready: { mark: '✓', tone: 'ok' },
  working: { mark: '…', tone: 'ok' },
  warning: { mark: '!', tone: 'warn' },
  gone: { mark: '✕', tone: 'gone' },
  'not-configured': { mark: '–', tone: 'warn' },
} as const;
