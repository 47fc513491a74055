import type { Words } from '../domain/result.ts';
import { payerNames } from '../domain/value-names.ts';
import type { CompiledPack } from '../policy/compile/compiled-pack.ts';

/** What payers are called by the packs, else by everyone. */
export function payerNamer(packs: readonly CompiledPack[]): (payer: string) => Words {
  const own = new Map<string, Words>();
  for (const { document } of packs) {
    for (const { id, name } of document.payers) if (!own.has(id)) own.set(id, name);
  }
  return (payer) => own.get(payer) ?? payerNames[payer] ?? { zh: payer, en: payer };
}
