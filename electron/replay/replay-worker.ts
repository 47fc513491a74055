import { parentPort } from 'node:worker_threads';

import type { DischargePeriod, StoredPerson } from '../database/replay-repository.ts';
import type { Result } from '../../shared/domain/result.ts';
import { answerRequests } from '../../shared/threads/thread-requests.ts';
import { compilePack } from '../../shared/policy/compile/compile-pack.ts';
import type { PackDocument } from '../../shared/policy/pack/pack-schema.ts';
import { readPerson } from './read-person.ts';
import { replayPerson } from './replay-person.ts';
import { countPerson, emptyTally, isWithin, type Tally } from './tally.ts';
import { comparePerson, emptyComparison, type Comparison } from './compare-person.ts';
import {
  payerWordsOf,
  readStatedResults,
  type StatedResults,
  type StatedRow,
} from './stated-results.ts';
import { wayFinder, type WayFinder } from './ways.ts';

/** What a calculating thread is asked. Packs cross as documents: what they are compiled to cannot. */
export type CalculatorOrder =
  | {
      readonly kind: 'begin';
      readonly draft: readonly PackDocument[];
      readonly packs: readonly PackDocument[];
      readonly inUse: readonly string[];
      readonly period: DischargePeriod;
    }
  | { readonly kind: 'settle-again'; readonly persons: readonly StoredPerson[] }
  | {
      readonly kind: 'compare';
      readonly persons: readonly StoredPerson[];
      readonly stated: StatedResults;
    }
  | {
      readonly kind: 'read-results';
      readonly file: string;
      /** The packs whose payers and steps the file may name. */
      readonly documents: readonly PackDocument[];
    };
export type CalculatorAnswer =
  null | Tally | Comparison | Result<readonly StatedRow[], 'results-refused'>;

/** Settles persons again, apart from the threads that the desk needs. It knows no database and keeps nothing. */
const port = parentPort;
if (port === null) throw new Error('the replay worker is started as a thread');

let begun: { readonly waysOf: WayFinder; readonly period: DischargePeriod } | null = null;

answerRequests(port, (order: CalculatorOrder): CalculatorAnswer => {
  if (order.kind === 'begin') {
    const draft = order.draft.map((document) => compilePack(document));
    const packs = order.packs.map((document) => compilePack(document));
    begun = { waysOf: wayFinder({ draft, packs, inUse: order.inUse }), period: order.period };
    return null;
  }
  if (order.kind === 'read-results') {
    return readStatedResults(order.file, payerWordsOf(order.documents));
  }
  if (begun === null) throw new Error('persons before the packs');
  const { waysOf, period } = begun;
  const isIn = isWithin(period);
  if (order.kind === 'settle-again') {
    const tally = emptyTally();
    for (const stored of order.persons) {
      const person = readPerson(stored);
      countPerson(tally, person.personId, replayPerson(waysOf, person), isIn);
    }
    return tally;
  }
  const comparison = emptyComparison();
  for (const stored of order.persons) {
    comparePerson(comparison, replayPerson(waysOf, readPerson(stored)), order.stated, isIn);
  }
  return comparison;
});
