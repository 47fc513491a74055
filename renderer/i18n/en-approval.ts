/** Texts of the page's approval of a policy, in English. */
export const enApproval = {
  'tab.approval': 'Approval',
  calcDraft: 'Nothing can be settled by this policy yet; a calculation only',
  'approvalState.draft': 'not prepared',
  'approvalState.prepared': 'waits for approval',
  'approvalState.approved': 'approved',
  'approvalState.changed': 'files changed',
  'approvalState.withdrawn': 'withdrawn',
  'approvalMeans.draft':
    'Nothing is settled by it. The policy officer checks and prepares it, then a supervisor approves it.',
  'approvalMeans.prepared':
    'Nothing is settled by it until a supervisor approves it, never the one who prepared it.',
  'approvalMeans.approved': 'Visits are settled by it.',
  'approvalMeans.changed':
    'Its files were changed since; nothing is settled by it. Check it and prepare it again.',
  'approvalMeans.withdrawn':
    'Nothing more is settled by it; what was settled stays. To use it again, prepare and approve it.',
  approvalNotRequired: 'A demo asks for no approval; every policy settles.',
  approvalSettledBefore: 'counts as approved: it was settled by before approvals were asked for',
  approvalPrepared: 'prepared',
  approvalApproved: 'approved',
  approvalWaiting: 'waits since',
  approvalWithdrawn: 'withdrawn',
  approvalBecause: 'withdrawn because',
  approvalFingerprint: 'fingerprint',
  approvalFingerprintHelp:
    'of the text and all files of cases; any change makes another, and ends the approval',
  approvalAssumptions: 'Assumptions without a source ({{count}})',
  approvalNoAssumptions: 'None: every figure has a source.',
  approvalAssumptionsHelp:
    'A visit that would be paid by one that is not accepted is not settled. The policy officer states a reason for each; a supervisor approves them with the policy.',
  approvalAccept: 'Accept: {{label}}',
  approvalReason: 'Why it is accepted: {{label}}',
  approvalReasonExample: 'Reason, e.g. the county office wrote so on 2017-03-01',
  approvalReasonMissing: 'Each accepted assumption needs its reason before it can be prepared.',
  assumptionOpen: 'not accepted',
  assumptionAccepted: 'accepted',
  assumptionSteps: 'steps: {{steps}}',
  assumptionBecause: 'accepted because: {{reason}}',
  approvalPrepare: 'Prepare for approval',
  approvalApprove: 'Approve',
  approvalSheet: 'Print the sheet',
  approvalStop: 'Withdraw…',
  approvalStopReason: 'Why it is withdrawn',
  approvalStopNow: 'Withdraw',
  approvalStopNot: 'Do not',
  approvalStopHelp:
    'Nothing more is settled by it, nor by a version approved before; what was settled stays.',
  approvalOwn: 'You prepared this yourself; another supervisor approves it.',
} as const;
