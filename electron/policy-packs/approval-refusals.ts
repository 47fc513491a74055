import { declareRefusals } from '../../shared/domain/declare-refusals.ts';

/** Why a pack is not prepared, approved or withdrawn. */
export const approvalRefusal = declareRefusals({
  'pack-not-prepared': ({ name }: { readonly name: string }) => ({
    message: {
      zh: `待遇政策 ${name} 没有等待批准的提交，或者提交之后文件又改过、又重新提交过。没有批准。`,
      en: `Nothing of the pack ${name} waits to be approved, or it was changed or prepared anew since. Nothing was approved.`,
    },
    money: 'none',
    remedy: {
      zh: '请政策管理员核对后（重新）提交，再由主管批准。',
      en: 'Have the policy officer check and prepare it (again), then a supervisor approves it.',
    },
  }),
  'pack-changed-meanwhile': ({ name }: { readonly name: string }) => ({
    message: {
      zh: `待遇政策 ${name} 的文件在您打开它之后改过，您看到的不是现在的内容。没有提交。`,
      en: `The files of the pack ${name} were changed after you opened it; what you see is not what it says now. Nothing was prepared.`,
    },
    money: 'none',
    remedy: { zh: '请重新打开，核对后再提交。', en: 'Open it again, check it, then prepare it.' },
  }),
  'pack-not-approved': ({ name }: { readonly name: string }) => ({
    message: {
      zh: `待遇政策 ${name} 没有提交过，也没有批准过，不需要停用。`,
      en: `The pack ${name} is neither prepared nor approved; there is nothing to withdraw.`,
    },
    money: 'none',
    remedy: { zh: '请核对名称和版本。', en: 'Check its name and version.' },
  }),
  'withdrawal-reason-missing': {
    message: {
      zh: '停用待遇政策必须写明原因（最多 500 字）。没有停用。',
      en: 'A pack is withdrawn with a reason of at most 500 characters. Nothing was withdrawn.',
    },
    money: 'none',
    remedy: { zh: '请写明原因后重试。', en: 'State the reason and try again.' },
  },
  'assumption-unknown': ({
    name,
    assumption,
    known,
  }: {
    readonly name: string;
    readonly assumption: string;
    readonly known: readonly string[];
  }) => ({
    message: {
      zh: `待遇政策 ${name} 里没有叫“${assumption.slice(0, 80)}”的假定。没有提交。`,
      en: `The pack ${name} has no assumption "${assumption.slice(0, 80)}". Nothing was prepared.`,
    },
    money: 'none',
    remedy: {
      zh: known.length === 0 ? '这个政策没有假定。' : `请写其中之一：${known.join('、')}`,
      en: known.length === 0 ? 'It has none.' : `Name one of: ${known.join(', ')}`,
    },
    details: known,
  }),
  'acceptance-reason-missing': ({ assumption }: { readonly assumption: string }) => ({
    message: {
      zh: `认可假定“${assumption.slice(0, 80)}”必须写明理由（最多 500 字），并且只写一次。没有提交。`,
      en: `The assumption "${assumption.slice(0, 80)}" is accepted once, with a reason of at most 500 characters. Nothing was prepared.`,
    },
    money: 'none',
    remedy: {
      zh: '请写明为什么可以这样执行，例如经办机构的答复和日期。',
      en: 'Say why it may be done so, such as what the payer answered, and when.',
    },
  }),
});
