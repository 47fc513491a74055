import { extname } from 'node:path';

import { columnsOfTemplate, templateBytes, templateKinds } from '../intake/template-form.ts';
import { commandRefusal } from './command-refusals.ts';
import { done, refusedWith, textOption, wrongUsage, type Command } from './command.ts';
import { writeOut } from './write-out.ts';

/** Writes a workbook to be filled in for `import`, `import-persons` or `import-cards`. */
export const templateCommand: Command = {
  name: 'template',
  usage: 'visits|persons|cards --out FILE.xlsx',
  options: { out: { type: 'string' } },
  words: [1, 1],
  roles: 'anyone',
  folder: 'none',
  run: async (call) => {
    const kind = templateKinds.find((known) => known === call.words[0]);
    const out = textOption(call, 'out');
    if (kind === undefined || out === undefined) {
      return wrongUsage(
        '请写 visits、persons 或 cards，并用 --out 写明文件。',
        'Say visits, persons or cards, and name the file with --out.',
      );
    }
    if (extname(out).toLowerCase() !== '.xlsx') {
      return refusedWith(commandRefusal('wrong-file-ending', { file: out, endings: '.xlsx' }));
    }
    const written = await writeOut(call.path(out), await templateBytes(kind));
    if (!written.ok) return refusedWith(written.refusal);
    return done({ file: out, kind, columns: columnsOfTemplate(kind).map(({ zh }) => zh) });
  },
};
