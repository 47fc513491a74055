import type { zhCancelling } from './zh-cancelling.ts';

/** Cancelling a settlement. */
export const enCancelling: Readonly<Record<keyof typeof zhCancelling, string>> = {
  cancelSettlement: 'Cancel settlement',
  cancelOf: 'Settlement number',
  cancelGiveBack: 'Give back to the patient',
  cancelTakeBack: 'Take back from the patient',
  cancelNothing: 'No money went over the counter',
  cancelHint:
    'The claims to all payers are withdrawn, the year counts as before, and the stay is unsettled again. Take the printed statement and slip back.',
  cancelReason: 'Why it is cancelled',
  'cancelReason.bill': 'The bill was wrong',
  'cancelReason.person': 'The person or the benefits were wrong',
  'cancelReason.tender': 'The way of paying was wrong',
  cancelYes: 'Cancel this settlement',
  cancelApproved: '{{name}} has approved it: press Enter to cancel the settlement.',
  cancelDone: 'Cancelled: hand over the money, then go on',
  cancelAlready: 'This settlement had been cancelled before; no money moved now.',
  cancelClaims: '{{count}} claims withdrawn',
  cancelNewerBill: 'A newer bill had come after settlement; it is the one that stands now.',
  cancelLater:
    'Later settlements of the same person this year would come out otherwise now (nothing was changed; a supervisor decides whether to cancel and settle them again):',
  cancelLaterOne: '{{number}}: the patient pays',
  cancelLaterUnknown: 'cannot be worked out',
  cancelGoOn: 'Done, go on',
};
