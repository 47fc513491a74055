import { contracts, type OutputOf } from '../../shared/contracts/contracts.ts';
import { fen } from '../../shared/money/fen.ts';
import type { DevState } from './dev-state.ts';
import { cashierSits, type Making } from './people-states.ts';

type Request = OutputOf<'second-person:list'>['requests'][number];

const [wang, zhao] = [
  { id: 'c001', name: '林秋' },
  { id: 's001', name: '赵明' },
];

const request = (change: Partial<Request>): Request => ({
  ...{ requestId: 'R1', act: 'cancel-settlement', about: 'S1', visitId: 'ZY1' },
  settlement: { number: 'JS20171127-0001', maskedName: '张*三', amountFen: fen(135_800) },
  ...{ reason: '收费项目录入有误，患者要求重新结算', state: 'pending', askedBy: wang },
  ...{ askedAt: '2017-11-27T09:42:00.000+08:00', askedAtPage: '0193-2c41' },
  expiresAt: '2017-12-07T09:42:00.000+08:00',
  ...{ decidedBy: null, decidedAt: null, decisionReason: null, emergencyReason: null },
  ...{ isReviewed: false, isOwn: false },
  ...change,
});

const date = { act: 'approve-business-date', about: '2017-10-27', settlement: null } as const;
const decided = { decidedBy: zhao, decidedAt: '2017-11-27T10:05:00.000+08:00' };

const toDecide = [
  request({}),
  request({
    ...{ ...date, requestId: 'R2', reason: '春节后第一天开窗', askedAtPage: null },
    askedBy: { id: 'c002', name: '陈冬' },
  }),
  request({
    ...{ requestId: 'R3', state: 'used', emergencyReason: '星期日只有一人值班，患者在等' },
    settlement: { number: 'JS20171126-0014', maskedName: '李*', amountFen: fen(8650) },
  }),
  request({ requestId: 'R4', isOwn: true, askedBy: zhao }),
];
const own = [
  request({ isOwn: true }),
  request({ ...date, requestId: 'R5', isOwn: true, state: 'approved', ...decided, reason: '节后' }),
  request({
    ...{ requestId: 'R6', isOwn: true, state: 'refused', ...decided },
    decisionReason: '发票还没收回，请先收回发票',
  }),
  request({ requestId: 'R7', isOwn: true, state: 'used', ...decided }),
  request({ requestId: 'R8', isOwn: true, state: 'taken-back' }),
  request({ requestId: 'R9', isOwn: true, state: 'expired' }),
];

const page = {
  ...{ page: 'browser', openedAt: '2017-11-27T08:01:00.000+08:00', end: null, isOwn: false },
  lastUsedAt: '2017-11-27T10:12:00.000+08:00',
} as const;
const pages = [
  { ...page, sessionId: '0193-9f3a', user: { id: 'boss', name: '管立人' }, isOwn: true },
  { ...page, sessionId: '0193-2c41', user: wang },
  { ...page, sessionId: '0193-77be', page: 'window' as const, user: null },
  {
    ...{ ...page, sessionId: '0193-11d0', user: wang },
    end: { at: '2017-11-27T07:55:00.000+08:00', reason: 'by-administrator' as const },
  },
  {
    ...{ ...page, sessionId: '0193-e5a2', user: zhao },
    end: { at: '2017-11-26T19:20:00.000+08:00', reason: 'too-old' as const },
  },
];

/** What takes a second person, and the pages that are open. */
export function approvalStates({ state, ok, no, refusal }: Making): readonly DevState[] {
  const sits = (id: string, name: string, role: NonNullable<typeof cashierSits.user>['role']) => ({
    'people:who': ok({ ...cashierSits, user: { id, name, role } }),
  });
  const list = (requests: readonly Request[]) => ({
    'second-person:list': ok(contracts['second-person:list'].output.parse({ requests })),
  });
  const supervisor = { ...sits('s001', '赵明', 'supervisor'), ...list(toDecide) };
  const administrator = {
    ...sits('boss', '管立人', 'administrator'),
    'sessions:list': ok({ sessions: pages }),
  };
  return [
    state('approvals', ['Control+8'], supervisor),
    state('approvals-english', ['Control+8', '@page-language'], supervisor),
    state('approvals-none', ['Control+8'], { ...supervisor, ...list([]) }),
    state('approve-request', ['Control+8', 'wait', 'F8', 'wait'], supervisor),
    state('refuse-request', ['Control+8', 'wait', 'F4', 'wait'], supervisor),
    state('request-decided', ['Control+8', 'wait', 'F8', 'wait', 'Enter'], {
      ...supervisor,
      'second-person:decide': no(
        refusal(
          'request-decided',
          '这个批准申请已经有人处理过，没有再改。没有动钱。',
          'This request was decided already; nothing was changed. No money moved.',
          '请重新打开列表查看。',
          'Look at the list again.',
        ),
      ),
    }),
    state('own-requests', ['Control+8'], list(own)),
    state('own-requests-english', ['Control+8', '@page-language'], list(own)),
    state('own-requests-clerk', ['Control+8'], {
      ...sits('k001', '孙工', 'it-clerk'),
      ...list(own),
    }),
    state('sessions', ['Control+9'], administrator),
    state('sessions-english', ['Control+9', '@page-language'], administrator),
    state('end-session', ['Control+9', 'wait', 'ArrowDown', 'F4', 'wait'], administrator),
    state('sessions-own', ['Control+9'], {
      'sessions:list': ok({ sessions: pages.filter(({ user }) => user === wang) }),
    }),
    state('desk-approvals-wait', [], supervisor),
    state('desk-approvals-wait-english', ['@language'], supervisor),
  ];
}

/** The window in which a claim is said not to be booked, with what was asked for before. */
export const askedForClaim = (about: string) => {
  const asked = { act: 'claim-not-booked', about, isOwn: true } as const;
  const reason = '医保局 11 月 30 日来电：没有入账';
  return {
    pending: { requests: [request({ ...asked, reason })] },
    approved: { requests: [request({ ...asked, reason, state: 'approved', ...decided })] },
  };
};

/** The window in which a settlement is cancelled, with what was asked for before. */
export const askedToCancel = {
  pending: { requests: [request({ isOwn: true })] },
  approved: { requests: [request({ isOwn: true, state: 'approved', ...decided })] },
};

/** The window in which a supervisor approves the date, with what was asked for before. */
export const askedForDate = {
  pending: { requests: [request({ ...date, isOwn: true })] },
  approved: { requests: [request({ ...date, isOwn: true, state: 'approved', ...decided })] },
};
