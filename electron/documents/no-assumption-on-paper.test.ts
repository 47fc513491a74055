import { dirname } from 'node:path';

import { describe, expect, it } from 'vitest';

import { findPrinterModel } from '../../drivers/receipt-printer/models.ts';
import { fen } from '../../shared/money/fen.ts';
import { whyNot } from '../../shared/policy/choose-pack.ts';
import { decide } from '../../shared/policy/decide.ts';
import { ownPacksReadOnce } from '../policy-packs/own-packs.test-support.ts';
import { prepareCases } from '../policy-packs/prepare-cases.ts';
import type { DocumentFacts } from './document-facts.ts';
import { renderReceipt } from './render-receipt.ts';
import { statementSheet } from './statement-sheet.ts';

const packs = await ownPacksReadOnce();
const model = findPrinterModel('generic-80');
if (model === null) throw new Error('the usual printer is not known');

describe('the paper of a patient', () => {
  it.each(packs.map((pack) => [`${pack.compiled.id}@${pack.compiled.version}`, pack] as const))(
    'says of no case that anything was assumed: %s',
    async (_name, { compiled, file }) => {
      const { cases } = await prepareCases(compiled.document, dirname(file));
      let sheets = 0;
      for (const { input } of cases) {
        if (whyNot(compiled, input) !== null) continue;
        const result = decide(compiled, input);
        const dueFen = fen(result.due.toCollectFen - result.due.toRefundFen);
        const facts: DocumentFacts = {
          ...{ settlementId: 'S', number: 'JS20171127-0001', businessDate: '2017-11-27' },
          ...{ settledAt: '2017-11-27T10:15:00.000+08:00', settledBy: '张会计', cancelled: false },
          ...{ input, result, demo: false, copyNumber: 0 },
          tenders: dueFen === 0 ? [] : [{ kind: 'cash', amountFen: dueFen }],
          printedAt: '2017-11-27T10:15:02.000+08:00',
        };
        const sheet = statementSheet(facts);
        const slip = renderReceipt(facts, model);
        if (!sheet.ok || !slip.ok) throw new Error('a case does not foot');
        const said = /.{0,20}(?:假定|※|assum).{0,20}/u;
        expect(said.exec(JSON.stringify(sheet.value))?.[0]).toBeUndefined();
        expect(said.exec(slip.value.svg)?.[0]).toBeUndefined();
        sheets += 1;
      }
      expect(sheets).toBeGreaterThan(0);
    },
  );
});
