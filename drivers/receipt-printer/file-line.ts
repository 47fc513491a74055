import { open } from 'node:fs/promises';

import { LineOpenError, type LineOpener } from '../transport/port.ts';

/**
 * A printer behind a file: `/dev/usb/lp0`, a queue's pipe, or a plain file that collects slips. It only
 * takes bytes; whether they reached paper cannot be asked.
 */
export function fileLine(path: string): LineOpener {
  return {
    name: path,
    async open() {
      const file = await open(path, 'a').catch((error: unknown) => {
        throw new LineOpenError({ code: 'absent', detail: String(error) });
      });
      return {
        write: async (bytes) => {
          await file.writeFile(bytes);
        },
        close: async () => {
          // A device has nothing to be synced and says so; a plain file keeps its slips over a power cut.
          await file.sync().catch(() => undefined);
          await file.close();
        },
      };
    },
  };
}
