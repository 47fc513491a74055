import { resolve } from 'node:path';

import { shanghaiInstant } from '../base/clock.ts';
import { sha256 } from '../database/canonical-json.ts';
import type { Repositories } from '../database/store.ts';
import { refusalOfReading, type IntakeReader } from './intake-reader.ts';
import type { FileFacts } from './intake-worker.ts';
import { intakeProblem, type IntakeProblem } from './intake-problem.ts';
import { intakeRefusal, type IntakeCode } from './intake-refusals.ts';
import type { IntakeDependencies } from './keep-visit-document.ts';

/** The fact that holds which files are being opened: key to when that began. */
const factName = 'files-being-opened';

/**
 * Reads a file that is noted before it is opened, and no more once `noted` was called or the reading has ended. A note
 * that is found tells that the file ended a program before: it is not opened again, what is wrong is said, and the note
 * is gone, so that who wants to try once more can. The same is said where the file ends the reading thread now.
 */
export async function readNoted(
  { store, clock, reader }: IntakeDependencies & { readonly reader: IntakeReader },
  file: string,
  read: (noted: () => Promise<void>, facts: FileFacts | null) => Promise<void>,
): Promise<IntakeProblem<IntakeCode> | null> {
  const facts = await reader.facts(file);
  // What is not there cannot end anything.
  if (facts === null) {
    await read(() => Promise.resolve(), null);
    return null;
  }
  const key = sha256(`${resolve(file)} ${String(facts.size)} ${String(facts.changedMs)}`);
  const at = shanghaiInstant(clock.now());
  const since = await store.transact(async (all) => {
    const notes = await notesOf(all);
    const before = notes[key] ?? null;
    await all.folderFacts.set(
      factName,
      before === null ? { ...notes, [key]: at } : without(notes, key),
    );
    return before;
  });
  if (since !== null) return intakeProblem(intakeRefusal('file-ended-program', { since }));
  let isNoted = true;
  const forget = async (): Promise<void> => {
    if (!isNoted) return;
    isNoted = false;
    await store.transact(async (all) => {
      await all.folderFacts.set(factName, without(await notesOf(all), key));
    });
  };
  try {
    await read(forget, facts);
    return null;
  } catch (problem) {
    const refusal = refusalOfReading(problem);
    if (refusal === null) throw problem;
    return intakeProblem(refusal);
  } finally {
    await forget();
  }
}

type Notes = Readonly<Record<string, string>>;

async function notesOf({ folderFacts }: Repositories): Promise<Notes> {
  return ((await folderFacts.get(factName)) ?? {}) as Notes;
}

function without(notes: Notes, key: string): Notes {
  return Object.fromEntries(Object.entries(notes).filter(([each]) => each !== key));
}
