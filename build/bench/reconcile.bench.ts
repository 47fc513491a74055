/** Reconciling a day of many claims with a payer that holds nearly all of them: `reconcile.bench.ts [CLAIMS]`. */

import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { timeOrderedIds } from '../../electron/base/ids.ts';
import { ownChannels } from '../../electron/claims/channels/channels.ts';
import { startPayers } from '../../electron/claims/payers.test-support.ts';
import { openSqliteConnection } from '../../electron/database/sqlite-connection.ts';
import { createTestStore } from '../../electron/database/test-store.ts';
import { reconcileDay } from '../../electron/reconciliation/reconcile-day.ts';
import {
  colonCancer,
  dependenciesOn,
  keepVisit,
  ownPacks,
  testClock,
  valueOf,
} from '../../electron/settlement/settlement.test-support.ts';
import { settleVisit } from '../../electron/settlement/settle-visit.ts';
import { print } from './print-figures.ts';

const wanted = Number(process.argv[2] ?? 100_000);
/** Of so many one is missing on the other side, and one has another amount. */
const oneIn = 1000;
const payer = 'basic-medical-insurance';
const day = testClock.businessDate();

const store = await createTestStore();
const input = await colonCancer();
const visitId = 'SHORT';
await keepVisit(store, { ...input, visit: { ...input.visit, id: visitId }, yearToDate: null });
valueOf(await settleVisit(dependenciesOn(store, await ownPacks()), { visitId, by: 'cashier1' }));

// A hundred thousand settled the proper way take too long: claims alone are compared, so claims alone are copied.
const connection = openSqliteConnection({ file: store.file, key: store.key, readOnly: false });
const run = (sql: string, ...parameters: (string | number)[]) =>
  connection.execute(sql, parameters).rows;
run('begin immediate');
run('drop index claims_live');
run('create temp table copies (n integer primary key) strict');
run(
  `insert into copies with recursive more (n) as
    (select 1 union all select n + 1 from more where n < ?) select n from more`,
  wanted - 1,
);
const columns =
  'settlement_id, visit_id, payer, destination, claimed_fen, approved_fen, adjusted_fen, paid_fen, business_date, created_at, attempts, last_attempt_at, payer_reference, last_problem_json, last_problem_version, run_id';
run(`update claims set state = 'accepted' where destination = '${payer}'`);
run(`insert into claims (id, state, message_id, ${columns})
  select 'copy-' || n, state, 'H43062600001' || printf('%014d%04d', n, 1), ${columns}
  from claims, copies where destination = '${payer}'`);
run(`insert into claim_items (claim_id, position, settlement_id, step, payer, amount_fen)
  select 'copy-' || n, position, item.settlement_id, step, item.payer, amount_fen
  from claim_items as item join claims on claims.id = item.claim_id, copies
  where claims.destination = '${payer}' and claims.id not like 'copy-%'`);
run('commit');
const claims = run(`select message_id, settlement_id, claimed_fen from claims
  where destination = '${payer}' order by message_id`);
connection.close();

const lines = claims.flatMap((claim, at) => {
  if (at % oneIn === 1) return [];
  const amountFen = Number(claim['claimed_fen']) + (at % oneIn === 2 ? 100 : 0);
  const messageId = String(claim['message_id']);
  const bodyHash = createHash('sha256').update(messageId).digest('hex');
  return [
    JSON.stringify({
      ...{ kind: 'accepted', messageId, payer, settlementId: String(at), claimId: '' },
      ...{ amountFen, day, items: [{ sequence: '1', amountFen }], bodyHash },
      ...{ output: {}, referenceId: '' },
    }),
  ];
});
const payers = await startPayers((home) =>
  writeFile(join(home, 'payers-ledger.jsonl'), `${lines.join('\n')}\n`),
);
const parts = {
  ...{ store, clock: testClock, ids: timeOrderedIds(), claimChannels: ownChannels() },
  folder: { home: store.folder, databaseFile: store.file },
};
const clerk = { userId: 'clerk1', page: 'a bench' };
print('claims here, entries there', `${String(claims.length)}, ${String(lines.length)}`);
for (const turn of ['for the first time', 'again']) {
  const startedAt = performance.now();
  const call = { businessDate: day, payersUrl: payers.url(), payer };
  const { open } = valueOf(await reconcileDay(parts, call, clerk));
  const seconds = (performance.now() - startedAt) / 1000;
  const memory = process.memoryUsage().rss / 1024 / 1024;
  print(
    `reconciled ${turn}`,
    `${seconds.toFixed(1)} s, ${String(open)} differences, ${memory.toFixed(0)} MB`,
  );
}
await payers.end();
await store.remove();
