import { dirname } from 'node:path';

import type { PackRow, ReadablePack } from '../../shared/contracts/policies.ts';
import type { PreparedCases } from '../../shared/pack-checks/prepared-case.ts';
import { caseViews } from '../../shared/pack-words/describe-cases.ts';
import { packRow, readablePack } from '../../shared/pack-words/describe-pack.ts';
import type { LoadedPack } from '../policy-packs/load-packs.ts';
import { prepareCases } from '../policy-packs/prepare-cases.ts';
import type { DeskServices } from './desk-parts.ts';
import { approvalView, assumptionViews, knownActs, type KnownActs } from './pack-approval-view.ts';

type PolicyServices = Pick<DeskServices, 'policies' | 'clock' | 'approvedOnly' | 'store'>;

/** A pack in one row, and how it stands. */
export function policyRow(
  services: PolicyServices,
  known: KnownActs,
  pack: LoadedPack,
  userId: string,
): PackRow {
  const { policies, clock } = services;
  const all = policies.packs.map(({ compiled }) => compiled);
  const row = packRow(pack.compiled, all, clock.businessDate());
  return { ...row, approval: approvalView(known, pack, services, userId) };
}

/** A pack as a page to read, its cases run now, and what it assumes. */
export async function readablePolicy(
  services: PolicyServices,
  pack: LoadedPack,
  userId: string,
): Promise<ReadablePack> {
  const known = await services.store.read(knownActs);
  const row = policyRow(services, known, pack, userId);
  return {
    row,
    ...readablePack(pack.compiled.document),
    assumptions: assumptionViews(known, pack, services),
    cases: row.state === 'replaced' ? [] : caseViews(pack.compiled, await casesOf(pack)),
  };
}

const prepared = new WeakMap<LoadedPack, Promise<PreparedCases>>();

/** The cases of a pack, read once: one that is read anew is another. */
export function casesOf(pack: LoadedPack): Promise<PreparedCases> {
  const known = prepared.get(pack);
  if (known !== undefined) return known;
  const reading = prepareCases(pack.compiled.document, dirname(pack.file));
  prepared.set(pack, reading);
  return reading;
}
