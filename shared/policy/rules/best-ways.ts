import type { Words } from '../../domain/result.ts';
import { fen, type Fen } from '../../money/fen.ts';
import { holds } from '../compile/compile-condition.ts';
import type { CompiledChoice, CompiledPack, CompiledStep } from '../compile/compiled-pack.ts';
import type { VisitFacts } from '../facts/visit-facts.ts';
import type { Counted, StepOutcome } from './step-outcome.ts';

/** Which of several ways counted on a visit, and what each would have left the patient. */
export type ChoiceMade = {
  readonly choice: CompiledChoice;
  readonly ways: readonly { readonly name: Words; readonly leavesFen: Fen }[];
  readonly taken: Words;
  /** The first step of the way that counted which concerns the person. */
  readonly step: CompiledStep;
};

/** Why a step does not count: the way that counts instead, and what it would have counted by its own. */
export type SetAside = { readonly better: Words; readonly counted: Counted | null };

/** What is known of a run here: what it sets aside and has chosen. */
type Run = {
  readonly facts: VisitFacts;
  readonly outcomes: StepOutcome[];
  setAside: ReadonlyMap<number, SetAside>;
  choices: readonly ChoiceMade[];
};

type Acts<Of extends Run> = {
  readonly runOne: (run: Of, step: CompiledStep) => void;
  /** Comes behind the last step of each choice. */
  readonly giveBack: (run: Of) => void;
  readonly copyOf: (run: Of) => Of;
  /** What a run leaves the patient so far, in fen. */
  readonly leaves: (run: Of) => number;
};

/**
 * Runs the steps of a pack that has ways of which only one counts. A choice per person is made by reckoning the whole
 * settlement by each way, several such choices by each combination; one per step at its place, by what its ways
 * leave there. Of equals the one that stands first is taken.
 */
export function runBestWays<Of extends Run>(pack: CompiledPack, beginning: Of, acts: Acts<Of>): Of {
  const ofPerson = pack.choices.filter(({ per }) => per === 'person');
  let settlements: { readonly run: Of; readonly taken: readonly Taken[] }[] = [
    { run: beginning, taken: [] },
  ];
  for (const choice of ofPerson) {
    const ways = waysThatConcern(pack, choice, beginning.facts);
    if (ways.length < 2) continue;
    settlements = settlements.flatMap(({ run, taken }) =>
      ways.map((way) => {
        const copy = acts.copyOf(run);
        copy.setAside = othersAside(copy.setAside, ways, way);
        return { run: copy, taken: [...taken, { choice, way }] };
      }),
    );
  }
  for (const { run } of settlements) runInOrder(pack, run, acts);
  const [first, ...others] = settlements;
  if (first === undefined) throw new Error('a pack without a settlement');
  let best = first;
  for (const other of others) if (acts.leaves(other.run) < acts.leaves(best.run)) best = other;
  const { run, taken } = best;
  const made = taken.map(({ choice, way }, index): ChoiceMade => {
    // One way against the other, all other choices as they were made.
    const alike = settlements.filter((other) =>
      other.taken.every((each, at) => at === index || each.way === taken[at]?.way),
    );
    for (const other of alike) if (other !== best) countedAsIn(other.run, run);
    const ways = alike.flatMap((other) => {
      const name = other.taken[index]?.way.name;
      return name === undefined ? [] : [{ name, leavesFen: fen(acts.leaves(other.run)) }];
    });
    return { choice, ways, taken: way.name, step: way.step };
  });
  run.choices = [...made, ...run.choices];
  return run;
}

/** What a step that was set aside would have counted, from the settlement in which it was not. */
function countedAsIn({ outcomes: others }: Run, { outcomes }: Run): void {
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.zeroReason !== 'other-way-counts' || outcome.counted !== null) continue;
    const other = others.find(({ step }) => step === outcome.step);
    if (other === undefined || other.zeroReason === 'other-way-counts') continue;
    outcomes[index] = { ...outcome, counted: other.counted };
  }
}

type Way = { readonly name: Words; readonly steps: readonly number[]; readonly step: CompiledStep };
type Taken = { readonly choice: CompiledChoice; readonly way: Way };

/** The ways of which a step concerns the person: one that has nothing for him is no way for him. */
function waysThatConcern(
  { steps }: CompiledPack,
  { ways }: CompiledChoice,
  facts: VisitFacts,
): readonly Way[] {
  return ways.flatMap(({ name, steps: places }) => {
    const step = places
      .map((place) => steps[place])
      .find((each) => each !== undefined && holds(each.appliesTo, facts));
    return step === undefined ? [] : [{ name, steps: places, step }];
  });
}

function othersAside(
  setAside: Run['setAside'],
  ways: readonly Way[],
  counts: Way,
  tried: readonly StepOutcome[] = [],
): Run['setAside'] {
  const others = ways.filter((way) => way !== counts).flatMap(({ steps }) => steps);
  const entries = others.map((place) => {
    const counted = tried.find(({ step }) => step.index === place)?.counted ?? null;
    return [place, { better: counts.name, counted }] as const;
  });
  return new Map([...setAside, ...entries]);
}

function runInOrder<Of extends Run>(pack: CompiledPack, run: Of, acts: Acts<Of>): void {
  for (const step of pack.steps) {
    for (const choice of pack.choices) {
      if (choice.per === 'step' && choice.first === step.index) choose(pack, choice, run, acts);
    }
    acts.runOne(run, step);
    if (pack.choices.some(({ last }) => last === step.index)) acts.giveBack(run);
  }
}

function choose<Of extends Run>(
  pack: CompiledPack,
  choice: CompiledChoice,
  run: Of,
  acts: Acts<Of>,
): void {
  const ways = waysThatConcern(pack, choice, run.facts);
  if (ways.length < 2) return;
  const tried = ways.map((way) => {
    const copy = acts.copyOf(run);
    copy.setAside = othersAside(run.setAside, ways, way);
    for (const step of pack.steps.slice(choice.first, choice.last + 1)) acts.runOne(copy, step);
    acts.giveBack(copy);
    const outcomes = copy.outcomes.filter(({ step }) => way.steps.includes(step.index));
    return { way, leavesFen: fen(acts.leaves(copy)), outcomes };
  });
  let best = tried[0];
  for (const each of tried) {
    if (best === undefined || each.leavesFen < best.leavesFen) best = each;
  }
  if (best === undefined) return;
  const { way } = best;
  const outcomes = tried.flatMap((each) => each.outcomes);
  run.setAside = othersAside(run.setAside, ways, way, outcomes);
  const made: ChoiceMade = {
    choice,
    ways: tried.map(({ way: { name }, leavesFen }) => ({ name, leavesFen })),
    taken: way.name,
    step: way.step,
  };
  run.choices = [...run.choices, made];
}
