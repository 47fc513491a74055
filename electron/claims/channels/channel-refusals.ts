import { declareRefusals } from '../../../shared/domain/declare-refusals.ts';

type ProfileProblem = { readonly file: string; readonly place: string; readonly what: string };
type ProfileProblems = { readonly first: ProfileProblem; readonly all: readonly ProfileProblem[] };

/** Why the channels of the payers cannot be set up. */
export const channelRefusal = declareRefusals({
  /** The first problem of the profiles of payers speaks; `all` are listed. */
  'payer-profile-wrong': ({ first, all }: ProfileProblems) => ({
    message: {
      zh: `支付方配置 ${first.file} 的 ${first.place} 不对：${first.what}。`,
      en: `In the payer profile ${first.file}, ${first.place} is wrong: ${first.what}.`,
    },
    money: 'not-sent',
    place: first.place,
    remedy: {
      zh: '请按 electron/claims/README.md 更正该文件。',
      en: 'Correct the file as electron/claims/README.md says.',
    },
    details: all,
  }),
});
