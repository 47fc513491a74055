import { join } from 'node:path';

import type { Services } from '../app/services.ts';
import { findingWords } from '../claims/finding-words.ts';
import { claimRefusal } from '../claims/claim-refusals.ts';
import { accepted, refused } from '../../shared/domain/result.ts';
import { textOption, wrongUsage, type Command } from './command.ts';
import { commandOfActs } from './command-of-acts.ts';
import { writeOut } from './write-out.ts';

/** What payers that answer later left for us, and what of it did not fit; one is saved as it came. */
export const returnsCommand: Command = commandOfActs({
  name: 'returns',
  usage: '[list | save RETURN-ID --out DIR] [--as USER]',
  options: { out: { type: 'string' } },
  roles: ['it-clerk', 'supervisor', 'auditor'],
  list: listReturns,
  acts: {
    save: async ({ call, services, about }) => {
      const out = textOption(call, 'out');
      if (out === undefined)
        return wrongUsage('请用 --out 写明存到哪个文件夹。', 'Name the folder with --out.');
      const { store } = services;
      const found = await store.read(({ payerReturns }) => payerReturns.find(about));
      if (found === null) return refused(claimRefusal('return-not-found', { returnId: about }));
      const content = await store.read(({ payerReturns }) => payerReturns.contentOf(about));
      const file = join(call.path(out), `${found.id}-${plainName(found.name)}`);
      const written = await writeOut(file, content, { isNew: true });
      return written.ok ? accepted({ file, kind: found.kind }) : written;
    },
  },
});

/** A payer's name for a file leads nowhere else. */
const plainName = (name: string): string => name.replace(/[^A-Za-z0-9._-]/g, '_').slice(-100);

/** As many as anybody reads on a command line. */
const returnsListedMax = 500;

async function listReturns({ store }: Services): Promise<unknown> {
  return store.read(async ({ payerReturns }) => {
    const listed = [];
    for (const each of await payerReturns.latest(returnsListedMax)) {
      const findings = await payerReturns.findingsOf(each.id);
      listed.push({
        ...each,
        findings: findings.map((finding) => ({ ...finding, message: findingWords(finding) })),
      });
    }
    return listed;
  });
}
