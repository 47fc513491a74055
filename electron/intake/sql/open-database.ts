import {
  usualDeadlines,
  type DatabaseAccess,
  type Deadlines,
  type HospitalDatabase,
} from './hospital-database.ts';
import { openMysql } from './mysql-database.ts';
import { openPostgres } from './postgres-database.ts';

/** Opens a hospital's database; a further protocol is a line here. Rejects with a `HospitalDatabaseError`. */
export type OpenDatabase = (
  access: DatabaseAccess,
  deadlines?: Deadlines,
) => Promise<HospitalDatabase>;

const openers = { postgresql: openPostgres, mysql: openMysql } as const;

export const openDatabase: OpenDatabase = (access, deadlines = usualDeadlines) =>
  openers[access.protocol](access, deadlines);
