import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How many connections may be open, and how long one may take to say what it wants. */
export type ConnectionLimits = {
  /**
   * Of whoever has shown nothing yet, in all. Beyond it one of the address that has most goes for the next one, so that no
   * address takes all places; many, for a page that comes in a storm must be read before it is pushed out.
   */
  readonly unproven: number;
  /** Of one page that showed its secret: six calls at once, its line, and those of before that are not ended yet. */
  readonly provenPerPage: number;
  /** Of all pages and of the folder's owner; beyond it one of the page that has most goes. */
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
  ...{ unproven: 1024, provenPerPage: 16, proven: 256 },
  ...{ requestsAtOnce: 4, requestsInAll: 100 },
  ...{ headMs: 10_000, requestMs: 30_000, silentMs: 120_000, lookEveryMs: 2000 },
  ...{ firstMessageMs: 5000, lineAnswerMs: 20_000 },
};

export type Connections = {
  /** Whether a request is answered; who has asked too much at once is cut off. */
  mayAsk(socket: Socket, response: ServerResponse): boolean;
  /** The connection belongs to a page of ours, or to the folder's owner: newcomers no longer push it out. */
  prove(socket: Socket, whose: string): void;
  /** How many are open. */
  count(): number;
  /** Ends every one, whatever state it is in. */
  endAll(): void;
};

/**
 * Bounds the connections of a server and what each may ask. Whoever comes in while there are too many is let in, and one that
 * has shown nothing goes, of the address that has most of them: so nobody who opens many keeps the desk's own pages out. What
 * a page of ours has open goes for its own next one alone. Who asks and asks on one connection and reads no answer is cut off.
 */
export function limitConnections(server: Server, limits: ConnectionLimits): Connections {
  server.maxRequestsPerSocket = limits.requestsInAll;
  const unproven = new Groups();
  const proven = new Groups();
  const unanswered = new WeakMap<Socket, number>();
  // In the order they asked.
  const asking = new Set<Socket>();
  const end = (socket: Socket | null): void => {
    if (socket === null) return;
    forget(socket);
    socket.destroy();
  };
  const forget = (socket: Socket): void => {
    unproven.delete(socket);
    proven.delete(socket);
    asking.delete(socket);
  };
  server.on('connection', (socket: Socket) => {
    unproven.add(socket, socket.remoteAddress ?? '');
    socket.once('close', () => {
      forget(socket);
    });
    // A broken connection is its own end and nobody's fault.
    socket.on('error', () => {
      socket.destroy();
    });
    if (unproven.size > limits.unproven) end(unproven.leastOfLargest(asking));
  });
  return {
    mayAsk(socket, response) {
      // What came in one piece with what ended it is read on by the system, but no work of ours.
      if (socket.destroyed) return false;
      const count = (unanswered.get(socket) ?? 0) + 1;
      unanswered.set(socket, count);
      asking.add(socket);
      response.once('close', () => {
        const left = (unanswered.get(socket) ?? 1) - 1;
        unanswered.set(socket, left);
        if (left === 0) asking.delete(socket);
      });
      if (count > limits.requestsAtOnce) end(socket);
      return !socket.destroyed;
    },
    prove(socket, whose) {
      if (socket.destroyed || proven.groupOf(socket) === whose) return;
      unproven.delete(socket);
      proven.delete(socket);
      proven.add(socket, whose);
      if (proven.sizeOf(whose) > limits.provenPerPage) end(proven.oldestOf(whose));
      if (proven.size > limits.proven) end(proven.leastOfLargest(asking));
    },
    count: () => unproven.size + proven.size,
    endAll() {
      for (const socket of [...unproven.all(), ...proven.all()]) end(socket);
    },
  };
}

/** Connections by whose they are, each group in the order they came. */
class Groups {
  readonly #groups = new Map<string, Set<Socket>>();
  readonly #groupOf = new Map<Socket, string>();

  get size(): number {
    return this.#groupOf.size;
  }

  sizeOf(group: string): number {
    return this.#groups.get(group)?.size ?? 0;
  }

  groupOf(socket: Socket): string | null {
    return this.#groupOf.get(socket) ?? null;
  }

  add(socket: Socket, group: string): void {
    const sockets = this.#groups.get(group) ?? new Set();
    sockets.add(socket);
    this.#groups.set(group, sockets);
    this.#groupOf.set(socket, group);
  }

  delete(socket: Socket): void {
    const group = this.#groupOf.get(socket);
    if (group === undefined) return;
    this.#groupOf.delete(socket);
    const sockets = this.#groups.get(group);
    sockets?.delete(socket);
    if (sockets?.size === 0) this.#groups.delete(group);
  }

  oldestOf(group: string): Socket | null {
    for (const socket of this.#groups.get(group) ?? []) return socket;
    return null;
  }

  /**
   * The oldest of the largest group that waits for no answer. Where more than half of it wait for one, the first that asked: who
   * asks for much and reads nothing takes no more than half of the places.
   */
  leastOfLargest(asking: ReadonlySet<Socket>): Socket | null {
    let largest: ReadonlySet<Socket> = new Set();
    for (const sockets of this.#groups.values()) {
      if (sockets.size > largest.size) largest = sockets;
    }
    if (asking.size > largest.size / 2) {
      for (const socket of asking) if (largest.has(socket)) return socket;
    }
    for (const socket of largest) if (!asking.has(socket)) return socket;
    return null;
  }

  all(): readonly Socket[] {
    return [...this.#groupOf.keys()];
  }
}
