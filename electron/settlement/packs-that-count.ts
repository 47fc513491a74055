import type { PackAct } from '../database/pack-acts-repository.ts';
import type { Repositories } from '../database/store.ts';
import { approvalOf, type PackApproval } from '../policy-packs/pack-approvals.ts';
import { packAssumptions } from '../../shared/pack-checks/pack-assumptions.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import type { Refusal } from '../../shared/domain/result.ts';
import type { SettlementResult } from '../../shared/domain/settlement-result.ts';
import { formatFen } from '../../shared/money/yuan-text.ts';
import { compareVersions, whyNot } from '../../shared/policy/choose-pack.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { policyRefusal } from '../../shared/policy/policy-refusals.ts';
import { packName } from './pack-texts.ts';

/** The fingerprints of packs with every file they name, by `id@version`. */
export type WholeFingerprints = ReadonlyMap<string, string>;

/** The packs that are here, and whether they count only once two persons have approved them. */
export type PacksHere = {
  readonly packs: readonly CompiledPack[];
  /** What the packs here are, for approvals are of a fingerprint; null: a demo, in which every pack counts. */
  readonly approvedOnly: WholeFingerprints | null;
};

/** Which packs decide in these books now. Everything that asks who pays a visit asks here. */
export type CountingPacks = {
  /** All that are here. */
  readonly all: readonly CompiledPack[];
  /** Those a visit is decided by, or refused by; drafts are not among them. */
  readonly chosenAmong: readonly CompiledPack[];
  /** Why a pack that was chosen decides nothing; null: it does. */
  readonly whyNotCounting: (pack: CompiledPack) => Refusal<'no-pack'> | null;
  /** Why a visit that nothing else is for is refused: a draft is for it, or an approved pack that is gone may be. */
  readonly draftFor: (input: SettlementInput) => Refusal<'no-pack'> | null;
  /** Why a result does not stand: a step pays by an assumption that nobody accepted. Null: it stands. */
  readonly openAssumption: (
    pack: CompiledPack,
    result: SettlementResult,
  ) => Refusal<'no-pack'> | null;
};

/**
 * Which packs count, by what was done with them until now: read in the transaction that settles, so that a pack withdrawn a
 * moment ago settles nothing. A draft never stands in the way of a version that is approved. A version that was approved and
 * then withdrawn, or whose files were changed, does: nobody has said that the one before it is right again, unless it was
 * approved after that.
 */
export async function packsThatCount(
  { packActs }: Pick<Repositories, 'packActs'>,
  { packs, approvedOnly }: PacksHere,
): Promise<CountingPacks> {
  if (approvedOnly === null) return everyPackCounts(packs);
  const acts = await packActs.list();
  const standing = new Map(
    packs.map((pack) => {
      const { id, version } = pack;
      const fingerprint = approvedOnly.get(packName(pack)) ?? '';
      return [pack, approvalOf(acts, { id, version, fingerprint }, 'live')] as const;
    }),
  );
  const isDraft = (pack: CompiledPack): boolean => {
    const own = standing.get(pack);
    return own === undefined || own.approved === null || isSuperseded(pack, own, standing);
  };
  return {
    all: packs,
    chosenAmong: packs.filter((pack) => !isDraft(pack)),
    whyNotCounting(pack) {
      const own = standing.get(pack);
      return own?.state === 'approved' ? null : notCounting(pack, own ?? null);
    },
    draftFor(input) {
      const [gone] = approvedAndGone(acts, packs);
      if (gone !== undefined && input.person.insurance !== 'none') return packGone(gone);
      const [draft] = packs
        .filter((pack) => isDraft(pack) && whyNot(pack, input) === null)
        .sort((a, b) => compareVersions(b.version, a.version));
      return draft === undefined ? null : notCounting(draft, standing.get(draft) ?? null);
    },
    openAssumption: (pack, result) => openAssumption(pack, standing.get(pack) ?? null, result),
  };
}

/** As in a demo, where nobody has to approve anything. */
export function everyPackCounts(packs: readonly CompiledPack[]): CountingPacks {
  const none = (): null => null;
  return {
    ...{ all: packs, chosenAmong: packs },
    ...{ whyNotCounting: none, draftFor: none, openAssumption: none },
  };
}

/** Withdrawn or changed, and a lower version was approved after that: this one is as if it were not here. */
function isSuperseded(
  pack: CompiledPack,
  own: PackApproval,
  standing: ReadonlyMap<CompiledPack, PackApproval>,
): boolean {
  const stoppedAt = own.withdrawn?.entry ?? (own.state === 'changed' ? own.approved?.entry : null);
  if (stoppedAt === null || stoppedAt === undefined) return false;
  return [...standing].some(
    ([other, { state, approved }]) =>
      other.id === pack.id &&
      compareVersions(other.version, pack.version) < 0 &&
      state === 'approved' &&
      (approved?.entry ?? 0) > stoppedAt,
  );
}

