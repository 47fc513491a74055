import { declareCodes } from '../../shared/domain/declare-refusals.ts';
import type { Warning, Words } from '../../shared/domain/result.ts';

/** What is said beside an act that was done, by its code. */
const warningWords = declareCodes({
  'decided-by-edited-pack': (name: string, of: 'cancellation' | 'supplements') =>
    of === 'cancellation' ? cancelledBeside(name) : supplementsBy(name),
});

const cancelledBeside = (name: string): Words => ({
  zh: `待遇政策 ${name} 的内容与启用时登记的不一样，而以后的结算是按它重新试算的：哪些会有不同、差多少，可能不对。取消已经完成；以后的结算没有改动，没有为它们收退钱。请政策管理员放回原来的文件，再执行一次同样的取消（不会取消两次），即可看到正确的清单。`,
  en: `The text of the pack ${name} is not the one that was taken into use, and later settlements were decided again by it: which of them differ, and by how much, may be wrong. The cancellation is done; the later settlements were not changed and no money moved for them. Have the policy officer put the original file back and cancel once more (nothing is cancelled twice) for the right list.`,
});

const supplementsBy = (name: string): Words => ({
  zh: `待遇政策 ${name} 的内容与启用时登记的不一样，而这里的金额是按它重新试算的：谁该补、补多少，可能不对。没有改动任何结算，没有动钱。请政策管理员放回原来的文件，再查一次，即可看到正确的金额。`,
  en: `The text of the pack ${name} is not the one that was taken into use, and the amounts here were decided again by it: who is owed, and how much, may be wrong. No settlement was changed and no money moved. Have the policy officer put the original file back and ask again for the right amounts.`,
});

/** What a cancellation, or a list of supplements, may be accompanied by. */
export type SettlementWarningCode = keyof typeof warningWords;

/** Settlements were decided again by a pack whose text is another than the one in force. */
export function decidedByEditedPack(
  name: string,
  of: 'cancellation' | 'supplements',
): Warning<SettlementWarningCode> {
  const text = warningWords['decided-by-edited-pack'](name, of);
  return { code: 'decided-by-edited-pack', text, place: name };
}
