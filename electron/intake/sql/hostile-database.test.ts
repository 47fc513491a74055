import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

import { afterEach, describe, expect, it } from 'vitest';

import type { Timer } from '../../base/timer.ts';
import { manualTimer } from '../../base/timer.test-support.ts';
import { openDatabaseApart } from './database-apart.ts';
import type { DatabaseAccess, HospitalDatabase } from './hospital-database.ts';

/**
 * What stands at the address of the hospital's database and is none: bytes that the libraries throw at, never come back
 * from, or cannot hold. Each of them ended the program or held it for ever while its thread was the desk's own.
 */

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const short = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};
const long = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const message = (code: string, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(code), long(body.length + 4), body]);
};
const column = Buffer.concat([
  ...[Buffer.from('visit_id\0'), long(0), short(0), long(25), short(-1), long(-1), short(0)],
]);
const columns = message('T', short(1), column);
const row = (text: string): Buffer =>
  message('D', short(1), long(Buffer.byteLength(text)), Buffer.from(text));
const complete = Buffer.concat([
  message('C', Buffer.from('SELECT 1\0')),
  message('Z', Buffer.from('I')),
]);
const startedWell = Buffer.concat([message('R', long(0)), message('Z', Buffer.from('I'))]);

type Hostile = (socket: Socket) => void;

/** Speaks as PostgreSQL does until somebody asks for a view. */
function postgresThat(answerView: Hostile): Hostile {
  return (socket) => {
    let held = Buffer.alloc(0);
    let isStarted = false;
    socket.on('data', (bytes: Buffer) => {
      held = Buffer.concat([held, bytes]);
      for (;;) {
        const head = isStarted ? 1 : 0;
        if (held.length < head + 4) return;
        const end = head + held.readUInt32BE(head);
        if (held.length < end) return;
        const text = held.subarray(head + 4, end).toString();
        const code = isStarted ? String.fromCharCode(held[0] ?? 0) : 'start';
        held = held.subarray(end);
        isStarted = true;
        if (code === 'start') socket.write(startedWell);
        else if (text.includes('sw_visits')) answerView(socket);
        else if (text.includes('server_encoding'))
          socket.write(Buffer.concat([columns, row('UTF8'), complete]));
        else if (code === 'Q') socket.write(complete);
      }
    });
  };
}

async function stand(hostile: Hostile, protocol: DatabaseAccess['protocol'] = 'postgresql') {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    hostile(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  undo.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    ...{ protocol, host: '127.0.0.1', port: address.port, user: 'w', database: 'his' },
    ...{ line: 'plain', password: 'secret', authority: null },
  } as const satisfies DatabaseAccess;
}

const patient = { connectMs: 60_000, statementMs: 60_000 };

async function open(access: DatabaseAccess, timer?: Timer): Promise<HospitalDatabase> {
  const database = await openDatabaseApart(access, patient, timer);
  undo.push(() => database.close());
  return database;
}

const ask = (database: HospitalDatabase) =>
  database.rows({ view: ['sw_visits'], columns: ['visit_id'], most: 2 });

const sound: Hostile = postgresThat((socket) => {
  socket.write(Buffer.concat([columns, row('ZY1'), complete]));
});
/** The next question is answered by a thread that is as good as new. */
async function expectGoesOn(): Promise<void> {
  expect(await ask(await open(await stand(sound)))).toEqual([['ZY1']]);
}

/** Writes as long as anybody takes it. */
function withoutEnd(socket: Socket, piece: Buffer): void {
  while (!socket.destroyed && socket.write(piece));
  if (socket.destroyed) return;
  socket.once('drain', () => {
    withoutEnd(socket, piece);
  });
}

describe(
  'what is no database ends its question, and nothing else',
  { timeout: 20 * 60_000 },
  () => {
    it.each<[string, Buffer]>([
      ['a row of fewer columns than none', message('D', short(-1))],
      ['a view of more columns than are told', message('T', short(32_767))],
      ['a message of a kind that is none', message('R', long(99))],
    ])('%s', async (_what, bytes) => {
      const database = await open(
        await stand(
          postgresThat((socket) => {
            socket.write(Buffer.concat([columns, bytes, complete]));
          }),
        ),
      );
      await expect(ask(database)).rejects.toMatchObject({ fault: 'failed' });
      await expectGoesOn();
    });

    it('an error whose words never end, in which the library turns for ever', async () => {
      const time = manualTimer();
      const sent = Promise.withResolvers<null>();
      const database = await open(
        await stand(
          postgresThat((socket) => {
            socket.write(message('E', Buffer.from('SERROR')), () => {
              sent.resolve(null);
            });
          }),
        ),
        time.timer,
      );
      const asked = ask(database);
      const refused = expect(asked).rejects.toMatchObject({ fault: 'too-slow' });
      await sent.promise;
      time.expire();
      await refused;
      await expectGoesOn();
    });

    it.each<[string, Buffer, Buffer]>([
      ['rows', columns, Buffer.concat(new Array<Buffer>(2000).fill(row('x'.repeat(2000))))],
      [
        'rows of nothing',
        columns,
        Buffer.concat(new Array<Buffer>(60_000).fill(message('D', short(0)))),
      ],
      [
        'one row of four gigabytes',
        Buffer.concat([columns, Buffer.from([0x44, 0xff, 0xff, 0xff, 0xf0])]),
        Buffer.alloc(1024 * 1024, 0x41),
      ],
    ])('%s without end', async (_what, begin, piece) => {
      const database = await open(
        await stand(
          postgresThat((socket) => {
            socket.write(begin);
            withoutEnd(socket, piece);
          }),
        ),
      );
      await expect(ask(database)).rejects.toMatchObject({ fault: 'failed' });
      await expectGoesOn();
    });

    it.each<[string, readonly string[]]>([
      ['more rows than were asked for', ['1', '2', '3']],
      ['a cell of a million characters', ['Z'.repeat(1_000_000)]],
    ])('%s', async (_what, cells) => {
      const database = await open(
        await stand(
          postgresThat((socket) => {
            socket.write(Buffer.concat([columns, ...cells.map(row), complete]));
          }),
        ),
      );
      await expect(ask(database)).rejects.toMatchObject({ fault: 'failed' });
      await expectGoesOn();
    });

    it('a greeting of MariaDB that is cut short', async () => {
      const access = await stand((socket) => {
        socket.write(Buffer.from([1, 0, 0, 0, 10]));
      }, 'mysql');
      await expect(openDatabaseApart(access, patient)).rejects.toMatchObject({
        name: 'HospitalDatabaseError',
      });
      await expectGoesOn();
    });
  },
);
