import { packAssumptions } from '../../shared/pack-checks/pack-assumptions.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { approvePack } from './approve-pack.ts';
import { packFingerprint } from './pack-fingerprint.ts';
import { preparePack, type ApprovalParts, type PackToApprove } from './prepare-pack.ts';

/** A pack as if it had been read from files that say `text`. */
export function packOfText(compiled: CompiledPack, text = 'text'): PackToApprove {
  const fingerprint = packFingerprint(text);
  return { compiled, fingerprint, whole: packFingerprint(`whole ${text}`) };
}

/** Every assumption of a pack, accepted. */
export const allAccepted = ({ compiled }: PackToApprove) =>
  packAssumptions(compiled.document).map(({ name: assumption }) => ({
    assumption,
    reason: '县医保局已书面答复',
  }));

/** Who does it where nobody else is named: the demo's users, in a store without users of its own. */
const usual = { officer: 'policy1', supervisor: 'supervisor1' };

/** Has packs prepared by a policy officer and approved by a supervisor, by the same acts as at the page. */
export async function approvePacks(
  parts: ApprovalParts,
  packs: readonly PackToApprove[],
  { officer, supervisor } = usual,
): Promise<void> {
  for (const pack of packs) {
    const by = (userId: string) => ({ userId, page: 'a test' });
    const prepared = await preparePack(parts, pack, { accepted: allAccepted(pack) }, by(officer));
    if (!prepared.ok) throw new Error(prepared.refusal.message.en);
    const approved = await approvePack(parts, pack, {}, by(supervisor));
    if (!approved.ok) throw new Error(approved.refusal.message.en);
  }
}

/** The same for every version of a pack that is in an opened folder. */
export async function approvePacksCalled(
  services: ApprovalParts & { readonly policies: { readonly packs: readonly PackToApprove[] } },
  id: string,
  people = usual,
): Promise<void> {
  const packs = services.policies.packs.filter(({ compiled }) => compiled.id === id);
  if (packs.length === 0) throw new Error(`no pack ${id} is here`);
  await approvePacks(services, packs, people);
}