/** Packs that are approved and cannot be read here, by name: whom they are for nobody can tell. */
function approvedAndGone(
  acts: readonly PackAct[],
  packs: readonly CompiledPack[],
): readonly string[] {
  const here = new Set(packs.map(packName));
  const named = new Map(
    acts.map(({ pack: id, version }) => [packName({ id, version }), { id, version }]),
  );
  return [...named].flatMap(([name, pack]) => {
    if (here.has(name)) return [];
    const { approved, withdrawn } = approvalOf(acts, { ...pack, fingerprint: '' }, 'live');
    return approved !== null && withdrawn === null ? [name] : [];
  });
}

function packGone(name: string): Refusal<'no-pack'> {
  const because = {
    zh: '已批准，但读不到它的文件',
    en: 'it is approved and its files cannot be read',
  };
  return policyRefusal('no-pack', {
    message: {
      zh: `已批准的待遇政策 ${name} 的文件不在了，或者读不了，不知道它是否适用于此人，不能按全自费结算。`,
      en: `The files of the approved policy pack ${name} are gone or cannot be read, so nobody can tell whether it is for this person; nothing is settled as all self-pay.`,
    },
    packs: [{ pack: name, because }],
    remedy: {
      zh: `请政策管理员放回原来的文件；确实不再用的，用命令 approve-pack ${name} --withdraw 原因 停用。`,
      en: `Have the policy officer put the files back, or withdraw it by approve-pack ${name} --withdraw REASON.`,
    },
  });
}

function notCounting(pack: CompiledPack, own: PackApproval | null): Refusal<'no-pack'> {
  const name = packName(pack);
  const { locality } = pack;
  const because = reasonOf(own);
  return policyRefusal('no-pack', {
    message: {
      zh: `待遇政策“${locality.zh}”（${name}）适用于本次就诊，但${because.zh}，不能按它结算。`,
      en: `The policy pack "${locality.en}" (${name}) is for this visit, but ${because.en}; nothing is settled by it.`,
    },
    packs: [{ pack: name, because }],
    remedy: {
      zh: `请政策管理员提交、主管批准：打开“政策”页选这个政策，或用命令 approve-pack ${name}。`,
      en: `Have the policy officer prepare it and a supervisor approve it: on the page Policy, or by approve-pack ${name}.`,
    },
  });
}

function reasonOf(own: PackApproval | null) {
  switch (own?.state) {
    case 'prepared':
      return {
        zh: '已提交，还没有主管批准',
        en: 'it is prepared and no supervisor has approved it',
      };
    case 'changed':
      return {
        zh: '它的文件在提交或批准之后改过',
        en: 'its files were changed after they were prepared or approved',
      };
    case 'withdrawn': {
      const reason = own.withdrawn?.reason ?? '';
      return { zh: `已停用（${reason}）`, en: `it was withdrawn (${reason})` };
    }
    case 'approved':
    case 'draft':
    case undefined:
      return { zh: '还没有批准使用', en: 'it is not approved' };
  }
}

function openAssumption(
  pack: CompiledPack,
  own: PackApproval | null,
  { shares }: SettlementResult,
): Refusal<'no-pack'> | null {
  if (own === null || own.accepted === 'all') return null;
  const names = new Set(own.accepted.map(({ assumption }) => assumption));
  const open = packAssumptions(pack.document).filter(({ name }) => !names.has(name));
  if (open.length === 0) return null;
  for (const { step, name, amountFen } of shares) {
    if (amountFen === 0) continue;
    const ofStep = open.filter(({ steps }) => steps.includes(step));
    if (ofStep.length === 0) continue;
    const amount = formatFen(amountFen);
    return policyRefusal('no-pack', {
      message: {
        zh: `按待遇政策 ${packName(pack)}，支付环节“${name.zh}”要支付 ${amount} 元，但它所依据的假定还没有人认可：${ofStep.map(({ label }) => label.zh).join('、')}。`,
        en: `By the policy pack ${packName(pack)} the step "${name.en}" pays ${amount} yuan, and nobody has accepted what that rests on: ${ofStep.map(({ label }) => label.en).join(', ')}.`,
      },
      packs: ofStep.map((each) => ({ pack: each.name, because: each.reason })),
      remedy: {
        zh: '请政策管理员向经办机构核实，在“政策”页认可这些假定并写明理由（或 approve-pack --accept 名称=理由），再由主管批准。',
        en: 'Have the policy officer ask the payer and accept them with a reason, on the page Policy or by approve-pack --accept NAME=REASON; a supervisor then approves it.',
      },
    });
  }
  return null;
}
