import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';

import fastifyStatic from '@fastify/static';
import fastifyWebsocket from '@fastify/websocket';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';

import { pageHeaders } from '../../shared/contracts/page-line.ts';
import type { Application } from '../app/application.ts';
import { contentSecurityPolicy, pageFolder } from '../app/page-files.ts';
import { systemTimer, type Timer } from '../base/timer.ts';
import type { PageSession } from '../security/page-sessions.ts';
import {
  connectionLimits,
  limitConnections,
  type ConnectionLimits,
  type Connections,
} from '../base/connection-limits.ts';
import { asksForWorker, scriptsApart, workerThatEnds } from './foreign-leftovers.ts';
import type { OpeningTokens } from './opening-tokens.ts';
import { PageLines } from './page-lines.ts';
import { PageTurns } from './page-turns.ts';
import { isAddressOfDesk } from './window-address.ts';

/** No call carries more than a few tenders and a reason; anything larger is not the page's. */
const callBytesMax = 64 * 1024;
const linePath = '/api/events';
/** Whose a connection is that opened a page and has not called yet, and whose `stop` and `open` are. */
const newPage = 'a new page';
const theOwner = 'the owner';
/** What a line says: its secret and its page. */
const lineBytesMax = 1024;
/** How often pages whose time is up are looked for, and lines at whose end nobody is. */
const lookAtPagesEveryMs = 60_000;

export type DeskServer = {
  readonly port: number;
  /** How many connections are open. */
  connections(): number;
  /** Ends every connection, whatever state it is in. */
  close(): Promise<void>;
};

export type DeskServerOptions = {
  readonly application: Pick<Application, 'call' | 'subscribe' | 'pageSessions'>;
  readonly tokens: OpeningTokens;
  /** 0: any free port. */
  readonly port: number;
  /** Known only to this folder's owner (run.json): lets `stop` and `open` speak to the desk. */
  readonly ownerSecret: string;
  readonly onStop: () => void;
  readonly limits?: ConnectionLimits;
  readonly timer?: Timer;
};

type Desk = DeskServerOptions & {
  readonly lines: PageLines;
  readonly connections: Connections;
};

/**
 * Serves the page and the contracts on loopback. Every request must name this host (a page elsewhere that
 * resolves its name to loopback is turned away), every call needs its page's secret and our own origin. Whoever is turned
 * away is cut off.
 */
export async function serveDesk(options: DeskServerOptions): Promise<DeskServer> {
  const { application, limits = connectionLimits, timer = systemTimer } = options;
  const http = createServer({
    headersTimeout: limits.headMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.lookEveryMs,
  });
  http.setTimeout(limits.silentMs);
  http.keepAliveTimeout = limits.silentMs;
  const connections = limitConnections(http, limits);
  const scripts = scriptsApart();
  const server = fastify({
    rewriteUrl: ({ url = '/' }) => scripts.asBuilt(url),
    bodyLimit: callBytesMax,
    logger: false,
    forceCloseConnections: true,
    serverFactory: (answer) =>
      http.on('request', (request, response) => {
        if (connections.mayAsk(request.socket, response)) answer(request, response);
      }),
  });
  const lines = new PageLines({
    ...{ timer, firstMessageMs: limits.firstMessageMs, lineAnswerMs: limits.lineAnswerMs },
    find: (secret) => application.pageSessions.find(secret),
  });
  // Before our own checks: what they turn away must end its connection, too.
  await server.register(fastifyWebsocket, { options: { maxPayload: lineBytesMax } });
  /** Until it listens: no port is ours. */
  let ownPort = -1;
  const isOurs = (host: string): boolean => isAddressOfDesk(host, ownPort);
  server.addHook('onRequest', async (request, reply) => {
    if (!isOurs(request.headers.host ?? '')) return turnAway(reply, 403, { error: 'wrong-host' });
    const origin = request.headers.origin;
    const isFromPage = origin?.startsWith('http://') === true && isOurs(origin.slice(7));
    if (origin !== undefined && !isFromPage) {
      return turnAway(reply, 403, { error: 'wrong-origin' });
    }
    if (asksForWorker(request.headers)) {
      reply.header('cache-control', 'no-store').type('text/javascript; charset=utf-8');
      return reply.send(workerThatEnds);
    }
    // There is one line; on any other path a line would be opened and only then be asked to close.
    if (request.headers.upgrade !== undefined && request.url !== linePath) {
      return turnAway(reply, 404, { error: 'no-line' });
    }
    return undefined;
  });
  const desk: Desk = { ...options, lines, connections };
  await servePage(server, scripts.inPage);
  serveCalls(server, desk);
  serveOwner(server, desk);
  const stopListening = [
    application.subscribe((event) => {
      lines.tell(event);
    }),
    application.pageSessions.onEnd((sessionId, reason) => {
      lines.cut(sessionId, reason);
    }),
    application.pageSessions.onNewSecret((sessionId) => {
      lines.proveAnew(sessionId);
    }),
    nowAndThen(timer, lookAtPagesEveryMs, async () => {
      await lines.lookAtLines();
      await application.pageSessions.endOld();
    }),
  ];
  await server.listen({ host: '127.0.0.1', port: options.port });
  const address = server.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  ownPort = port;
  return {
    port,
    connections: () => connections.count(),
    async close() {
      for (const stop of stopListening) stop();
      connections.endAll();
      await server.close();
    },
  };
}

