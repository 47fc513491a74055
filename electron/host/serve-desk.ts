import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import fastifyStatic from '@fastify/static';
import fastifyWebsocket from '@fastify/websocket';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';

import type { Application } from '../app/application.ts';
import { contentSecurityPolicy, pageFolder } from '../app/page-files.ts';
import type { Sessions } from './session.ts';

/** No call carries more than a few tenders and a reason; anything larger is not the page's. */
const callBytesMax = 64 * 1024;

export type DeskServer = { readonly port: number; close(): Promise<void> };

export type DeskServerOptions = {
  readonly application: Application;
  readonly sessions: Sessions;
  /** 0: any free port. */
  readonly port: number;
  /** Known only to this folder's owner (run.json): lets `stop` and `open` speak to the desk. */
  readonly ownerSecret: string;
  readonly onStop: () => void;
};

/**
 * Serves the page and the contracts on loopback. Every request must name this host (a page elsewhere that
 * resolves its name to loopback is turned away), every call needs the session's cookie and our own origin.
 */
export async function serveDesk(options: DeskServerOptions): Promise<DeskServer> {
  const server = fastify({ bodyLimit: callBytesMax, logger: false, forceCloseConnections: true });
  const origins = new Set<string>();
  server.addHook('onRequest', async (request, reply) => {
    if (!origins.has(`http://${request.headers.host ?? ''}`)) {
      return reply.code(403).send({ error: 'wrong-host' });
    }
    const origin = request.headers.origin;
    if (origin !== undefined && !origins.has(origin)) {
      return reply.code(403).send({ error: 'wrong-origin' });
    }
    return undefined;
  });
  await servePage(server);
  await serveCalls(server, options);
  serveOwner(server, options);
  await server.listen({ host: '127.0.0.1', port: options.port });
  const address = server.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  origins.add(`http://127.0.0.1:${String(port)}`);
  origins.add(`http://localhost:${String(port)}`);
  return { port, close: () => server.close() };
}

async function servePage(server: FastifyInstance): Promise<void> {
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
      .send(html.replaceAll('__CSP_NONCE__', nonce));
  };
  server.get('/', sendIndex);
  server.get('/index.html', sendIndex);
  await server.register(fastifyStatic, { root: pageFolder, index: false, wildcard: true });
}

const sessionBody = z.strictObject({ token: z.string().max(100) });
const callBody = z.strictObject({ input: z.unknown() });

async function serveCalls(server: FastifyInstance, options: DeskServerOptions): Promise<void> {
  const { application, sessions } = options;
  const mustHaveSession = async (request: FastifyRequest, reply: FastifyReply) => {
    if (sessions.recognises(request.headers.cookie, new Date())) return undefined;
    return reply.code(401).send({ error: 'no-session' });
  };
  // A call without our origin did not come from our page.
  const mustComeFromPage = async (request: FastifyRequest, reply: FastifyReply) => {
    if (request.headers.origin !== undefined) return undefined;
    return reply.code(403).send({ error: 'no-origin' });
  };
  server.post('/api/session', { preHandler: mustComeFromPage }, async (request, reply) => {
    const body = sessionBody.safeParse(request.body);
    const cookie = body.success ? sessions.redeem(body.data.token, new Date()) : null;
    if (cookie === null) return reply.code(401).send({ error: 'no-session' });
    return reply
      .header(
        'set-cookie',
        `${sessions.cookieName}=${cookie}; HttpOnly; SameSite=Strict; Path=/; Max-Age=57600`,
      )
      .code(204)
      .send();
  });
  server.post<{ Params: { name: string } }>(
    '/api/call/:name',
    { preHandler: [mustComeFromPage, mustHaveSession] },
    async (request, reply) => {
      const body = callBody.safeParse(request.body);
      if (!body.success) return reply.code(400).send({ error: 'bad-body' });
      return application.call(request.params.name, body.data.input, application.operator);
    },
  );
  await server.register(fastifyWebsocket, { options: { maxPayload: 1024 } });
  server.get(
    '/api/events',
    { websocket: true, preHandler: [mustComeFromPage, mustHaveSession] },
    (socket) => {
      const stop = application.subscribe((event) => {
        socket.send(JSON.stringify(event));
      });
      socket.on('close', stop);
      socket.on('error', stop);
    },
  );
}

/** What only the owner of the folder may ask: end the desk, or open one more window. */
function serveOwner(server: FastifyInstance, options: DeskServerOptions): void {
  const mustBeOwner = async (request: FastifyRequest, reply: FastifyReply) => {
    if (request.headers['authorization'] === `Bearer ${options.ownerSecret}`) return undefined;
    return reply.code(403).send({ error: 'not-the-owner' });
  };
  server.post('/api/owner/stop', { preHandler: mustBeOwner }, async (_request, reply) => {
    // The answer goes out first, then everything is closed.
    reply.raw.on('finish', options.onStop);
    return reply.code(202).send({ stopping: true });
  });
  server.post('/api/owner/open', { preHandler: mustBeOwner }, async (_request, reply) =>
    reply.send({ token: options.sessions.newToken() }),
  );
}
