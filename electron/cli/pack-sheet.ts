import { extname } from 'node:path';

import type { Services } from '../app/services.ts';
import { shanghaiInstant } from '../base/clock.ts';
import { whyNot, writeNewWhole } from '../base/foreign-folder.ts';
import { startDocumentMaker } from '../documents/document-maker.ts';
import { readablePolicy } from '../ipc/readable-policy.ts';
import type { LoadedPack } from '../policy-packs/load-packs.ts';
import { done, refusedWith, type CommandAnswer } from './command.ts';
import { commandRefusal } from './command-refusals.ts';

/** The sheet of a pack that is signed, as a PDF in a new file. */
export async function writePackSheet(
  services: Services,
  pack: LoadedPack,
  file: string,
): Promise<CommandAnswer> {
  if (extname(file).toLowerCase() !== '.pdf')
    return refusedWith(commandRefusal('wrong-file-ending', { file, endings: '.pdf' }));
  const pdf = await sheetOf(services, pack);
  try {
    await writeNewWhole(file, pdf, { mode: 0o600 });
  } catch (problem) {
    return refusedWith(commandRefusal('cannot-write-file', { file, why: whyNot(problem) }));
  }
  const { id, version } = pack.compiled;
  return done({ id, version, fingerprint: pack.whole, file, bytes: pdf.length });
}

async function sheetOf(services: Services, pack: LoadedPack): Promise<Uint8Array> {
  const maker = startDocumentMaker();
  try {
    return await maker.packSheet({
      pack: await readablePolicy(services, pack, ''),
      hospital: services.hospital.name,
      demo: services.folder.kind === 'demo',
      printedAt: shanghaiInstant(services.clock.now()),
    });
  } finally {
    await maker.close();
  }
}