/** Refuses and ends the connection: it has nothing more to say here. */
function turnAway(reply: FastifyReply, status: number, body: object): FastifyReply {
  return reply.code(status).header('connection', 'close').send(body);
}

/** Does something again and again; the answer stops that. */
function nowAndThen(timer: Timer, ms: number, act: () => Promise<void>): () => void {
  let stopTimer: () => void = () => undefined;
  let isStopped = false;
  const wait = (): void => {
    if (isStopped) return;
    stopTimer = timer(ms, () => {
      // What could not be done now is done with the next turn.
      void act()
        .catch(() => undefined)
        .finally(wait);
    });
  };
  wait();
  return () => {
    isStopped = true;
    stopTimer();
  };
}

async function servePage(server: FastifyInstance, inPage: (html: string) => string): Promise<void> {
  const sendIndex = async (
    _request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> => {
    const nonce = randomBytes(16).toString('base64');
    const html = await readFile(join(pageFolder, 'index.html'), 'utf8');
    return reply
      .header('content-security-policy', contentSecurityPolicy(nonce, "'self'"))
      .header('cache-control', 'no-store')
      .header('referrer-policy', 'no-referrer')
      .header('x-content-type-options', 'nosniff')
      .type('text/html; charset=utf-8')
      .send(inPage(html).replaceAll('__CSP_NONCE__', nonce));
  };
  server.get('/', sendIndex);
  server.get('/index.html', sendIndex);
  await server.register(fastifyStatic, { root: pageFolder, index: false, wildcard: true });
}

const sessionBody = z.strictObject({ token: z.string().max(100) });
const callBody = z.strictObject({ input: z.unknown() });

/** A call without our origin did not come from our page. */
function mustComeFromPage(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  if (request.headers.origin !== undefined) done();
  else void turnAway(reply, 403, { error: 'no-origin' });
}

function serveCalls(server: FastifyInstance, desk: Desk): void {
  const { application, connections, lines, tokens } = desk;
  server.post('/api/session', { onRequest: mustComeFromPage }, async (request, reply) => {
    const body = sessionBody.safeParse(request.body);
    if (!body.success || !tokens.redeem(body.data.token)) {
      application.pageSessions.turnAway('opening-token');
      return turnAway(reply, 401, { error: 'no-session' });
    }
    connections.prove(request.raw.socket, newPage);
    const { secret } = await application.pageSessions.open('browser');
    return reply.header('cache-control', 'no-store').send({ secret });
  });
  const pages = new WeakMap<FastifyRequest, PageSession>();
  const turns = new PageTurns();
  const mustBeAPage = async (request: FastifyRequest, reply: FastifyReply) => {
    const secret = headerOf(request, pageHeaders.secret);
    const found = await application.pageSessions.find(secret);
    if (!found.ok) {
      const why = found.ended === null ? {} : { ended: found.ended };
      return turnAway(reply, 401, { error: 'no-session', ...why });
    }
    if (!(await lines.mayAsk(found.session.id, headerOf(request, pageHeaders.page)))) {
      return turnAway(reply, 409, { error: 'another-page' });
    }
    connections.prove(request.raw.socket, found.session.id);
    pages.set(request, found.session);
    return undefined;
  };
  server.post<{ Params: { name: string } }>(
    '/api/call/:name',
    { onRequest: [mustComeFromPage, mustBeAPage] },
    async (request, reply) => {
      const body = callBody.safeParse(request.body);
      const page = pages.get(request);
      if (!body.success || page === undefined) return reply.code(400).send({ error: 'bad-body' });
      const hasWaited = await turns.take(page.id);
      try {
        // Nobody hears the answer any more, so nothing is done for it; and the page may be another's by now, or have ended.
        if (request.raw.socket.destroyed) reply.hijack();
        else if (hasWaited) await mustBeAPage(request, reply);
        const asks = pages.get(request) ?? page;
        if (!reply.sent) return await application.call(request.params.name, body.data.input, asks);
      } finally {
        turns.giveBack(page.id);
      }
      return reply;
    },
  );
  server.get(
    linePath,
    { websocket: true, onRequest: mustComeFromPage },
    (socket, { raw }: FastifyRequest) => {
      lines.take(socket, (sessionId) => {
        connections.prove(raw.socket, sessionId);
      });
    },
  );
}

function headerOf(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}

/** What only the owner of the folder may ask: end the desk, or open one more window. */
function serveOwner(server: FastifyInstance, desk: Desk): void {
  const { application, connections, tokens, ownerSecret, onStop } = desk;
  const expected = digestOf(`Bearer ${ownerSecret}`);
  const mustBeOwner = async (request: FastifyRequest, reply: FastifyReply) => {
    if (timingSafeEqual(digestOf(headerOf(request, 'authorization')), expected)) {
      connections.prove(request.raw.socket, theOwner);
      return undefined;
    }
    application.pageSessions.turnAway('owner-secret');
    return turnAway(reply, 403, { error: 'not-the-owner' });
  };
  server.post('/api/owner/stop', { onRequest: mustBeOwner }, async (_request, reply) => {
    // The answer goes out first, then everything is closed.
    reply.raw.on('finish', onStop);
    return reply.code(202).send({ stopping: true });
  });
  server.post('/api/owner/open', { onRequest: mustBeOwner }, async (_request, reply) =>
    reply.send({ token: tokens.make() }),
  );
}

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();
