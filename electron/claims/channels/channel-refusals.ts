import { declareRefusals } from '../../../shared/domain/declare-refusals.ts';

type ProfileProblem = { readonly file: string; readonly place: string; readonly what: string };
type ProfileProblems = { readonly first: ProfileProblem; readonly all: readonly ProfileProblem[] };

/** Why the channels of the payers cannot be set up. */
export const channelRefusal = declareRefusals({
  'payer-profiles-missing': ({ folder }: { readonly folder: string }) => ({
    message: {
      zh: `文件夹 ${folder} 里没有支付方配置（*.json），或读不了。没有改动。`,
      en: `There is no payer profile (*.json) in ${folder}, or it cannot be read. Nothing was changed.`,
    },
    money: 'none',
    place: folder,
    remedy: {
      zh: '请按 electron/claims/README.md 在该文件夹里给每个支付方写一个 JSON 文件。',
      en: 'Write one JSON file for each payer there, as electron/claims/README.md says.',
    },
  }),
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
