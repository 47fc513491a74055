import { createConnection, type Socket } from 'node:net';

import { LineOpenError, type LineEvents, type LineFault, type LineOpener } from './port.ts';
import type { OpenLine } from './port.ts';

export type TcpLineSettings = { readonly host: string; readonly port: number };

/**
 * A line over TCP, as a network printer offers it on port 9100. A write is answered when the operating
 * system has taken the bytes: that they left this machine, not that the device has them.
 */
export function tcpLine(settings: TcpLineSettings): LineOpener {
  return {
    name: `${settings.host}:${String(settings.port)}`,
    async open(events) {
      const socket = await connect(settings);
      return serve(socket, events);
    },
  };
}

/** Bounded by whoever calls it: a host that drops packets would answer only after minutes. */
function connect(settings: TcpLineSettings): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: settings.host, port: settings.port, noDelay: true });
    const fail = (error: Error): void => {
      socket.destroy();
      reject(new LineOpenError(faultOf(error)));
    };
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.off('error', fail);
      resolve(socket);
    });
  });
}

function serve(socket: Socket, events: LineEvents): OpenLine {
  socket.on('data', (bytes: Buffer) => {
    events.data(bytes);
  });
  // Without a listener for 'error' the process would end.
  socket.on('error', (error) => {
    events.gone(error.message);
  });
  socket.on('end', () => {
    events.gone('the other side hung up');
  });
  socket.on('close', () => {
    events.gone('closed');
  });
  return {
    write: (bytes) => write(socket, bytes),
    close: () => close(socket),
  };
}

function write(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(bytes, (error) => {
      if (error === null || error === undefined) resolve();
      else reject(error);
    });
  });
}

/** Says goodbye in order, so that what was written still arrives, and frees the handle in any case. */
function close(socket: Socket): Promise<void> {
  if (socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const giveUp = setTimeout(() => {
      socket.destroy();
    }, goodbyeMs);
    socket.once('close', () => {
      clearTimeout(giveUp);
      resolve();
    });
    socket.end();
  });
}

/** How long the other side may take to hang up too; a printer that keeps the line open is cut off. */
const goodbyeMs = 500;

function faultOf(error: Error): LineFault {
  const detail = error.message;
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EACCES' || code === 'EPERM') return { code: 'forbidden', detail };
  if (code === 'ETIMEDOUT') return { code: 'timeout', detail };
  return { code: 'absent', detail };
}
