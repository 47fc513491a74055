import { cpSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A fault the kill test must catch, as a change of one text in a copy of the sources. */
export type PlantedFault = {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** The crash points at which it shows; none: it shows at a kill from outside. */
  readonly points: readonly string[];
  /** What the test says when it notices. */
  readonly shows: RegExp;
};

export const plantedFaults: readonly PlantedFault[] = [
  {
    name: 'acknowledge before commit',
    points: [],
    shows: /lost: settlement/,
    file: 'electron/settlement/settle-visit.ts',
    from: `  const outcome = await transactResult(
    store,
    (repositories) => conclude(dependencies, repositories, input, answered),
    scope,
  );`,
    to: `  const outcome = await new Promise<Result<SettledVisit>>((resolve, reject) => {
    const concludeEarly = async (repositories: Repositories) => {
      const concluded = await conclude(dependencies, repositories, input, answered);
      resolve(concluded);
      await new Promise((later) => setTimeout(later, 200));
      return concluded;
    };
    transactResult(store, concludeEarly, scope).catch(reject);
  });`,
  },
  {
    name: 'new message id on resending',
    points: ['upload:after-request'],
    shows: /ledger:/,
    file: 'electron/claims/send-claims.ts',
    from: `if (kept !== null) return { claim, isInDoubt, written: { kind: 'written', body: kept } };`,
    to: `if (kept !== null) {
    const at = '2017-11-27T12:00:00.000+08:00';
    const fresh = await repositories.claims.nextMessageId(claim.messageId.slice(0, 12), at);
    const body = kept.replaceAll(claim.messageId, fresh);
    return { claim, isInDoubt, written: { kind: 'written', body } };
  }`,
  },
  {
    name: 'new message id on settling again',
    points: ['settle:after-intent'],
    shows: /new id:/,
    file: 'electron/settlement/ensure-intent.ts',
    from: 'messageIds[destination] ??= await',
    to: 'messageIds[destination] = await',
  },
  {
    name: 'new settlement on retry',
    points: ['settle:after-commit'],
    shows: /doubled or lost/,
    file: 'electron/settlement/settle-visit.ts',
    from: `  const settlement = await repositories.settlements.findLive(input.visitId, part);
  if (settlement !== null) return`,
    to: `  const settlement = await repositories.settlements.findLive(input.visitId, part);
  if (settlement !== null) await repositories.settlements.cancel({
    id: settlement.settlementId,
    settlement_id: settlement.settlementId,
    reason: 'planted',
    cancelled_at: '',
    cancelled_by: '',
    approved_by: '',
    business_date: '2017-11-27',
  });
  if (settlement !== null && input.by === '') return`,
  },
  {
    name: 'print again after a crash without asking',
    points: ['print:after-send'],
    shows: /paper:/,
    file: 'electron/documents/print-queue.ts',
    from: `printJobs.recover(maybePrintedProblem('interrupted'), shanghaiInstant(clock.now())),`,
    to: `printJobs
      .recover(maybePrintedProblem('interrupted'), shanghaiInstant(clock.now()))
      .then((jobs) =>
        Promise.all(
          jobs.map(({ id }) =>
            printJobs.answer({
              ...{ id, cameOut: false, at: shanghaiInstant(clock.now()) },
              ...{ who: 'nobody', copyId: dependencies.ids.next() },
            }),
          ),
        ),
      ),`,
  },
  {
    name: 'mark a file as handed over before it is written',
    points: ['hospital-file:before-write'],
    shows: /file:/,
    file: 'electron/hospital-exchange/write-hospital-files.ts',
    from: `      const hash = await writeWhole(exchange, file, write);
      const at = shanghaiInstant(clock.now());
      await store.transact(({ hospitalFiles }) => hospitalFiles.markWritten(file.id, at, hash));`,
    to: `      const at = shanghaiInstant(clock.now());
      await store.transact(({ hospitalFiles }) => hospitalFiles.markWritten(file.id, at, ''));
      await writeWhole(exchange, file, write);`,
  },
];

/** Whether the text that a fault changes stands once in the sources. */
export function isPlantable(root: string, { file, from }: PlantedFault): boolean {
  return readFileSync(path.join(root, file), 'utf8').split(from).length === 2;
}

/** Copies the sources, plants one fault, and answers with the copy's folder. Fails if the text is not there. */
export function plantFault(root: string, fault: PlantedFault): string {
  const copy = mkdtempSync(path.join(tmpdir(), 'settlement-planted-'));
  const parts = ['electron', 'shared', 'drivers', 'build/kill-test', 'build/demo-data'];
  for (const part of [...parts, 'package.json', 'build/tsconfig.base.json']) {
    cpSync(path.join(root, part), path.join(copy, part), { recursive: true });
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  const file = path.join(copy, fault.file);
  const text = readFileSync(file, 'utf8');
  if (!isPlantable(copy, fault)) {
    throw new Error(`"${fault.name}" cannot be planted: its place in ${fault.file} has changed`);
  }
  writeFileSync(
    file,
    text.replace(fault.from, () => fault.to),
  );
  return copy;
}
