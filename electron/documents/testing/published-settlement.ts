import { join } from 'node:path';

import type { SettlementInput } from '../../../shared/domain/person.ts';
import { fen } from '../../../shared/money/fen.ts';
import { decide } from '../../../shared/policy/decide.ts';
import { ownPacksFolder } from '../../policy-packs/load-packs.ts';
import { ownPacksReadOnce } from '../../policy-packs/own-packs.test-support.ts';
import { readVisitFile } from '../../policy-packs/read-visit-file.ts';
import type { DocumentFacts } from '../document-facts.ts';

/** How a test changes what is settled, and what is printed of it. */
export type Changes = {
  readonly name?: string;
  readonly depositFen?: number;
  /** A case of the pack, by its file's name. */
  readonly visit?: string;
  readonly facts?: Partial<DocumentFacts>;
};

/** The published stay of 17 days, decided by the real engine with the real pack, as it would be stored. */
export async function publishedSettlement(changes: Changes = {}): Promise<DocumentFacts> {
  const folder = ownPacksFolder();
  const name = changes.visit ?? 'colon-cancer-17-days';
  const file = join(folder, 'pingjiang-2017', '1.0.0', 'cases', `${name}.json`);
  const read = await readVisitFile(file);
  if (!read.ok) throw new Error(read.refusal.message.en);
  const pack = (await ownPacksReadOnce()).find(({ compiled }) => compiled.id === 'pingjiang-2017');
  if (pack === undefined) throw new Error('there is no pack');
  const input = changed(read.value.input, changes);
  const result = decide(pack.compiled, input);
  const { toCollectFen, toRefundFen } = result.due;
  const amountFen = fen(toCollectFen - toRefundFen);
  return {
    settlementId: '0193700c-0000-7000-8000-000000000001',
    number: 'JS20171127-000001',
    settledAt: '2017-11-27T10:15:00.000+08:00',
    settledBy: '张会计',
    businessDate: '2017-11-27',
    cancelled: false,
    input,
    result,
    tenders: amountFen === 0 ? [] : [{ kind: 'cash', amountFen }],
    demo: false,
    copyNumber: 0,
    printedAt: '2017-11-27T10:15:02.000+08:00',
    ...changes.facts,
  };
}

function changed(input: SettlementInput, { name, depositFen }: Changes): SettlementInput {
  const { visit, person } = input;
  return {
    ...input,
    person: { ...person, name: name ?? person.name },
    visit: { ...visit, depositFen: fen(depositFen ?? visit.depositFen) },
  };
}
