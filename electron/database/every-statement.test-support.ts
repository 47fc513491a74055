import type { DefaultQueryCompiler, KyselyPlugin } from 'kysely';
import { expect } from 'vitest';

import { cancelSettlement } from '../settlement/cancel-settlement.ts';
import { findSupplements } from '../settlement/find-supplements.ts';
import { packsThatCount } from '../settlement/packs-that-count.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  type testClock,
  valueOf,
} from '../settlement/settlement.test-support.ts';
import { verifyFolder } from '../settlement/verify-folder.ts';
import type { YearToDate } from '../../shared/domain/person.ts';
import { accepted } from '../../shared/domain/result.ts';
import { fen } from '../../shared/money/fen.ts';
import { packOf } from '../../shared/policy/packs.test-support.ts';
import { billsOnce, pushesOnce } from './bill-statements.test-support.ts';
import { remittancesOnce } from './remittance-statements.test-support.ts';
import { personQuestionsOnce, waitingOnce } from './person-statements.test-support.ts';
import { receivedBill } from './received-bill.test-support.ts';
import { repositoriesOn } from './repositories.ts';
import { pagesOnce, questionsOnce, secondPersonOnce } from './page-statements.test-support.ts';
import { aloneUnit } from './unit-of-work.ts';
import type { Repositories, Store } from './store.ts';
import type { TestStore } from './test-store.ts';
import { returnsOnce } from './return-statements.test-support.ts';

/** Statements that are about SQLite's file and connection; a server has its own in their place. */
export const ofSqliteAlone = [
  'PRAGMA data_version',
  'PRAGMA foreign_key_check',
  'PRAGMA foreign_keys',
  'PRAGMA integrity_check',
  'PRAGMA synchronous',
  'PRAGMA user_version',
  'begin exclusive',
  'begin immediate',
  'select count(*) from sqlite_schema',
  "select name from sqlite_schema where type = 'table' order by name",
  "select name, sql from sqlite_schema where type = 'trigger'",
  'select sqlite_version()',
  'select type, name, sql as text from sqlite_schema order by type, name',
];

/** The database of a test's store, to write to. */
export const writerOf = ({ writer }: TestStore) => {
  if (writer === null) throw new Error('the test needs a writing store');
  return writer;
};

/** The names of an object's functions. */
export const functionsOf = (repository: object): readonly string[] =>
  Object.entries(repository).flatMap(([name, value]) =>
    typeof value === 'function' ? [name] : [],
  );

/** Turns what kysely builds into the SQL of an engine. */
type Compiler = Pick<DefaultQueryCompiler, 'compileQuery'>;

/** Every statement that the repositories make, in the SQL of an engine, and which of their functions were called. */
export async function everyStatement(
  store: TestStore,
  compiler: Compiler,
): Promise<{ readonly statements: ReadonlySet<string>; readonly called: ReadonlySet<string> }> {
  const statements = new Set<string>();
  const called = new Set<string>();
  await everythingOnce(recording(store, compiler, statements, called));
  return { statements, called };
}

/** The store with every statement and every call of its repositories written down. */
function recording(
  store: TestStore,
  compiler: Compiler,
  statements: Set<string>,
  called: Set<string>,
): Store {
  const plugin: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      statements.add(compiler.compileQuery(node, queryId).sql);
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  const unit = { ...aloneUnit(), auditKey: store.auditKey() };
  const repositories = repositoriesOn(writerOf(store).withPlugin(plugin), unit);
  for (const [name, repository] of Object.entries(repositories)) {
    for (const each of functionsOf(repository)) {
      const real: unknown = Reflect.get(repository, each);
      Reflect.set(repository, each, (...given: unknown[]): unknown => {
        called.add(`${name}.${each}`);
        const answer: unknown =
          typeof real === 'function' ? Reflect.apply(real, repository, given) : real;
        return answer;
      });
    }
  }
  return {
    read: (work) => work(repositories),
    readApart: (work) => work(repositories),
    async transact(work) {
      const kept = await work(repositories);
      await repositories.rowMarks.endUnit();
      return kept;
    },
    readingOnly: () => store.readingOnly(),
    compareWithAnchor: () => store.compareWithAnchor(),
    noRoom: () => store.noRoom(),
    dataVersion: () => store.dataVersion(),
    close: () => store.close(),
  };
}

const sheetProblem = {
  code: 'x',
  message: { zh: 'x', en: 'x' },
  remedy: { zh: 'x', en: 'x' },
};

