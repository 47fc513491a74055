/** What the desk says of the lock of the hospital's account, in English. */
export const enAccountLock = {
  'key.lookAgain': 'Not locked: look again',
  'key.settleUnlocked': 'Seen: settle all the same',
  accountLocking: "The hospital's system is asked to lock the account, and for the newest bill…",
  accountSecondLook:
    'The account is not locked. Press Enter once more to settle all the same; Esc leaves, and opening the visit again locks it anew.',
  accountChanged:
    'The bill changed when it was locked ({{count}} lines); the figures below are the newest:',
  accountMore: 'And {{count}} lines more: F6 shows the bill.',
  'accountLine.added': 'New',
  'accountLine.removed': 'Gone',
  'accountLine.changed': 'Changed',
} as const;
