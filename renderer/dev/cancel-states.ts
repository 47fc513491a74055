import { contracts } from '../../shared/contracts/contracts.ts';
import { fen } from '../../shared/money/fen.ts';
import { askedToCancel } from './approval-states.ts';
import type { DevState } from './dev-state.ts';
import type { Making } from './people-states.ts';

/** A settlement that was just made is cancelled: asked for, refused, approved from elsewhere, done. */
export function cancelStates(
  { state, ok, no, refusal }: Making,
  settled: DevState['answers'],
): readonly DevState[] {
  const settle = ['wait', 'Enter', 'F8', 'Enter', 'wait', 'F4', 'wait'];
  const yes = ['@cancel-usual-bill', '@supervisor', 's', '1', 'Enter', 'wait', 'wait'];
  const output = contracts['settlement:cancel'].output;
  const plain = {
    ...{ already: false, claimsWithdrawn: 3, hasNewerBill: false, later: [], warnings: [] },
    tendersBack: [{ kind: 'cash', amountFen: fen(135_800) }],
  };
  const done = (change: object) => ({
    ...settled,
    'settlement:cancel': ok(output.parse({ ...plain, ...change })),
  });
  const later = [
    {
      ...{ number: 'JS20171203-0007', because: null },
      ...{ wasPatientPaysFen: fen(86_400), wouldBePatientPaysFen: fen(136_400) },
    },
  ];
  return [
    state('cancel', settle, settled),
    state('cancel-english', ['@language', ...settle], settled),
    state('cancel-asked', settle, {
      ...settled,
      'second-person:list': ok(askedToCancel.pending),
    }),
    state('cancel-approved', settle, {
      ...settled,
      'second-person:list': ok(askedToCancel.approved),
    }),
    state('cancel-refused', [...settle, ...yes], {
      ...settled,
      'settlement:cancel': no(
        refusal(
          'claim-already-sent',
          '这次结算的申报已经发给支付方，不能在这里取消。没有动钱。',
          'A claim of this settlement has been sent; it cannot be cancelled here. No money moved.',
          '请联系信息科，先在支付方撤销。',
          'Ask the IT clerk to have it undone at the payer first.',
        ),
      ),
    }),
    state('cancel-done', [...settle, ...yes], done({})),
    state('cancel-done-later', [...settle, ...yes], done({ hasNewerBill: true, later })),
  ];
}