/** What happens in a hospital, and then every function that did not come up. */
async function everythingOnce(store: Store): Promise<void> {
  const dependencies = dependenciesOn(store, [packOf()]);
  const input = await colonCancer();
  const at = '2017-11-27T10:15:00.000+08:00';
  const none = fen(0);
  const seed: YearToDate = {
    ...{ year: 2017, asOf: '2017-01-02', includesVisits: [], admissions: 1, levels: [] },
    ...{ deductiblePaidFen: none, eligibleFen: none, selfPayFen: none, eligibleSelfPayFen: none },
    ...{ paidFen: {}, byStep: {} },
  };
  for (const id of ['A', 'B']) {
    await keepVisit(store, { ...input, visit: { ...input.visit, id }, yearToDate: null });
  }
  const settle = async (visitId: string) =>
    valueOf(await settleVisit(dependencies, { visitId, by: 'cashier1' })).settlement;
  const [first, second] = [await settle('A'), await settle('B')];
  await store.transact(async (all) => {
    const { visits, persons, settlements, claims, uploads, printJobs, hospitalFiles } = all;
    await keepVisit(store, { ...input, visit: { ...input.visit, id: 'A', bed: '99' } });
    const person = await persons.findByIdNumber(input.person.idNumber);
    const personId = person?.id ?? '';
    await persons.find(personId);
    await persons.findByName(input.person.name, 1);
    await persons.replaceCategories(personId, '民政局', [{ name: 'disabled' }]);
    await registersOnce(all, { personId, idNumber: input.person.idNumber });
    await all.counters.openYear({ personId, yearToDate: seed, source: 'visit' });
    const changed = { ...input.visit, id: 'A', bed: '98' };
    await visits.recognise('A', receivedBill({ ...input, visit: changed }).identity);
    await visits.refresh('A', { receivedAt: at, source: 'a test' });
    await visits.listUnsettled({ limit: 2, after: 'A' });
    await waitingOnce(visits);
    await all.personQuestions.countOpen();
    valueOf(await all.parts.keepUnlessRefused(() => Promise.resolve(accepted(null))));
    await billsOnce(all, at);
    await pushesOnce(all, { at, settlementId: first.settlementId });
    await visits.search('zs', 5);
    await visits.ofPerson(personId);
    await all.cards.find('preferential', 'A1');
    await settlements.findByNumber(first.number);
    await settlements.ofVisit('A');
    await settlements.personsWithLive({ after: '', limit: 2 });
    const days = { from: '2017-01-01', until: '2017-12-31' };
    await all.replay.personsBetween({ ...days, withUnsettled: true });
    await all.replay.unsettledBetween(days);
    await all.replay.ofPersons([personId], { ...days, withUnsettled: true });
    await settlements.sharesOf(first.settlementId);
    await settlements.openIntents(3);
    const due = await claims.sendable({ businessDate: '2017-11-27', payer: 'charity' });
    expect(due).toEqual([]);
    await claims.datedLater({ businessDate: '2017-01-01', payer: 'charity' });
    await all.scheduledJobs.find('backup');
    await all.scheduledJobs.keep({
      ...{ name: 'backup', doneUntil: at, attempts: 0 },
      ...{ lastBeganAt: null, lastEndedAt: null, lastProblem: null },
    });
    await usersOnce(all, at);
    await pagesOnce(all, at);
    await questionsOnce(all, at);
    await personQuestionsOnce(all, { personId, at });
    await secondPersonOnce(all, at);
    await settlements.abandonIntent('nothing');
    const claimIds = (await claims.ofSettlement(second.settlementId)).map(({ id }) => id);
    await claims.visitsOf(claimIds);
    await all.packsInForce.keep({ id: 'a', version: '1.0.0', sha256: '0'.repeat(64), at });
    await all.packsInForce.list();
    await uploads.open({ id: 'run', businessDate: '2017-11-27', at, who: 'clerk1' });
    await claims.openBatch({ id: 'batch', runId: 'run', destination: 'x', claimIds });
    for (const id of claimIds) {
      await claims.find(id);
      await claims.keptBody(id);
      await claims.markSent(id, at, '{}');
      const outcome = {
        kind: 'rejected',
        problem: { code: 'x', words: 'x' },
        namesIt: true,
      } as const;
      await claims.keepUndo(id, at, { messageId: 'x', body: '{}' });
      await claims.openUndo(id);
      await claims.withOpenUndo();
      const nothing = { kind: 'refused', problem: { code: 'x', words: 'x' } } as const;
      await claims.keepUndoAnswer(id, at, nothing);
      await claims.isInDoubt(id);
      await claims.keepOutcome(id, at, outcome);
      await claims.hindranceOfReplacing(id);
      await claims.reopen(id, at);
      await claims.keepOutcome(id, at, outcome);
    }
    const [refused] = await claims.ofSettlement(second.settlementId);
    if (refused === undefined) throw new Error('no claim');
    const anew = { ...refused, id: 'anew', messageId: 'H43062600001201711271015009999' };
    await claims.supersede(refused.id, anew, at);
    await remittancesOnce(all, claimIds, at);
    await claims.finishBatch('batch', claimIds);
    const counted = {
      claims: 2,
      accepted: 1,
      rejected: 0,
      unknown: 1,
      waiting: 0,
      acknowledged: 0,
    };
    await uploads.keepCounts('run', { destination: 'x', ...counted });
    await uploads.keepCounts('run', { destination: 'x', ...counted });
    await uploads.finish('run', at);
    await uploads.last();
    await returnsOnce(all, { claimIds, at });
    await claims.list({
      ...{ states: ['waiting', 'unknown'], payer: 'x', destination: 'x', after: 'a', limit: 5 },
    });
    await claims.counts(['waiting', 'unknown']);
    await claims.outboxSummary();
    const sheet = { settlementId: second.settlementId, document: 'receipt' } as const;
    const made = { createdAt: at, createdBy: 'cashier1' };
    const { id } = await printJobs.queueCopy({ id: 'copy', ...sheet, ...made });
    const again = await printJobs.nextToPrint('receipt', [id]);
    expect(await printJobs.begin(id, 'sim://printer', at)).toBe(true);
    await printJobs.finish(id, { attempt: 1, state: 'unknown', problem: null, at });
    await printJobs.answer({ id, cameOut: true, at, who: 'cashier1', copyId: 'copy 2' });
    await printJobs.begin(again?.id ?? '', 'sim://printer', at);
    await printJobs.recover(sheetProblem, at);
    await printJobs.withdraw(id, at);
    await printJobs.ofSettlement(second.settlementId);
    await printJobs.inState('unknown', 5);
    await printJobs.find(id);
    const [file] = await hospitalFiles.waiting(1);
    await hospitalFiles.markWritten(file?.id ?? '', at, 'hash');
    await hospitalFiles.ofSettlement(second.settlementId);
    const said = { message: { zh: 'x', en: 'x' }, remedy: { zh: 'x', en: 'x' } };
    await all.intakeRefusals.add([{ id: 'r', file: 'f', code: 'c', ...said, at }]);
    await all.intakeRefusals.list(1);
    await all.folderFacts.set('a', 1);
    await all.folderFacts.get('a');
    await all.folderFacts.all();
    await all.audit.list({ after: 0, limit: 1 });
    await all.audit.about(first.settlementId);
    await all.audit.end();
    all.audit.markOf('430626195001010016');
    all.audit.markOfRows('user', null);
    await all.rowMarks.unmarkedOf({ visitId: 'A', personId });
    const counting = await packsThatCount(all, dependencies);
    await findSupplements(all, counting, personId);
    await all.packActs.insert({
      ...{ id: 'act', act: 'prepare', pack: 'a', version: '1.0.0', fingerprint: '0'.repeat(64) },
      ...{ prepared_id: null, prepared_by: null, reason: null, folder_kind: 'live', at },
      ...{ done_by: 'wang', done_page: 'page', entry: 1 },
      accepted: [{ assumption: 'inForce', reason: 'x' }],
    });
    await all.packActs.list();
  });
  const { settlementId } = first;
  const by = { by: 'cashier1', approvedBy: 'wang', reason: '录入有误' };
  valueOf(await cancelSettlement(dependencies, { settlementId, ...by }));
  await store.transact((all) => settleAnew(all, dependencies, first.visitId));
  await store.transact(async ({ journal, takeover }) => {
    await journal.term();
    await journal.begin(1, at);
    await journal.endUnit(at);
    await journal.state(0);
    await journal.after(0, 1);
    await journal.pending({ fact: 'a', after: 0, limit: 1 });
    await journal.forget(1);
    await journal.stop();
    await takeover.lastBusinessDate();
    await takeover.makeClaimsUnknown({ code: 'x', words: 'x' }, at);
    await takeover.makeReceiptsUnknown(sheetProblem, at);
    await takeover.leaveNumbersOut(['2017-11-27'], 3, at);
    await takeover.recovered();
    await takeover.leaveStatementsBehind();
  });
  await verifyFolder({ store });
  await store.read(async ({ verification }) => {
    await verification.settledActs({ after: '', limit: 1 });
    await verification.statementsMade({ after: '', limit: 1 });
    await verification.statementsOf([settlementId]);
    await verification.hospitalFilesMade({ after: '', limit: 1 });
  });
  await store.transact(async ({ books, claims, printJobs }) => {
    await printJobs.doubtWaiting(sheetProblem, at);
    await claims.doubtUnfinished(at);
    await books.goOnAs(1, [{ businessDate: '2017-11-28', first: 1, last: 2 }], at);
  });
}

