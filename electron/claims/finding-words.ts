import type { ReturnFinding } from '../database/payer-returns-repository.ts';
import type { Words } from '../../shared/domain/result.ts';

/** What of a return did not fit, in words: nothing was changed by it. */
export function findingWords({ code, line, field, said, ours, claimId }: ReturnFinding): Words {
  const at = {
    zh: line === null ? '整份回执' : `第 ${String(line)} 行`,
    en: line === null ? 'The whole return' : `Line ${String(line)}`,
  };
  const place = field === null ? at : { zh: `${at.zh} ${field}`, en: `${at.en}, ${field}` };
  const claim = claimId ?? said;
  switch (code) {
    case 'unknown-claim':
      return {
        zh: `${at.zh}：本院没有申报 ${said}。没有改动。`,
        en: `${at.en}: there is no claim ${said} here. Nothing was changed.`,
      };
    case 'unknown-file':
      return {
        zh: `${at.zh}：本院没有发过文件 ${said}。没有改动。`,
        en: `${at.en}: no file ${said} was sent from here. Nothing was changed.`,
      };
    case 'not-its-claim':
      return {
        zh: `${at.zh}：申报 ${said} 是向另一支付方（${ours}）申报的。没有改动。`,
        en: `${at.en}: claim ${said} is on another payer (${ours}). Nothing was changed.`,
      };
    case 'named-twice':
      return {
        zh: `${at.zh}：同一份回执里申报 ${said} 出现了不止一次，不能确定以哪一行为准。没有改动。`,
        en: `${at.en}: the return names claim ${said} more than once, and nobody can say which counts. Nothing was changed.`,
      };
    case 'never-sent':
      return {
        zh: `${at.zh}：申报 ${claim} 还没有发出过，支付方却作了答复（${said}）。没有改动。`,
        en: `${at.en}: claim ${claim} was never sent, and its payer answers (${said}). Nothing was changed.`,
      };
    case 'contradiction':
      return {
        zh: `${at.zh}：支付方对申报 ${claim} 的答复（${said}）与现有状态 ${ours} 相反。状态没有改，请向支付方核实。`,
        en: `${at.en}: what the payer says of claim ${claim} (${said}) contradicts its state ${ours}. The state was not changed; ask the payer.`,
      };
    default: {
      const wanted =
        ours === '' ? { zh: '', en: '' } : { zh: `，应为 ${ours}`, en: `, not ${ours}` };
      return {
        zh: `${place.zh} 不符：${said}${wanted.zh}。没有据此改动。`,
        en: `${place.en} does not fit: ${said}${wanted.en}. Nothing was changed by it.`,
      };
    }
  }
}
