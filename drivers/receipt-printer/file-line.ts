import { constants } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';

import { LineOpenError, type LineOpener } from '../transport/port.ts';

/**
 * A printer behind a file: `/dev/usb/lp0`, a queue's pipe, or a plain file that collects slips. It only
 * takes bytes; whether they reached paper cannot be asked. What the system never answers (a pipe that nobody reads any
 * more) holds one of the few threads that all files of the program share: so one call at most waits, and the next
 * document fails at once.
 */
export function fileLine(path: string): LineOpener {
  let unanswered = 0;
  const asked = async <Value>(act: () => Promise<Value>): Promise<Value> => {
    unanswered += 1;
    try {
      return await act();
    } finally {
      unanswered -= 1;
    }
  };
  return {
    name: path,
    async open() {
      if (unanswered > 0)
        throw new LineOpenError({ code: 'timeout', detail: 'takes no bytes of the one before' });
      const file = await asked(() => openToAppend(path)).catch((error: unknown) => {
        throw new LineOpenError({ code: 'absent', detail: String(error) });
      });
      return {
        write: (bytes) => asked(() => file.writeFile(bytes)),
        close: () =>
          asked(async () => {
            // A device has nothing to be synced and says so; a plain file keeps its slips over a power cut.
            await file.sync().catch(() => undefined);
            await file.close();
          }),
      };
    },
  };
}

/** A pipe without a reader is refused and not waited for. */
async function openToAppend(path: string): Promise<FileHandle> {
  const known = constants as Partial<typeof constants>;
  const isPipe = await stat(path).then(
    (facts) => facts.isFIFO(),
    () => false,
  );
  if (!isPipe) return open(path, 'a');
  const look = await open(path, constants.O_WRONLY | (known.O_NONBLOCK ?? 0));
  try {
    return await open(path, constants.O_WRONLY);
  } finally {
    await look.close();
  }
}
