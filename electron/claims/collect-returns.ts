import { systemTimer, type Timer } from '../base/timer.ts';
import type { ClaimChannels } from './channel.ts';
import { takeReturn, takeUnread, type TakenReturn, type TakingParts } from './take-return.ts';

export type CollectingParts = TakingParts & {
  readonly channels: ClaimChannels;
  readonly timer?: Timer;
  readonly onProgress?: (line: string) => void;
};

/** What came back from one payer that answers later. */
export type CollectedReturns = {
  readonly profile: string;
  readonly returns: number;
  readonly answered: number;
  /** Lines that did not fit, or contradict what stands: they changed nothing. */
  readonly findings: number;
  /** Why not all could be fetched; null: it could. */
  readonly problem: { readonly code: string; readonly words: string } | null;
};

/**
 * Takes in what payers that answer later have left for us: kept whole, each once. `destination`: of that one's payer
 * alone. A payer that cannot be reached stops no other.
 */
export async function collectReturns(
  parts: CollectingParts,
  { address, destination }: { readonly address: URL; readonly destination?: string },
): Promise<readonly CollectedReturns[]> {
  const { channels, timer = systemTimer, onProgress } = parts;
  const all: CollectedReturns[] = [];
  for (const payer of channels.returning) {
    if (destination !== undefined && !payer.answersFor(destination)) continue;
    const taken = [...(await takeUnread(parts, payer))];
    const collected = await payer.returns.collect({
      ...{ address: payer.address ?? address, timer },
      async keep(found) {
        const one = await takeReturn(parts, payer, found);
        if (one !== null) taken.push(one);
      },
    });
    const one = {
      ...{ profile: payer.profile, returns: taken.length },
      answered: taken.reduce((sum, { answered }) => sum + answered, 0),
      findings: taken.reduce((sum, { findings }) => sum + findings.length, 0),
      problem: collected.kind === 'not-reached' ? collected.problem : null,
    };
    all.push(one);
    for (const line of wordsOf(one, taken)) onProgress?.(line);
  }
  return all;
}

/** For the log of the run: nothing that did not fit is passed over in silence. */
function wordsOf(
  { profile, returns, answered, problem }: CollectedReturns,
  taken: readonly TakenReturn[],
): readonly string[] {
  const lines = [`${profile}: 收到回执 ${String(returns)} 份，答复申报 ${String(answered)} 笔`];
  for (const { name, kind, findings } of taken) {
    if (kind === 'remittance') lines.push(`${profile}: ${name} 是付款通知，已原样保存，待对账`);
    if (findings.length > 0)
      lines.push(
        `${profile}: 回执 ${name} 有 ${String(findings.length)} 处不符，没有据此改动任何申报；用 returns 查看`,
      );
  }
  if (problem !== null)
    lines.push(`${profile}: 没有取到全部回执（${problem.code} ${problem.words}），下次再取`);
  return lines;
}
