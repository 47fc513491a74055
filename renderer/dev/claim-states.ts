import { nightlyUploader, type ClaimRow } from '../../shared/contracts/claims.ts';
import { contracts, type OutputOf } from '../../shared/contracts/contracts.ts';
import { payerNames } from '../../shared/domain/value-names.ts';
import { fen } from '../../shared/money/fen.ts';
import { askedForClaim } from './approval-states.ts';
import type { DevState } from './dev-state.ts';
import { cashierSits, type Making } from './people-states.ts';

type Overview = OutputOf<'claims:overview'>;
type Groups = Overview['all'];

const nameOf = (payer: string) => payerNames[payer] ?? { zh: payer, en: payer };
const none = { claims: 0, claimedFen: 0, oldestAt: null, alarm: 'none' } as const;
const some = (
  claims: number,
  claimedFen: number,
  oldestAt: string,
  alarm: Groups['refused']['alarm'] = 'none',
) => ({ claims, claimedFen, oldestAt, alarm });

const groups: Groups = {
  'not-sent': some(37, 18_934_620, '2017-11-27T08:12:00.000+08:00'),
  unanswered: some(4, 2_310_000, '2017-11-25T22:01:00.000+08:00', 'a-day'),
  refused: some(3, 1_402_218, '2017-11-23T22:04:00.000+08:00', 'three-days'),
  unpaid: some(1204, 902_431_877, '2017-09-28T22:00:00.000+08:00'),
};

const counts = (
  payer: string,
  claims: number,
  accepted: number,
  rejected: number,
  unknown: number,
) => ({
  ...{ payer, name: nameOf(payer), claims, accepted, rejected, unknown },
  ...{ waiting: claims - accepted - rejected - unknown, acknowledged: 0 },
});

const lastRun: Overview['upload'] = {
  ...{ kind: 'ended', startedAt: '2017-11-26T22:00:00.000+08:00', who: nightlyUploader },
  ...{ endedAt: '2017-11-26T22:03:12.000+08:00', isStopped: false, datedLater: [], lines: [] },
  payers: [
    counts('basic-medical-insurance', 212, 209, 2, 1),
    counts('critical-illness-insurance', 61, 61, 0, 0),
    counts('medical-assistance', 88, 84, 1, 3),
  ],
};

const overview = (change: Partial<Overview> = {}): Overview => ({
  ...{ businessDate: '2017-11-27', payersUrl: 'https://10.20.0.8:8443', uploadAt: '22:00' },
  payers: [
    {
      destination: 'basic-medical-insurance',
      groups: { ...groups, unanswered: { ...groups.unanswered, claims: 1 } },
    },
    {
      destination: 'critical-illness-insurance',
      groups: { ...groups, unanswered: none, refused: none },
    },
    { destination: 'hospital-reduction', groups: { ...groups, unanswered: none, refused: none } },
    { destination: 'medical-assistance', groups: { ...groups, unpaid: none } },
  ].map((payer) => ({ ...payer, name: nameOf(payer.destination) })),
  ...{ all: groups, upload: lastRun },
  ...change,
});

const row = (change: Partial<ClaimRow>): ClaimRow => ({
  ...{ claimId: 'K1', settlementNumber: 'JS20171123-0014', maskedName: '张*三' },
  ...{ destination: 'medical-assistance', name: nameOf('medical-assistance') },
  ...{ state: 'rejected', claimedFen: fen(342_108), approvedFen: null },
  ...{ businessDate: '2017-11-23', createdAt: '2017-11-23T16:40:00.000+08:00' },
  ...{ attempts: 1, lastAttemptAt: '2017-11-23T22:04:10.000+08:00', payerReference: null },
  messageId: 'H43062600112201711231640000001',
  problem: { code: 'NOT_ELIGIBLE', words: '救助对象身份在出院日已经停止，请核对' },
  advice: 'refused',
  acts: { askAgain: true, anew: true, notBooked: false, undo: false },
  ...change,
});