async function usersOnce({ users }: Repositories, at: string): Promise<void> {
  const ended = { ended_at: null, ended_by: null };
  const limits = { is_service: 0, is_trainee: 0, trainee_limit_fen: 0, mentor: null };
  await users.add({
    ...{ id: 'wang', name: '王一', role: 'cashier', state: 'active', certificate: null },
    ...{ ...limits, ...ended, created_at: at, created_by: 'wang' },
  });
  await users.find('wang');
  await users.list({ after: '', limit: 2 });
  await users.isAnybody();
  await users.change('wang', { role: 'supervisor' });
  const password = { user_id: 'wang', number: 1, hash: 'x' };
  await users.addPassword({ ...password, made_at: at, made_by: 'wang', must_change: 0 });
  await users.rehash(password);
  await users.passwordsOf('wang', 5);
  await users.keepFailures({ user_id: 'wang', failures: 1, last_at: at, locked_at: null });
  await users.failuresOf('wang');
  const holding = { id: 'h', user_id: 'wang', kind: 'float', what: '500.00', since: at } as const;
  await users.addHolding({ ...holding, handed_over_at: null, handed_over_to: null });
  await users.holdingsOf('wang');
  await users.handOver('h', { handed_over_at: at, handed_over_to: 'wang' });
}

/** A register of persons and one of cards, every kind of change in them. */
async function registersOnce(
  { registers, registerPersons, cards }: Repositories,
  { personId, idNumber }: { readonly personId: string; readonly idNumber: string },
): Promise<void> {
  const register = { kind: 'persons', source: '民政局' } as const;
  const version = { source: '民政局', counts: 0 };
  await registers.begin(register, 'import');
  await registers.isBuiltBy(register, 'import');
  const none = { newcomer: null, add: [], remove: [], stay: [], drop: [], forget: null };
  const person = { name: '李四', idNumber: '2', birthDate: '1950-01-01', sex: 'male' } as const;
  const rest = { insurance: 'resident', insuredPlace: '430626', categories: [] } as const;
  const newcomer = { id: 'newcomer', person: { ...person, ...rest } };
  const at = '2017-11-27T10:15:00.000+08:00';
  for (const change of [
    { ...none, idNumber: '2', newcomer, add: [{ name: 'disabled' }] as const },
    {
      ...none,
      idNumber: '2',
      newcomer: { ...newcomer, id: 'other' },
      add: [{ name: 'orphan' }] as const,
    },
    { ...none, idNumber, add: [{ name: 'orphan' }] as const, remove: [1], stay: [1], drop: [1] },
    { ...none, idNumber: '2', forget: 'newcomer' },
  ]) {
    await registerPersons.write(version, [change], at);
  }
  await registerPersons.ofNumbers(version, [idNumber]);
  await registerPersons.named(version, { after: '', limit: 10 });
  await registerPersons.saidByOthers('残联', [personId]);
  await registerPersons.known([idNumber]);
  await registers.finish(register);
  await registers.version(register);
  await registerPersons.sweep({ ...version, counts: 1 }, 10);
  const card = {
    kind: 'preferential',
    number: 'a1',
    idNumber: '1',
    name: '张三',
    state: 'valid',
  } as const;
  await cards.write(version, [{ add: card, remove: [1], stay: [1], drop: [1] }]);
  await cards.ofNumbers(version, ['A1']);
  await cards.named(version, { after: 0, limit: 10 });
  await cards.sweep(version, 10);
}

/** An intent that is known already and gets message ids for destinations that came later. */
async function settleAnew(
  { settlements, claims }: Repositories,
  { clock, ids }: { readonly clock: typeof testClock; readonly ids: { next(): string } },
  visitId: string,
): Promise<void> {
  const at = '2017-11-27T10:15:00.000+08:00';
  const known = { visitId, part: 2, billVersion: 1 };
  await settlements.insertIntent({
    ...known,
    settlementId: ids.next(),
    messageIds: {},
    businessDate: clock.businessDate(),
    at,
    by: 'cashier1',
  });
  const intent = await settlements.findIntent(visitId, 2, 1);
  const messageIds = { x: await claims.nextMessageId('H43062600001', at) };
  await settlements.setMessageIds(intent?.settlementId ?? '', messageIds);
}
