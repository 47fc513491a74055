/** The device's end of a serial line: taken when it is there, and again whenever it went. */
import { constants, openSync } from 'node:fs';
import { ReadStream, WriteStream } from 'node:tty';

const retryMs = 20;

export type HeldTerminal = {
  /** Sends bytes if the line is there; says whether it is. */
  send(bytes: Uint8Array): boolean;
};

/** Holds the terminal device at `path` until the process ends. */
export function holdTerminal(
  path: string,
  on: { ready(): void; lost(): void; data(bytes: Uint8Array): void },
): HeldTerminal {
  let line: WriteStream | null = null;
  const take = (): void => {
    let descriptor: number;
    try {
      descriptor = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    } catch {
      setTimeout(take, retryMs);
      return;
    }
    const input = new ReadStream(descriptor);
    const output = new WriteStream(descriptor);
    let gone = false;
    const lose = (): void => {
      if (gone) return;
      gone = true;
      line = null;
      input.destroy();
      output.destroy();
      on.lost();
      setTimeout(take, retryMs);
    };
    for (const stream of [input, output]) {
      stream.on('error', lose);
      stream.on('end', lose);
      stream.on('close', lose);
    }
    input.on('data', (bytes: Buffer) => {
      on.data(bytes);
    });
    line = output;
    on.ready();
  };
  take();
  return {
    send(bytes) {
      if (line === null) return false;
      line.write(bytes);
      return true;
    },
  };
}
