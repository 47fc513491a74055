import { connect, type Socket } from 'node:net';

/** A connection of which a test says every byte, as somebody would who does not keep to any rule. */
export type RawConnection = {
  readonly socket: Socket;
  /** All that came back so far. */
  heard(): string;
  write(text: string | Uint8Array): void;
  /** Resolves when it stands. */
  readonly open: Promise<void>;
  /** Resolves when the other side has ended it, with all that came back. */
  readonly closed: Promise<string>;
  /** Resolves when so much came back that it holds this text. */
  hears(text: string): Promise<void>;
  destroy(): void;
};

/** `from`: the address of this machine it comes from; absent: the usual one. */
export function connectRaw(port: number, from?: string): RawConnection {
  const localAddress = from === undefined ? {} : { localAddress: from };
  const socket = connect({ host: '127.0.0.1', port, ...localAddress });
  const parts: Buffer[] = [];
  const heard = (): string => Buffer.concat(parts).toString('latin1');
  const looks = new Set<() => void>();
  socket.on('data', (chunk: Buffer) => {
    parts.push(chunk);
    for (const look of looks) look();
  });
  // A connection that is cut has ended as well.
  socket.on('error', () => undefined);
  const closed = new Promise<string>((resolve) => {
    socket.once('close', () => {
      for (const look of looks) look();
      resolve(heard());
    });
  });
  const open = new Promise<void>((resolve) => {
    socket.once('connect', resolve);
  });
  return {
    socket,
    heard,
    open,
    write: (text) => socket.write(text),
    closed,
    hears: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (heard().includes(text)) resolve();
          else if (socket.closed) reject(new Error(`ended without ${text}: ${heard()}`));
          else return;
          looks.delete(look);
        };
        looks.add(look);
        look();
      }),
    destroy: () => {
      socket.destroy();
    },
  };
}

/** The request for a line of events, as a browser makes it. */
export function lineRequest(port: number, origin: string, path = '/api/events'): string {
  return [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${String(port)}`,
    `Origin: ${origin}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    '',
    '',
  ].join('\r\n');
}

/** A text as one frame of a websocket, masked with nothing. */
export function frameOf(text: string): Uint8Array {
  const payload = Buffer.from(text);
  const length =
    payload.length < 126
      ? Buffer.from([0x80 | payload.length])
      : Buffer.from([0x80 | 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([Buffer.from([0x81]), length, Buffer.alloc(4), payload]);
}
