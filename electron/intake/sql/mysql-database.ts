import { isIP } from 'node:net';

import type { Connection, FieldPacket, QueryOptions, RowDataPacket } from 'mysql2/promise';

import {
  HospitalDatabaseError,
  isOfCertificate,
  type AccountRoutines,
  type Cell,
  type ColumnKind,
  type DatabaseAccess,
  type DatabaseFault,
  type Deadlines,
  type HospitalDatabase,
} from './hospital-database.ts';
import { quotedView, writeQuery, type Dialect } from './write-query.ts';

/** MySQL and MariaDB. */
const dialect: Dialect = {
  quoted: (name) => `\`${name.replaceAll('`', '``')}\``,
  asText: (column) => `cast(${column} as char)`,
  byBytes: (column) => `cast(convert(${column} using utf8mb4) as binary)`,
  value: () => '?',
  asMarker: (value, kind) => `cast(${value} as ${markerTypes[kind] ?? 'char'})`,
  earlier: (marker, seconds) => `${marker} - interval ${String(seconds)} second`,
};

const markerTypes: Readonly<Partial<Record<ColumnKind, string>>> = {
  // A text compared with a number would become a float.
  whole: 'signed',
  decimal: 'decimal(65, 10)',
  day: 'date',
  instant: 'datetime(6)',
};

/** The numbers that the protocol has for its types. */
const kinds: Readonly<Record<number, ColumnKind>> = {
  ...{ 1: 'whole', 2: 'whole', 3: 'whole', 8: 'whole', 9: 'whole', 13: 'whole' },
  ...{ 0: 'decimal', 246: 'decimal', 4: 'floating', 5: 'floating', 16: 'yes-no' },
  ...{ 10: 'day', 14: 'day', 7: 'instant', 12: 'instant', 17: 'instant', 18: 'instant' },
  ...{ 15: 'text', 253: 'text', 254: 'text', 247: 'text', 248: 'text' },
  // Long texts and bytes share these; the character set tells them apart.
  ...{ 249: 'text', 250: 'text', 251: 'text', 252: 'text' },
};
/** The character set of bytes that are no text. */
const bytesOnly = 63;

