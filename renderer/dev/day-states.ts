import type { DifferenceRow, OpenDay } from '../../shared/contracts/reconciliation.ts';
import { contracts, type OutputOf } from '../../shared/contracts/contracts.ts';
import { payerNames } from '../../shared/domain/value-names.ts';
import { fen } from '../../shared/money/fen.ts';
import type { DevState } from './dev-state.ts';
import { cashierSits, type Making } from './people-states.ts';

const nameOf = (payer: string) => payerNames[payer] ?? { zh: payer, en: payer };

const side = (
  payer: string,
  here: readonly [number, number],
  there: readonly [number, number] | null,
  open: number,
  ledger: OpenDay['payers'][number]['ledger'] = 'asked',
): OpenDay['payers'][number] => ({
  ...{ payer, name: nameOf(payer), here: { claims: here[0], fen: here[1] }, open, ledger },
  there: there === null ? null : { claims: there[0], fen: there[1] },
  problem: ledger === 'not-reached' ? 'ECONNREFUSED' : null,
  comparedAt: ledger === 'not-compared' ? null : '2017-11-28T08:05:00.000+08:00',
});

const day = (businessDate: string, more: Partial<OpenDay>): OpenDay => ({
  ...{ businessDate, open: 0, settled: 0, oldestAt: null, hindrance: 'none' },
  cash: { expectedFen: 1_835_800, takenFen: 1_835_800, returnedFen: 12_000 },
  payers: [
    side('basic-medical-insurance', [24, 26_212_800], [24, 26_212_800], 0),
    side('hospital-reduction', [6, 816_000], null, 0, 'own'),
  ],
  ...more,
});

const days: readonly OpenDay[] = [
  day('2017-11-26', {
    ...{ open: 4, settled: 2, oldestAt: '2017-11-27T08:05:00.000+08:00', hindrance: 'differences' },
    payers: [
      side('basic-medical-insurance', [37, 40_411_400], [37, 40_534_800], 2),
      side('critical-illness-insurance', [5, 3_120_000], null, 1, 'not-reached'),
      side('medical-assistance', [21, 2_654_400], [20, 2_528_000], 1),
      side('hospital-reduction', [12, 1_632_000], null, 0, 'own'),
      side('government-guarantee', [3, 84_000], null, 0, 'none'),
    ],
  }),
  day('2017-11-25', {}),
  day('2017-11-27', {
    hindrance: 'not-over',
    payers: [side('basic-medical-insurance', [11, 9_100_000], null, 0, 'not-compared')],
  }),
];

const difference = (
  differenceId: string,
  of: string,
  payer: string,
  more: Partial<DifferenceRow> = {},
): DifferenceRow => ({
  ...{ differenceId, businessDate: '2017-11-26', payer, name: nameOf(payer), class: of },
  ...{ settlementNumber: 'JS20171126-0007', maskedName: '张*三', step: null },
  ...{ reference: 'H4306260000120171126101500001', oursFen: fen(1_092_200), theirsFen: null },
  ...{ claimState: 'accepted', said: null, openedAt: '2017-11-27T08:05:00.000+08:00' },
  ...{ state: 'open', closedAt: null, closedBy: null, reason: null, isRemittanceLine: false },
  ...more,
});

const differences: readonly DifferenceRow[] = [
  difference('D1', 'only-there', 'basic-medical-insurance', {
    ...{ settlementNumber: null, maskedName: null, oursFen: null, theirsFen: fen(123_400) },
    claimState: null,
  }),
  difference('D2', 'amount-differs', 'basic-medical-insurance', {
    ...{ step: 'basic', theirsFen: fen(1_090_000) },
  }),
  difference('D3', 'only-here', 'medical-assistance', { oursFen: fen(126_400) }),
  difference('D4', 'paid-twice', 'medical-assistance', {
    ...{
      isRemittanceLine: true,
      theirsFen: fen(26_400),
      said: '补拨 9 月差额',
      oursFen: fen(100_000),
    },
    claimState: 'short-paid',
  }),
];

/** The closing of days as the IT clerk has it. */
export function dayStates({ state, ok, no, refusal }: Making): readonly DevState[] {
  const overview: OutputOf<'reconciliation:overview'> = {
    ...{ businessDate: '2017-11-27', days: [...days], open: 4 },
    oldestAt: '2017-11-27T08:05:00.000+08:00',
    closed: [
      { businessDate: '2017-11-24', closedAt: '2017-11-25T09:00:00.000+08:00', closedBy: 'k001' },
    ],
    payers: ['basic-medical-insurance', 'medical-assistance'].map((payer) => ({
      ...{ payer, name: nameOf(payer) },
    })),
    remittances: [
      {
        ...{ remittanceId: 'R1', number: 'YB-2017-1127-03', payer: 'basic-medical-insurance' },
        ...{ name: nameOf('basic-medical-insurance'), paidOn: '2017-11-27', lines: 204 },
        ...{ paidFen: fen(201_334_000), takenAt: '2017-11-27T10:00:00.000+08:00' },
        ...{ takenBy: 'k001', state: 'taken' },
      },
      {
        ...{ remittanceId: 'R2', number: 'MZ-11', payer: 'medical-assistance' },
        ...{ name: nameOf('medical-assistance'), paidOn: '2017-11-20', lines: 40 },
        ...{ paidFen: fen(5_056_000), takenAt: '2017-11-21T10:00:00.000+08:00' },
        ...{ takenBy: 'k001', state: 'taken-back' },
      },
    ],
  };
  const answers = (role: 'it-clerk' | 'auditor' = 'it-clerk') => ({
    'people:who': ok({ ...cashierSits, user: { id: 'k001', name: '孙工', role } }),
    'reconciliation:overview': ok(contracts['reconciliation:overview'].output.parse(overview)),
    'reconciliation:differences': ok(
      contracts['reconciliation:differences'].output.parse({ differences, hasMore: false }),
    ),
  });
  const keys = ['Control+6', '@claims-room-days', 'wait'];
  const noDifference = {
    'reconciliation:differences': ok({ differences: [], hasMore: false }),
  };
  return [
    state('days', keys, answers()),
    state('days-english', [...keys, '@page-language'], answers()),
    state('days-explain', [...keys, 'F8'], answers()),
    state('days-close', [...keys, '@day-2017-11-25', 'wait', 'F7'], {
      ...answers(),
      ...noDifference,
    }),
    state('days-close-refused', [...keys, 'F9', 'wait'], {
      ...answers(),
      'reconciliation:reconcile': no(
        refusal(
          'busy',
          '正在对账：clerk1 自 08:05 起。没有动钱。',
          'Somebody is reconciling since 08:05. No money moved.',
          '请等它结束后再试。',
          'Wait for its end and try again.',
        ),
      ),
    }),
    state('days-auditor', keys, answers('auditor')),
  ];
}
