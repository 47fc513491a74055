import type { OutputOf } from '../../shared/contracts/contracts.ts';
import type { Calculation } from '../../shared/contracts/policies.ts';
import type { SettlementInput } from '../../shared/domain/person.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { formOf, withForm } from '../../shared/pack-words/calculator.ts';
import { casesUnderBoth, differencesInWords } from '../../shared/pack-words/compare-versions.ts';
import { readablePack } from '../../shared/pack-words/describe-pack.ts';
import { whyNot } from '../../shared/policy/choose-pack.ts';
import type { CompiledPack } from '../../shared/policy/compile/compiled-pack.ts';
import { decide } from '../../shared/policy/decide.ts';
import { shanghaiInstant } from '../base/clock.ts';
import { approvePack } from '../policy-packs/approve-pack.ts';
import type { LoadedPack } from '../policy-packs/load-packs.ts';
import { packRefusal } from '../policy-packs/pack-refusals.ts';
import { hereOf, preparePack } from '../policy-packs/prepare-pack.ts';
import { withdrawPack } from '../policy-packs/withdraw-pack.ts';
import type { DeskParts } from './desk-parts.ts';
import type { CallHandlers } from './handle-call.ts';
import { knownActs } from './pack-approval-view.ts';
import { casesOf, policyRow, readablePolicy } from './readable-policy.ts';
import { actorOf } from './second-person.ts';

/**
 * The packs of this folder as pages to read, with their cases and a calculator, which keeps nothing; and who prepares,
 * approves and withdraws them.
 */
export function policyCalls({
  services,
  documents,
}: Pick<DeskParts, 'services'> & { readonly documents: Pick<DeskParts['documents'], 'maker'> }) {
  const find = (pack: string, version: string): Result<LoadedPack, 'unknown-pack'> => {
    const { packs } = services.policies;
    const found = packs.find(
      ({ compiled }) => compiled.id === pack && compiled.version === version,
    );
    if (found !== undefined) return accepted(found);
    const known = packs.map(({ compiled }) => `${compiled.id}@${compiled.version}`);
    const named = { pack: `${pack}@${version}`, known, problems: [] };
    return refused(packRefusal('unknown-pack', named));
  };
  return {
    'policies:list': async (_input, { userId }) => {
      await services.reloadPacks();
      const { policies, store } = services;
      const known = await store.read(knownActs);
      return accepted({
        packs: policies.packs
          .map((pack) => policyRow(services, known, pack, userId))
          .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state)),
        problems: policies.problems.map(({ file, line, message, remedy }) => ({
          ...{ file, line, message, remedy },
        })),
      });
    },
    'policies:show': async ({ pack, version }, { userId }) => {
      const found = find(pack, version);
      return found.ok ? accepted(await readablePolicy(services, found.value, userId)) : found;
    },
    'policies:prepare': async ({ pack, version, fingerprint, accepted: assumptions }, caller) => {
      const found = find(pack, version);
      if (!found.ok) return found;
      const preparation = { accepted: assumptions, seen: fingerprint };
      return preparePack(services, found.value, preparation, actorOf(caller));
    },
    'policies:approve': async ({ pack, version, preparedId }, caller) => {
      const found = find(pack, version);
      if (!found.ok) return found;
      return approvePack(services, found.value, { preparedId }, actorOf(caller));
    },
    'policies:withdraw': async ({ pack, version, reason }, caller) => {
      const found = find(pack, version);
      if (!found.ok) return found;
      return withdrawPack(services, hereOf(found.value), { reason }, actorOf(caller));
    },
    'policies:sheet': async ({ pack, version }, { userId }) => {
      const found = find(pack, version);
      if (!found.ok) return found;
      const pdf = await documents.maker.packSheet({
        pack: await readablePolicy(services, found.value, userId),
        hospital: services.hospital.name,
        demo: services.folder.kind === 'demo',
        printedAt: shanghaiInstant(services.clock.now()),
      });
      const fileName = `待遇政策签批单-${pack}-${version}.pdf`;
      return accepted({ fileName, pdfBase64: Buffer.from(pdf).toString('base64') });
    },
    'policies:compare': async ({ pack, version, before }) => {
      const [now, old] = [find(pack, version), find(pack, before)];
      if (!now.ok) return now;
      if (!old.ok) return old;
      const { cases } = await casesOf(old.value);
      const [one, other] = [old.value.compiled, now.value.compiled];
      const texts = [readablePack(one.document), readablePack(other.document)] as const;
      return accepted({
        sections: differencesInWords(...texts),
        cases: casesUnderBoth(one, other, cases),
      });
    },
    'policies:calculate': async ({ pack, version, caseIndex, form }) => {
      const named = find(pack, version);
      if (!named.ok) return named;
      const found = named.value;
      const { cases } = await casesOf(found);
      // A case that shows who is not covered is a poor start for a calculation.
      const start =
        cases.find(({ index }) => index === caseIndex) ??
        cases.find(({ packCase }) => !('notCovered' in packCase.expect));
      if (start === undefined) return refused(packRefusal('pack-without-cases', found.compiled));
      const changed =
        form === null ? accepted(start.input) : withForm(found.compiled, start.input, form);
      if (!changed.ok) return changed;
      return calculated(
        found.compiled,
        start.index,
        start.packCase.case,
        start.input,
        changed.value,
      );
    },
  } satisfies Pick<CallHandlers, Extract<keyof CallHandlers, `policies:${string}`>>;
}

/** What counts today stands first. */
const order = ['in-force', 'coming', 'ended', 'replaced'];

function calculated(
  pack: CompiledPack,
  caseIndex: number,
  sentence: string,
  start: SettlementInput,
  now: SettlementInput,
): Result<OutputOf<'policies:calculate'>, never> {
  return accepted({
    caseIndex,
    sentence,
    form: formOf(pack, now),
    steps: pack.steps.map(({ id }) => id),
    start: calculationOf(pack, start),
    now: calculationOf(pack, now),
  });
}

function calculationOf(pack: CompiledPack, input: SettlementInput): Calculation {
  const notCovered = whyNot(pack, input);
  if (notCovered !== null) return { result: null, notCovered };
  return {
    result: structuredClone(decide(pack, input)) as Calculation['result'],
    notCovered: null,
  };
}
