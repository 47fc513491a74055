import { refused, accepted, type Result } from '../../shared/domain/result.ts';
import { compareVersions } from '../../shared/policy/choose-pack.ts';
import type { Services } from '../app/services.ts';
import type { Acceptance } from '../database/pack-acts-repository.ts';
import { approvalSummary } from '../policy-packs/approval-summary.ts';
import { approvePack } from '../policy-packs/approve-pack.ts';
import type { LoadedPack } from '../policy-packs/load-packs.ts';
import type { PackHere } from '../policy-packs/pack-approvals.ts';
import { packRefusal } from '../policy-packs/pack-refusals.ts';
import { hereOf, preparePack } from '../policy-packs/prepare-pack.ts';
import { withdrawPack } from '../policy-packs/withdraw-pack.ts';
import {
  answer,
  callerIn,
  done,
  refusedWith,
  textOption,
  textOptions,
  wrongUsage,
  type Command,
  type CommandAnswer,
  type CommandCall,
} from './command.ts';
import { writePackSheet } from './pack-sheet.ts';

/** Who has proved who it is at the command line acts from there. */
const page = 'command approve-pack';

/**
 * A pack that a hospital may settle by: the policy officer prepares it, a supervisor who is another person approves it; either
 * may withdraw it. `--sheet` writes the sheet they sign and does nothing else.
 */
export const approvePackCommand: Command = {
  name: 'approve-pack',
  usage:
    'ID[@VERSION] [--accept ASSUMPTION=REASON]… | --withdraw REASON | --sheet FILE.pdf [--as USER]',
  options: {
    accept: { type: 'string', multiple: true },
    withdraw: { type: 'string' },
    sheet: { type: 'string' },
  },
  words: [1, 1],
  roles: ['policy-officer', 'supervisor'],
  usual: 'policy1',
  folder: 'opened',
  run: async (call, services, callers) => {
    const named = call.words[0] ?? '';
    const pack = packNamed(services, named);
    const accept = acceptancesIn(textOptions(call, 'accept'));
    const caller = callerIn(callers);
    const withdraw = textOption(call, 'withdraw');
    const sheet = textOption(call, 'sheet');
    if (accept === null) {
      return wrongUsage(
        '--accept 写法：假定名称=理由，例如 parameters.basicRate=县医保局 2017-03-01 书面答复。',
        'Write --accept ASSUMPTION=REASON, e.g. parameters.basicRate="the county office wrote so on 2017-03-01".',
      );
    }
    const wanted = [accept.length > 0, withdraw !== undefined, sheet !== undefined];
    if (wanted.filter(Boolean).length > 1) {
      return wrongUsage(
        '--accept、--withdraw、--sheet 一次只写一种。',
        'Give only one kind of --accept, --withdraw and --sheet.',
      );
    }
    if (!pack.ok) {
      // Of one whose files are gone nothing can be said but that it is stopped.
      const gone = withdraw === undefined ? null : await goneOf(services, named);
      if (gone === null || withdraw === undefined) return refusedWith(pack.refusal);
      const by = { userId: caller.userId, page };
      return answer(await withdrawPack(services, gone, { reason: withdraw }, by));
    }
    if (sheet !== undefined) return writePackSheet(services, pack.value, call.path(sheet));
    const by = { userId: caller.userId, page };
    if (withdraw !== undefined) {
      const stopped = await withdrawPack(services, hereOf(pack.value), { reason: withdraw }, by);
      return stopped.ok
        ? told(call, services, pack.value, stopped.value)
        : refusedWith(stopped.refusal);
    }
    if (caller.role !== 'supervisor') {
      const prepared = await preparePack(services, pack.value, { accepted: accept }, by);
      return prepared.ok
        ? told(call, services, pack.value, prepared.value)
        : refusedWith(prepared.refusal);
    }
    if (accept.length > 0) {
      return wrongUsage(
        '假定由政策管理员在提交时认可，主管批准的是整个提交；主管不用 --accept。',
        'The policy officer accepts assumptions when preparing; a supervisor approves all of it, without --accept.',
      );
    }
    const approved = await approvePack(services, pack.value, {}, by);
    return approved.ok
      ? told(call, services, pack.value, approved.value)
      : refusedWith(approved.refusal);
  },
};

/** How the pack stands now, and what is still open. */
async function told(
  call: CommandCall,
  { store, approvedOnly }: Services,
  pack: LoadedPack,
  { already }: { readonly already: boolean },
): Promise<CommandAnswer> {
  const { id, version } = pack.compiled;
  const acts = await store.read(({ packActs }) => packActs.list());
  const summary = approvalSummary(acts, pack, approvedOnly === null ? 'demo' : 'live');
  if (summary.open.length > 0) {
    call.say(
      `还有 ${String(summary.open.length)} 项假定没有认可，按它们支付的就诊不能结算：${summary.open.join('、')}`,
    );
  }
  return done({ id, version, already, ...summary });
}

/** A version of a pack that something was done with and that is not here, by its full name. */
async function goneOf({ store }: Services, named: string): Promise<PackHere | null> {
  const acts = await store.read(({ packActs }) => packActs.list());
  const act = acts.find(({ pack, version }) => `${pack}@${version}` === named);
  return act === undefined ? null : { id: act.pack, version: act.version, fingerprint: '' };
}

/** `ID@VERSION`, or the highest version of `ID` that is here. */
export function packNamed(
  { policies }: Pick<Services, 'policies'>,
  named: string,
): Result<LoadedPack, 'unknown-pack'> {
  const [id = '', version] = named.split('@');
  const [found] = policies.packs
    .filter(
      ({ compiled }) => compiled.id === id && (version ?? compiled.version) === compiled.version,
    )
    .sort((a, b) => compareVersions(b.compiled.version, a.compiled.version));
  if (found !== undefined) return accepted(found);
  const known = policies.packs.map(({ compiled }) => `${compiled.id}@${compiled.version}`);
  return refused(packRefusal('unknown-pack', { pack: named, known, problems: policies.problems }));
}

/** Null where one says no name or no reason. */
function acceptancesIn(texts: readonly string[]): readonly Acceptance[] | null {
  const found = texts.map((text) => {
    const at = text.indexOf('=');
    return { assumption: text.slice(0, Math.max(0, at)).trim(), reason: text.slice(at + 1).trim() };
  });
  return found.every(({ assumption, reason }) => assumption !== '' && reason !== '') ? found : null;
}
