import { checkServerIdentity, type PeerCertificate } from 'node:tls';

import type { Client, FieldDef } from 'pg';

import {
  HospitalDatabaseError,
  isOfCertificate,
  type AccountRoutines,
  type ColumnKind,
  type DatabaseAccess,
  type DatabaseFault,
  type Deadlines,
  type HospitalDatabase,
} from './hospital-database.ts';
import { quotedView, writeQuery, type Dialect } from './write-query.ts';

/** PostgreSQL and what speaks as it does. */
const dialect: Dialect = {
  quoted: (name) => `"${name.replaceAll('"', '""')}"`,
  asText: (column) => `cast(${column} as text)`,
  byBytes: (column) => `${column} collate "C"`,
  value: (number) => `$${String(number)}`,
  asMarker: (value, kind) => `cast(cast(${value} as text) as ${markerTypes[kind] ?? 'text'})`,
  earlier: (marker, seconds) => `${marker} - interval '${String(seconds)} seconds'`,
};

const markerTypes: Readonly<Partial<Record<ColumnKind, string>>> = {
  whole: 'bigint',
  decimal: 'numeric',
  day: 'date',
  instant: 'timestamp',
};

/** The numbers that the protocol has for its types. */
const kinds: Readonly<Record<number, ColumnKind>> = {
  ...{ 16: 'yes-no', 20: 'whole', 21: 'whole', 23: 'whole', 1700: 'decimal' },
  ...{ 700: 'floating', 701: 'floating', 1082: 'day', 1114: 'instant', 1184: 'instant' },
  ...{ 18: 'text', 19: 'text', 25: 'text', 1042: 'text', 1043: 'text', 705: 'text' },
};

/** Days and times as Chinese clocks say them, amounts in full; nothing can be written. */
const ofReading = [
  "set datestyle to 'ISO, YMD'",
  "set timezone to 'Asia/Shanghai'",
  'set extra_float_digits to 1',
  'set default_transaction_read_only to on',
];

/** A question ends by itself. */
const endingAfter = (statementMs: number): string =>
  [
    `set statement_timeout to ${String(statementMs)}`,
    `set lock_timeout to ${String(statementMs)}`,
  ].join('; ');

/** Connects; rejects with a `HospitalDatabaseError`. The library is loaded here and nowhere before. */
export async function openPostgres(
  access: DatabaseAccess,
  deadlines: Deadlines,
): Promise<HospitalDatabase> {
  const client = await connectTo(access, deadlines);
  try {
    await client.query(ofReading.join('; '));
    const encoding = await client.query<{ server_encoding: string }>('show server_encoding');
    if (encoding.rows[0]?.server_encoding === 'SQL_ASCII')
      throw new HospitalDatabaseError('no-encoding', 'SQL_ASCII');
  } catch (problem) {
    await endOf(client);
    throw faultOf(problem);
  }
  return databaseOn(client);
}

/** The same for the routines of accounts, which write in the hospital's name what the hospital lets them. */
export async function openPostgresRoutines(
  access: DatabaseAccess,
  deadlines: Deadlines,
): Promise<AccountRoutines> {
  const client = await connectTo(access, deadlines);
  return {
    async call(routine, texts) {
      const places = texts.map((_text, at) => dialect.value(at + 1)).join(', ');
      const text = `select ${quotedView(dialect, routine)}(${places})`;
      try {
        const { rows } = await client.query<(string | null)[]>({
          ...{ text, values: [...texts], rowMode: 'array' },
        });
        return rows[0]?.[0] ?? null;
      } catch (problem) {
        throw faultOf(problem);
      }
    },
    close: () => endOf(client),
  };
}

