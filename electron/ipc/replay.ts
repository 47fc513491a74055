import { resolve } from 'node:path';

import type { ReplayStateView, ShadowView } from '../../shared/contracts/replay.ts';
import { accepted } from '../../shared/domain/result.ts';
import { packsNamed } from '../policy-packs/packs-named.ts';
import type { ReplayOrder } from '../replay/replay.ts';
import type { ReplayReport } from '../replay/replay-report.ts';
import type { ReplayState } from '../replay/replay-runs.ts';
import type { ShadowReport } from '../replay/shadow-report.ts';
import type { DeskParts } from './desk-parts.ts';
import type { CallHandlers } from './handle-call.ts';

/** Settling again under a draft, as a page starts, follows and stops it. */
export function replayCalls({ services, replays }: Pick<DeskParts, 'services' | 'replays'>) {
  return {
    'replay:start': async ({ pack, from, until, sample, withUnsettled, results }) => {
      const named = await packsNamed(pack, services.policies, (folder) => resolve(folder));
      if (!named.ok) return named;
      const draft = named.value.packs;
      const order = { draft, period: { from, until }, sample, withUnsettled };
      const started = replays.start(order, results === null ? null : resolve(results));
      return started.ok ? accepted({}) : started;
    },
    'replay:state': () => Promise.resolve(accepted(viewOf(replays.state()))),
    'replay:stop': () => {
      replays.stop();
      return Promise.resolve(accepted({}));
    },
    'replay:export': async () => {
      const made = await replays.workbook();
      if (!made.ok) return made;
      const { name, bytes } = made.value;
      return accepted({
        fileName: name,
        workbookBase64: Buffer.from(bytes).toString('base64'),
      });
    },
  } satisfies Pick<CallHandlers, 'replay:start' | 'replay:state' | 'replay:stop' | 'replay:export'>;
}

function viewOf(state: ReplayState): ReplayStateView {
  switch (state.kind) {
    case 'none':
      return state;
    case 'under-way':
      return { ...state, order: orderView(state.order) };
    case 'done':
      return { kind: 'done', order: orderView(state.order), report: reportView(state.report) };
    case 'compared':
      return {
        ...{ kind: 'compared', order: orderView(state.order), results: state.results },
        report: shadowView(state.report),
      };
    case 'refused':
      return {
        kind: 'refused',
        order: orderView(state.order),
        refusal: structuredClone(state.refusal) as Refused['refusal'],
      };
  }
}

function orderView({ draft, period, sample, withUnsettled }: ReplayOrder) {
  return {
    pack: [...new Set(draft.map(({ id }) => id))].join('+'),
    packVersion: [...new Set(draft.map(({ version }) => version))].join('+'),
    ...period,
    ...{ sample, withUnsettled },
  };
}

/** A page shows no more rows of diseases; the others change less. */
const diseasesMax = 50;

type Refused = Extract<ReplayStateView, { kind: 'refused' }>;
type Done = Extract<ReplayStateView, { kind: 'done' }>['report'];

/** So much of a comparison is read on a page; the workbook has it all. */
const differencesMax = 200;
const visitsMax = 20;

function shadowView(report: ShadowReport): ShadowView {
  const { differences, unknown, onlyHere, skipped, ...figures } = report;
  return structuredClone({
    ...figures,
    differences: differences.slice(0, differencesMax),
    counts: {
      ...{ differences: differences.length, unknown: unknown.length },
      onlyHere: onlyHere.length,
    },
    unknown: unknown.slice(0, visitsMax),
    onlyHere: onlyHere.slice(0, visitsMax),
    skipped: byReason(skipped),
  }) as ShadowView;
}

function byReason(skipped: readonly { readonly code: string }[]) {
  const reasons = new Map<string, number>();
  for (const { code } of skipped) reasons.set(code, (reasons.get(code) ?? 0) + 1);
  return [...reasons].map(([code, visits]) => ({ code, visits }));
}

function reportView(report: ReplayReport): Done {
  const { visits, persons, totalFen, counts, payers, patient, hospital } = report;
  return structuredClone({
    ...{ visits, persons, totalFen, counts, payers, patient, hospital },
    ...{ gainers: report.gainers.map(personView), losers: report.losers.map(personView) },
    ...{ byCategory: report.byCategory, byLevel: report.byLevel },
    byDisease: report.byDisease.slice(0, diseasesMax),
    skipped: byReason(report.skipped),
  }) as Done;
}

const personView = ({ name, idNumber, ...amounts }: ReplayReport['gainers'][number]) => ({
  ...{ maskedName: name, maskedIdNumber: idNumber },
  ...amounts,
});
