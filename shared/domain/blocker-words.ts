import type { Words } from './result.ts';

/** What usually keeps a visit from being settled: the hospitals' own word for it, the same in English, and who can put it right. */
const blockerWords = {
  'drugs-not-returned': {
    word: '未退药',
    called: 'drugs not returned',
    whom: { zh: '病区护士站和药房', en: 'the ward and the pharmacy' },
  },
  'insurance-not-reviewed': {
    word: '医保办未审核',
    called: 'not reviewed by the insurance office',
    whom: { zh: '医保办', en: 'the insurance office' },
  },
  'orders-not-stopped': {
    word: '未停医嘱',
    called: 'orders not stopped',
    whom: { zh: '管床医生和病区护士站', en: "the patient's doctor and the ward" },
  },
  'items-not-matched': {
    word: '项目未对照',
    called: 'items not matched to the catalogue',
    whom: { zh: '医保办和物价科', en: 'the insurance office and the pricing office' },
  },
  'trace-codes-missing': {
    word: '缺追溯码',
    called: 'trace codes missing',
    whom: { zh: '药房', en: 'the pharmacy' },
  },
} as const satisfies Readonly<
  Record<string, { readonly word: string; readonly called: string; readonly whom: Words }>
>;

export type KnownBlockerCode = keyof typeof blockerWords;

/** The codes that are known everywhere; a hospital may send others. */
export const knownBlockerCodes = Object.keys(blockerWords) as readonly KnownBlockerCode[];

/** A known blocker by its code or by its word; null: it is the hospital's own. */
function knownBlocker(code: string) {
  const known = knownBlockerCodes.find((each) => each === code || blockerWords[each].word === code);
  return known === undefined ? null : blockerWords[known];
}

/** The word for a known blocker; null: it is the hospital's own. */
export const blockerCalled = (code: string): string | null => knownBlocker(code)?.word ?? null;

/** What keeps a visit from being settled, with whom to call where that is known. */
export function blockerInWords({
  code,
  text,
}: {
  readonly code: string;
  readonly text: string;
}): Words {
  const known = knownBlocker(code);
  if (known === null) return { zh: text, en: text };
  const { word, called, whom } = known;
  const isMore = text !== word;
  return {
    zh: `${word}${isMore ? `：${text}` : ''}（请找${whom.zh}）`,
    en: `${called}${isMore ? `: ${text}` : ''} (call ${whom.en})`,
  };
}