async function connectTo(
  access: DatabaseAccess,
  { connectMs, statementMs }: Deadlines,
): Promise<Client> {
  const { default: pg } = await import('pg');
  const { host, port, user, database, password, authority } = access;
  const verified = {
    rejectUnauthorized: true,
    // The library names no host where it is an address, and then any certificate for this machine would do.
    checkServerIdentity: (_host: string, certificate: PeerCertificate) =>
      checkServerIdentity(host, certificate),
    ...(authority === null ? {} : { ca: authority }),
  };
  const client = new pg.Client({
    ...{ host, port, user, database, password },
    ssl: access.line === 'verified' ? verified : false,
    connectionTimeoutMillis: connectMs,
    // Beyond the server's own limit: a line that is cut says nothing.
    query_timeout: statementMs + connectMs,
    client_encoding: 'UTF8',
    application_name: 'settlement-window',
    // Every value stays the text the server wrote: no day becomes an instant, no amount a float.
    types: { getTypeParser: () => (text: unknown) => text },
  });
  // A line that breaks between two questions must not end the program; the next question finds it out.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(endingAfter(statementMs));
    return client;
  } catch (problem) {
    await endOf(client);
    throw faultOf(problem);
  }
}

function databaseOn(client: Client): HospitalDatabase {
  const ask = async (text: string, values: readonly string[] = []) => {
    try {
      return await client.query<(string | null)[]>({ text, values: [...values], rowMode: 'array' });
    } catch (problem) {
      throw faultOf(problem);
    }
  };
  return {
    async columnsOf(view) {
      const { fields } = await ask(`select * from ${quotedView(dialect, view)} limit 0`);
      return fields.map((field) => ({ name: field.name, kind: kindOf(field) }));
    },
    async rows(wanted) {
      const { text, values } = writeQuery(dialect, wanted);
      return (await ask(text, values)).rows;
    },
    async atOneMoment(work) {
      await ask('begin isolation level repeatable read read only');
      try {
        return await work();
      } finally {
        // What a broken line cannot end has ended with it.
        await ask('rollback').catch(() => undefined);
      }
    },
    async mayWrite(views) {
      const { rows } = await ask(
        `select ${[
          "current_setting('is_superuser') = 'on'",
          ...views.map(
            (_view, at) =>
              `has_table_privilege(to_regclass($${String(at + 1)}), 'insert, update, delete, truncate')`,
          ),
        ].join(' or ')}`,
        views.map((view) => quotedView(dialect, view)),
      );
      return rows[0]?.[0] === 't';
    },
    close: () => endOf(client),
  };
}

const kindOf = ({ dataTypeID }: FieldDef): ColumnKind => kinds[dataTypeID] ?? 'unreadable';

/** A server that hangs is not waited for. */
async function endOf(client: Client): Promise<void> {
  const { stream } = (client as unknown as { connection: { stream: { destroy(): void } } })
    .connection;
  const ended = client.end().catch(() => undefined);
  stream.destroy();
  await ended;
}

const faults: Readonly<Record<string, DatabaseFault>> = {
  ...{ '28P01': 'login-refused', '28000': 'login-refused', '3D000': 'login-refused' },
  ...{
    '42501': 'login-refused',
    '42P01': 'view-missing',
    '42883': 'view-missing',
    '3F000': 'view-missing',
  },
  ...{ '57014': 'too-slow', '55P03': 'too-slow' },
};

function faultOf(problem: unknown): HospitalDatabaseError {
  if (problem instanceof HospitalDatabaseError) return problem;
  const { code = '', message = '' } = problem as { code?: string; message?: string };
  const known = faults[code];
  if (known !== undefined) return new HospitalDatabaseError(known, code);
  if (isOfCertificate(code) || /does not support SSL/.test(message))
    return new HospitalDatabaseError('not-the-server', code === '' ? 'no TLS' : code);
  if (
    /^E[A-Z]+$/.test(code) ||
    /^08|^57P/.test(code) ||
    /terminated|closed|not queryable/.test(message)
  )
    return new HospitalDatabaseError('unreachable', code === '' ? 'closed' : code);
  if (/timeout/i.test(message))
    return /expired|connect/i.test(message)
      ? new HospitalDatabaseError('unreachable', 'timeout')
      : new HospitalDatabaseError('too-slow', 'timeout');
  return new HospitalDatabaseError('failed', code === '' ? 'unknown' : code);
}
