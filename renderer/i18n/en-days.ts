import type { zhDays } from './zh-days.ts';

/** Closing days: remittances, comparisons, differences. */
export const enDays: Readonly<Record<keyof typeof zhDays, string>> = {
  claimsQueue: 'Claims',
  daysToClose: 'Days',
  daysToCloseCount: 'Days · {{days}} to close · {{open}} differences',
  daysReading: 'Reading…',
  daysNone: 'No day is to be closed',
  daysHead: 'Business day {{day}}',
  daysKeys: '↑ ↓ difference, ← → day',
  dayOpen: '{{count}} differences, oldest {{at}}',
  dayAgrees: 'No difference',
  'dayHindrance.none': 'May be closed',
  'dayHindrance.not-over': 'Not over',
  'dayHindrance.not-compared': 'Reconcile first',
  'dayHindrance.differences': 'Differences are open',
  dayReconcile: 'Reconcile',
  dayReconciling: 'Reconciling…',
  dayClose: 'Close the day',
  sideHere: 'Ours',
  sideThere: 'Payer',
  sideDifferences: 'Differences',
  sideCompared: 'Compared',
  sideCount: '{{count}} claims,',
  'ledger.asked': 'Compared',
  'ledger.none': 'No ledger to ask',
  'ledger.own': 'Own book',
  'ledger.not-reached': 'Not reached ({{why}})',
  'ledger.not-compared': 'Not yet',
  dayCash:
    'Tenders: {{expected}} yuan due, {{taken}} taken, {{returned}} given back by cancellations of the day',
  differencesOpen: 'Open differences',
  differencesSettled: 'Settled differences ({{count}})',
  differencesNone: 'No such difference',
  differenceClass: 'Difference',
  differenceReference: 'Claim',
  differenceOurs: 'Ours',
  differenceTheirs: 'Theirs',
  differenceAge: 'Found',
  'differenceClass.only-here': 'Only here',
  'differenceClass.only-there': 'Only there',
  'differenceClass.amount-differs': 'Amount differs',
  'differenceClass.refund-missing': 'Refund missing',
  'differenceClass.duplicate': 'Booked twice there',
  'differenceClass.contradicting-answer': 'Contradicting answer',
  'differenceClass.paid-unknown-claim': 'Paid: no such claim',
  'differenceClass.paid-unclaimed': 'Paid: not accepted',
  'differenceClass.paid-twice': 'Paid twice',
  'differenceClass.paid-too-much': 'Paid too much',
  'differenceClass.paid-back': 'Taken back',
  'differenceClass.claimed-differs': 'Paid: another amount claimed',
  'differenceAdvice.only-here':
    'The payer does not have it. Upload what is not sent or not known, then reconcile again; ask the payer about what it accepted.',
  'differenceAdvice.only-there':
    'The payer has it and it is not accepted here. Upload once to fetch the answer and reconcile again; if it stays, ask the payer whose it is.',
  'differenceAdvice.amount-differs':
    'The two sides differ. Compare it item by item with the payer and say what becomes of it.',
  'differenceAdvice.refund-missing':
    'One side took it back and the other did not. Have the payer undo it, or correct it in the current period.',
  'differenceAdvice.duplicate':
    'The payer booked the settlement twice. Have it undo one, then reconcile again.',
  'differenceAdvice.contradicting-answer':
    'The payer refused it, or it was never sent, and the payer holds it. Do not claim it anew: ask first.',
  'differenceAdvice.paid-unknown-claim':
    'The line fits no claim. Ask the payer whom the money is for; leave it where it is.',
  'differenceAdvice.paid-unclaimed':
    'Paid before it was accepted. Upload to fetch the answer, then book it with F4.',
  'differenceAdvice.paid-twice':
    'It was paid before. If it is the rest, book it with F4; if it came twice, agree with the payer on its return.',
  'differenceAdvice.paid-too-much':
    'More was paid than claimed. Agree with the payer on its return.',
  'differenceAdvice.paid-back':
    'The payer takes money back. Have the insurance office look into it.',
  'differenceAdvice.claimed-differs':
    'The remittance names another claimed amount. Make sure with the payer that it is the same claim.',
  differenceSaid: 'The payer wrote:',
  differenceClosed: '{{who}} {{at}}: {{reason}}',
  'differenceState.explained': 'Explained',
  'differenceState.corrected': 'Corrected',
  'differenceState.gone': 'Gone',
  'dayAct.explain': 'Explain',
  'dayAct.book-line': 'Book to the claim',
  'dayAct.close-day': 'Close the day',
  'dayAct.take-back': 'Take back',
  'dayActTitle.explain': 'Explain the difference',
  'dayActTitle.book-line': 'Book the line to its claim',
  'dayActTitle.close-day': 'Close {{day}}',
  'dayActTitle.take-back': 'Take back remittance {{number}}',
  'dayActHint.explain':
    'Say who was asked, what the answer was and what becomes of it. The books stay as they are.',
  'dayActHint.book-line':
    'Only where the claim is accepted and no more than was claimed is paid; the claim is paid or short-paid then.',
  'dayActHint.close-day':
    'Nothing of a closed day is changed any more: cancelling and taking back are refused, corrections go to the current business date. A supervisor consents.',
  'dayActHint.take-back':
    'Its claims stand again as before it; the file is kept. A supervisor consents.',
  dayActReason: 'Reason',
  dayActReasonExample: 'e.g. Li of the insurance office called on 1 December: paid next month',
  dayActApproved: '{{name}} has approved it; Enter completes it.',
  remittances: 'Remittances',
  remittancesNone: 'No remittance yet',
  remittancePayer: 'Payer',
  remittanceDrop: 'Drop a payer’s remittance here (CSV, XLSX, JSON)',
  remittanceChoose: 'Choose a file',
  remittanceSending: 'Sending {{name}}…',
  remittanceAlready: 'Remittance {{number}} was taken in before; nothing was changed.',
  remittanceTaken:
    'Remittance {{number}} is taken in: {{lines}} lines; {{paid}} paid, {{shortPaid}} short-paid, {{denied}} denied; {{inDoubt}} fit no claim and are differences.',
  remittanceLine: '{{number}} · {{day}} · {{lines}} lines',
  remittanceTakenBack: 'Taken back',
  closedDays: 'Closed',
  closedDay: '{{day}} ({{who}})',
};
