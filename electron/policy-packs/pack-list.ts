import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';

/** What the command `packs` prints of each pack (contract). */
export type PackListEntry = {
  readonly id: string;
  readonly version: string;
  readonly locality: string;
  readonly inForceFrom: string;
  /** Exclusive; null: not ended. */
  readonly inForceUntil: string | null;
  readonly payers: readonly string[];
  readonly cases: number;
};

export function packList(packs: readonly CompiledPack[]): readonly PackListEntry[] {
  return packs.map((pack) => ({
    id: pack.id,
    version: pack.version,
    locality: pack.locality.zh,
    inForceFrom: pack.inForceFrom,
    inForceUntil: pack.inForceUntil,
    payers: pack.payers,
    cases: pack.document.cases.length,
  }));
}