const writing = [
  ...['INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'ALTER', 'INDEX', 'TRIGGER', 'EXECUTE'],
  ...['CREATE VIEW', 'CREATE ROUTINE', 'ALTER ROUTINE', 'FILE', 'SUPER', 'CREATE USER', 'EVENT'],
];

/** Connects; rejects with a `HospitalDatabaseError`. The library is loaded here and nowhere before. */
export async function openMysql(
  access: DatabaseAccess,
  deadlines: Deadlines,
): Promise<HospitalDatabase> {
  const connection = await connectTo(access, deadlines);
  const database = databaseOn(connection, deadlines.statementMs + deadlines.connectMs);
  try {
    await connection.query('set session transaction read only');
  } catch (problem) {
    await database.close();
    throw faultOf(problem);
  }
  return database;
}

/** The same for the routines of accounts, which write in the hospital's name what the hospital lets them. */
export async function openMysqlRoutines(
  access: DatabaseAccess,
  deadlines: Deadlines,
): Promise<AccountRoutines> {
  const connection = await connectTo(access, deadlines);
  const timeout = deadlines.statementMs + deadlines.connectMs;
  return {
    async call(routine, texts) {
      const places = texts.map(() => '?').join(', ');
      const sql = `call ${quotedView(dialect, routine)}(${places})`;
      try {
        const [answer] = await connection.query({ sql, values: [...texts], timeout });
        return firstCellOf(answer);
      } catch (problem) {
        throw faultOf(problem);
      }
    },
    close() {
      connection.destroy();
      return Promise.resolve();
    },
  };
}

/** What a procedure selects comes as the rows of each of its selects, with a last part that has none; it may select nothing. */
function firstCellOf(answer: unknown): Cell {
  const [rows] = Array.isArray(answer) ? (answer as unknown[]) : [];
  const [row] = Array.isArray(rows) ? (rows as unknown[]) : [];
  const [cell] = Array.isArray(row) ? (row as unknown[]) : [];
  return typeof cell === 'string' ? cell : null;
}

async function connectTo(
  access: DatabaseAccess,
  { connectMs, statementMs }: Deadlines,
): Promise<Connection> {
  // The library names no host to TLS where it is an address, and then any certificate for this machine would do.
  if (access.line === 'verified' && isIP(access.host) !== 0)
    throw new HospitalDatabaseError('not-the-server', 'an address is no name');
  const mysql = await import('mysql2/promise');
  const { host, port, user, database, password, authority } = access;
  const verified = {
    rejectUnauthorized: true,
    verifyIdentity: true,
    minVersion: 'TLSv1.2',
    ...(authority === null ? {} : { ca: authority }),
  };
  let connection: Connection;
  try {
    connection = await mysql.createConnection({
      ...{ host, port, user, database, password },
      ...(access.line === 'verified' ? { ssl: verified } : {}),
      connectTimeout: connectMs,
      charset: 'utf8mb4',
      rowsAsArray: true,
      disableEval: true,
      // A server may not ask for files of this machine.
      flags: ['-LOCAL_FILES'],
      // Every value stays the text the server wrote: no day becomes an instant, no amount a float.
      typeCast: textOf,
    });
  } catch (problem) {
    throw faultOf(problem);
  }
  // A line that breaks between two questions must not end the program; the next question finds it out.
  connection.on('error', () => undefined);
  try {
    await startSession(connection, statementMs);
  } catch (problem) {
    connection.destroy();
    throw faultOf(problem);
  }
  return connection;
}

async function startSession(connection: Connection, statementMs: number): Promise<void> {
  await connection.query("set session time_zone = '+08:00'");
  // The library escapes values with backslashes: a server's habit of taking those as signs would open every text.
  await connection.query("set session sql_mode = 'STRICT_ALL_TABLES'");
  // MariaDB counts in seconds and MySQL in milliseconds, each under a name of its own.
  const seconds = String(statementMs / 1000);
  await connection
    .query(`set session max_statement_time = ${seconds}`)
    .catch(() => connection.query(`set session max_execution_time = ${String(statementMs)}`));
}

function databaseOn(connection: Connection, questionMs: number): HospitalDatabase {
  const ask = async (
    sql: string,
    values: readonly string[] = [],
  ): Promise<readonly [readonly Cell[][], readonly FieldPacket[]]> => {
    const options: QueryOptions = { sql, values: [...values], timeout: questionMs };
    try {
      const [rows, fields] = await connection.query<RowDataPacket[][]>(options);
      return [rows as unknown as readonly Cell[][], fields];
    } catch (problem) {
      throw faultOf(problem);
    }
  };
  return {
    async columnsOf(view) {
      const [, fields] = await ask(`select * from ${quotedView(dialect, view)} limit 0`);
      return fields.map((field) => ({ name: field.name, kind: kindOf(field) }));
    },
    async rows(wanted) {
      const { text, values } = writeQuery(dialect, wanted);
      return (await ask(text, values))[0];
    },
    async atOneMoment(work) {
      await ask('start transaction with consistent snapshot, read only');
      try {
        return await work();
      } finally {
        // What a broken line cannot end has ended with it.
        await ask('rollback').catch(() => undefined);
      }
    },
    async mayWrite() {
      // The server shows a user its own rights alone.
      const [rows] = await ask(
        `select privilege_type from information_schema.user_privileges
         union select privilege_type from information_schema.schema_privileges
         union select privilege_type from information_schema.table_privileges`,
      );
      return rows.some(([right]) => writing.includes(right ?? ''));
    },
    close() {
      // A server that hangs is not waited for.
      connection.destroy();
      return Promise.resolve();
    },
  };
}

type ServersCell = { readonly type: string; string(): string | null; buffer(): Buffer | null };

function textOf(cell: ServersCell): Cell {
  if (cell.type !== 'BIT') return cell.string();
  const bytes = cell.buffer();
  return bytes === null ? null : String(bytes.readUIntBE(0, Math.min(bytes.length, 6)));
}

function kindOf({ columnType = -1, characterSet }: FieldPacket): ColumnKind {
  const kind = kinds[columnType] ?? 'unreadable';
  return kind === 'text' && characterSet === bytesOnly ? 'unreadable' : kind;
}

const faults: Readonly<Record<string, DatabaseFault>> = {
  ...{ ER_ACCESS_DENIED_ERROR: 'login-refused', ER_DBACCESS_DENIED_ERROR: 'login-refused' },
  ...{ ER_ACCESS_DENIED_NO_PASSWORD_ERROR: 'login-refused', ER_BAD_DB_ERROR: 'login-refused' },
  ...{ ER_NOT_SUPPORTED_AUTH_MODE: 'login-refused', ER_TABLEACCESS_DENIED_ERROR: 'login-refused' },
  ...{ ER_PROCACCESS_DENIED_ERROR: 'login-refused', ER_SP_DOES_NOT_EXIST: 'view-missing' },
  ...{ ER_NO_SUCH_TABLE: 'view-missing', ER_QUERY_TIMEOUT: 'too-slow' },
  ...{ ER_STATEMENT_TIMEOUT: 'too-slow', PROTOCOL_SEQUENCE_TIMEOUT: 'too-slow' },
  ...{ ER_LOCK_WAIT_TIMEOUT: 'too-slow', HANDSHAKE_NO_SSL_SUPPORT: 'not-the-server' },
};

const statementTimeout = 1969;

function faultOf(problem: unknown): HospitalDatabaseError {
  if (problem instanceof HospitalDatabaseError) return problem;
  const {
    code = '',
    message = '',
    errno,
  } = problem as { code?: string; message?: string; errno?: number };
  // MariaDB's own number, which the library has no name for.
  const known = errno === statementTimeout ? 'too-slow' : faults[code];
  if (known !== undefined) return new HospitalDatabaseError(known, code);
  if (isOfCertificate(code)) return new HospitalDatabaseError('not-the-server', code);
  if (/^E[A-Z]+$/.test(code) || code.startsWith('PROTOCOL_') || /closed state/.test(message))
    return new HospitalDatabaseError('unreachable', code === '' ? 'closed' : code);
  return new HospitalDatabaseError('failed', code === '' ? 'unknown' : code);
}
