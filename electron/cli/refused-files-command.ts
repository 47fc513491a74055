import type { Services } from '../app/services.ts';
import { incomingFolderOf } from './incoming-folder.ts';
import {
  listRefusedFiles,
  removeRefusedFile,
  retryRefusedFile,
  type RefusedFilesPlace,
} from '../hospital-exchange/refused-files.ts';
import { textOption, type Command } from './command.ts';
import { commandOfActs } from './command-of-acts.ts';

/** Files of the hospital's system that were refused: what is wrong with each; tried again, or deleted. */
export const refusedFilesCommand: Command = commandOfActs({
  name: 'refused-files',
  usage: '[list | retry FILE | remove FILE --reason TEXT] [--as USER]',
  options: { reason: { type: 'string' } },
  roles: ['it-clerk'],
  list: async (services) => {
    const listed = await listRefusedFiles(await placeOf(services), { limit: filesListedMax });
    return listed.ok ? listed.value : { refusal: listed.refusal };
  },
  acts: {
    retry: async ({ services, about, by }) =>
      retryRefusedFile(await placeOf(services), { file: about, by: by().userId }),
    remove: async ({ call, services, about, by }) =>
      removeRefusedFile(await placeOf(services), {
        ...{ file: about, by: by().userId },
        reason: textOption(call, 'reason') ?? '',
      }),
  },
});

/** As many as anybody reads on a command line. */
const filesListedMax = 1000;

/** The folder as it is set; the desk that watches it takes in what is put back. */
async function placeOf(services: Services): Promise<RefusedFilesPlace> {
  const { store, clock } = services;
  return { store, clock, exchange: await incomingFolderOf(services) };
}
