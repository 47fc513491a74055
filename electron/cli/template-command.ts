import { extname } from 'node:path';

import { columnsOfTemplate, templateBytes, templateKinds } from '../intake/template-form.ts';
import { remittanceColumns } from '../reconciliation/remittance-columns.ts';
import { remittanceFormBytes } from '../reconciliation/remittance-form.ts';
import { commandRefusal } from './command-refusals.ts';
import { done, refusedWith, textOption, wrongUsage, type Command } from './command.ts';
import { writeOut } from './write-out.ts';

/** Writes a workbook to be filled in for `import`, `import-persons`, `import-cards` or `remit`. */
export const templateCommand: Command = {
  name: 'template',
  usage: 'visits|persons|cards|remittances --out FILE.xlsx',
  options: { out: { type: 'string' } },
  words: [1, 1],
  roles: 'anyone',
  folder: 'none',
  run: async (call) => {
    const kind = [...templateKinds, 'remittances' as const].find(
      (known) => known === call.words[0],
    );
    const out = textOption(call, 'out');
    if (kind === undefined || out === undefined) {
      return wrongUsage(
        '请写 visits、persons、cards 或 remittances，并用 --out 写明文件。',
        'Say visits, persons, cards or remittances, and name the file with --out.',
      );
    }
    if (extname(out).toLowerCase() !== '.xlsx') {
      return refusedWith(commandRefusal('wrong-file-ending', { file: out, endings: '.xlsx' }));
    }
    const bytes = await (kind === 'remittances' ? remittanceFormBytes() : templateBytes(kind));
    const written = await writeOut(call.path(out), bytes);
    if (!written.ok) return refusedWith(written.refusal);
    const columns: readonly { readonly zh: string }[] =
      kind === 'remittances' ? remittanceColumns : columnsOfTemplate(kind);
    return done({ file: out, kind, columns: columns.map(({ zh }) => zh) });
  },
};
