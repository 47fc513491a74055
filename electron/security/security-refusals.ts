import { declareRefusals } from '../../shared/domain/declare-refusals.ts';

/** What a user may not do, or who is not one; `place` is the option that named the user. */
export const securityRefusal = declareRefusals({
  'not-allowed': ({ name, place }: { readonly name: string; readonly place?: string }) => ({
    message: {
      zh: `${name} 的岗位不能做这一步，没有执行。`,
      en: `${name} may not do this; nothing was done.`,
    },
    money: 'none',
    ...(place === undefined ? {} : { place }),
    remedy: { zh: '请由有权限的同事操作。', en: 'Have a colleague who may do it.' },
  }),
  'user-unknown': ({ userId, place }: { readonly userId: string; readonly place: string }) => ({
    message: {
      zh: `没有这个用户：${userId}。`,
      en: `There is no user ${userId}.`,
    },
    money: 'none',
    place,
    remedy: { zh: '请换有权限的用户。', en: 'Name a user who may.' },
  }),
});
