import { SamVModule, type SimulatedCard } from './sam-v-module.ts';

/** The whole frame with which a module answers the reading of this card. */
export async function readAnswerOf(card: SimulatedCard): Promise<Uint8Array> {
  let last = new Uint8Array();
  const module = new SamVModule((bytes) => {
    last = Uint8Array.from(bytes);
  });
  module.place(card);
  for (const command of readingCommands) module.receive(Buffer.from(command, 'hex'));
  await new Promise((resolve) => setImmediate(resolve));
  return last;
}

/** Find, select, read. */
const readingCommands = ['aaaaaa96690003200122', 'aaaaaa96690003200221', 'aaaaaa96690003300132'];
