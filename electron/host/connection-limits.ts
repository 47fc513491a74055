import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How many connections may be open, and how long one may take to say what it wants. */
export type ConnectionLimits = {
  /** From one address, and in all, of whoever has shown nothing yet; the oldest goes for the next one. */
  readonly unprovenPerAddress: number;
  readonly unproven: number;
  /** Of pages that showed their secret: six calls at once and a line for each of some windows. */
  readonly proven: number;
  /** Requests that wait for their answers on one connection: a browser asks the next when it has the answer. */
  readonly requestsAtOnce: number;
  /** Requests of one connection, then it ends and a browser opens another: no connection brings work without end. */
  readonly requestsInAll: number;
  /** A request's head, and all of it, in milliseconds. */
  readonly headMs: number;
  readonly requestMs: number;
  /** Nothing goes either way for so long: it reads nothing of its answer, or is gone. */
  readonly silentMs: number;
  /** How often heads and requests are looked at. */
  readonly lookEveryMs: number;
  /** A line has so long to say whose it is. */
  readonly firstMessageMs: number;
  /** A line that does not answer for so long is gone. */
  readonly lineAnswerMs: number;
};

export const connectionLimits: ConnectionLimits = {
  ...{ unprovenPerAddress: 64, unproven: 128, proven: 128 },
  ...{ requestsAtOnce: 4, requestsInAll: 100 },
  ...{ headMs: 10_000, requestMs: 30_000, silentMs: 120_000, lookEveryMs: 2000 },
  ...{ firstMessageMs: 5000, lineAnswerMs: 20_000 },
};

export type Connections = {
  /** Whether a request is answered; who has asked too much at once is cut off. */
  mayAsk(socket: Socket, response: ServerResponse): boolean;
  /** The connection belongs to a page of ours: newcomers no longer push it out. */
  prove(socket: Socket): void;
  /** How many are open. */
  count(): number;
  /** Ends every one, whatever state it is in. */
  endAll(): void;
};

/**
 * Bounds the connections of a server and what each may ask. Whoever comes in while there are too many is let in, and the
 * oldest that has shown nothing goes: so nobody who opens many keeps the desk's own pages out. Who asks and asks on one
 * connection and reads no answer is cut off.
 */
export function limitConnections(server: Server, limits: ConnectionLimits): Connections {
  server.maxRequestsPerSocket = limits.requestsInAll;
  // In the order they came.
  const unproven = new Set<Socket>();
  const proven = new Set<Socket>();
  const addressOf = new WeakMap<Socket, string>();
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    addressOf.set(socket, address);
    unproven.add(socket);
    socket.once('close', () => {
      unproven.delete(socket);
      proven.delete(socket);
    });
    // A broken connection is its own end and nobody's fault.
    socket.on('error', () => {
      socket.destroy();
    });
    const same = [...unproven].filter((each) => addressOf.get(each) === address);
    if (same.length > limits.unprovenPerAddress) end(same[0]);
    if (unproven.size > limits.unproven) end(first(unproven));
  });
  const end = (socket: Socket | undefined): void => {
    if (socket === undefined) return;
    unproven.delete(socket);
    proven.delete(socket);
    socket.destroy();
  };
  const unanswered = new WeakMap<Socket, number>();
  return {
    mayAsk(socket, response) {
      // What came in one piece with what ended it is read on by the system, but no work of ours.
      if (socket.destroyed) return false;
      const count = (unanswered.get(socket) ?? 0) + 1;
      unanswered.set(socket, count);
      response.once('close', () => {
        unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1);
      });
      if (count > limits.requestsAtOnce) end(socket);
      return !socket.destroyed;
    },
    prove(socket) {
      if (!unproven.delete(socket)) return;
      proven.add(socket);
      if (proven.size > limits.proven) end(first(proven));
    },
    count: () => unproven.size + proven.size,
    endAll() {
      for (const socket of [...unproven, ...proven]) end(socket);
    },
  };
}

function first<Value>(values: Iterable<Value>): Value | undefined {
  for (const value of values) return value;
  return undefined;
}
