import {
  usualDeadlines,
  type AccountRoutines,
  type DatabaseAccess,
  type Deadlines,
  type HospitalDatabase,
} from './hospital-database.ts';
import { openMysql, openMysqlRoutines } from './mysql-database.ts';
import { openPostgres, openPostgresRoutines } from './postgres-database.ts';

/** Opens a hospital's database; a further protocol is a line here. Rejects with a `HospitalDatabaseError`. */
export type OpenDatabase = (
  access: DatabaseAccess,
  deadlines?: Deadlines,
) => Promise<HospitalDatabase>;

const openers = { postgresql: openPostgres, mysql: openMysql } as const;

export const openDatabase: OpenDatabase = (access, deadlines = usualDeadlines) =>
  openers[access.protocol](access, deadlines);

/** Opens the line for the routines of accounts. Rejects with a `HospitalDatabaseError`. */
export type OpenAccountRoutines = (
  access: DatabaseAccess,
  deadlines: Deadlines,
) => Promise<AccountRoutines>;

const routineOpeners = { postgresql: openPostgresRoutines, mysql: openMysqlRoutines } as const;

export const openAccountRoutines: OpenAccountRoutines = (access, deadlines) =>
  routineOpeners[access.protocol](access, deadlines);