const refused: readonly ClaimRow[] = [
  row({}),
  row({
    ...{ claimId: 'K2', settlementNumber: 'JS20171124-0003', maskedName: '李*' },
    ...{
      advice: 'refused-in-doubt',
      acts: { askAgain: true, anew: false, notBooked: false, undo: false },
    },
    problem: { code: 'LIMIT_REACHED', words: '超过年度限额' },
  }),
  row({
    ...{ claimId: 'K3', settlementNumber: 'JS20171125-0009', maskedName: 'M* A* L*' },
    ...{ advice: 'mend-visit', attempts: 0, lastAttemptAt: null },
    problem: { code: 'not-sendable', words: 'claim.psn_name: longer than 50' },
  }),
];
const unanswered: readonly ClaimRow[] = [
  row({
    ...{ claimId: 'K4', state: 'unknown', attempts: 2, advice: 'asked-again-by-itself' },
    ...{ problem: { code: 'no-answer', words: '30 秒内没有回复' } },
    acts: { askAgain: false, anew: false, notBooked: true, undo: true },
  }),
  row({
    ...{ claimId: 'K5', state: 'unknown', attempts: 3, advice: 'partly-accepted' },
    ...{ problem: { code: 'partially-accepted', words: '支付方只接受了一部分，差 120.00 元' } },
    acts: { askAgain: false, anew: false, notBooked: true, undo: true },
  }),
];

const noDays: OutputOf<'reconciliation:overview'> = {
  ...{ businessDate: '2017-11-27', days: [], closed: [], remittances: [], payers: [] },
  ...{ open: 0, oldestAt: null },
};

/** The queue of claims as the IT clerk has it. */
export function claimStates({ state, ok, no, refusal }: Making): readonly DevState[] {
  const answers = (
    of: Overview,
    claims: readonly ClaimRow[],
    role: 'it-clerk' | 'auditor' = 'it-clerk',
  ) => ({
    'people:who': ok({ ...cashierSits, user: { id: 'k001', name: '孙工', role } }),
    'reconciliation:overview': ok(noDays),
    'claims:overview': ok(contracts['claims:overview'].output.parse(of)),
    'claims:list': ok(contracts['claims:list'].output.parse({ claims, hasMore: false })),
  });
  const underWay: Overview['upload'] = {
    ...{ kind: 'under-way', startedAt: '2017-11-27T17:00:00.000+08:00', who: 'k001' },
    ...{ isStopping: false, secondsLeft: 95, lines: [] },
    payers: [
      counts('basic-medical-insurance', 24, 22, 1, 1),
      counts('medical-assistance', 13, 3, 0, 0),
    ],
  };
  const empty = overview({
    ...{ payers: [], payersUrl: null, upload: { kind: 'none' } },
    all: { 'not-sent': none, unanswered: none, refused: none, unpaid: none },
  });
  const notBooked = ['Control+6', 'ArrowLeft', 'wait', 'F8'];
  return [
    state('claims', ['Control+6'], answers(overview(), refused)),
    state('claims-english', ['Control+6', '@page-language'], answers(overview(), refused)),
    state('claims-unanswered', ['Control+6', 'ArrowLeft'], answers(overview(), unanswered)),
    state('claims-not-booked', notBooked, answers(overview(), unanswered)),
    state('claims-not-booked-asked', [...notBooked, 'wait'], {
      ...answers(overview(), unanswered),
      'second-person:list': ok(askedForClaim('K4').pending),
    }),
    state('claims-not-booked-approved', [...notBooked, 'wait'], {
      ...answers(overview(), unanswered),
      'second-person:list': ok(askedForClaim('K4').approved),
    }),
    state('claims-anew-refused', ['Control+6', 'wait', 'F8', 'wait', 'd', 'Enter'], {
      ...answers(overview(), refused),
      'claims:anew': no(
        refusal(
          'claim-state-wrong',
          '申报 K1 现在的状态是 accepted，不能这样处理。没有改动。',
          'Claim K1 is accepted now, so this cannot be decided. Nothing was changed.',
          '请用 claims 查看它现在的情况。',
          'See how it stands with: claims.',
        ),
      ),
    }),
    state('claims-uploading', ['Control+6'], answers(overview({ upload: underWay }), refused)),
    state('claims-none', ['Control+6'], answers(empty, [])),
    state('claims-auditor', ['Control+6'], answers(overview(), refused, 'auditor')),
  ];
}
