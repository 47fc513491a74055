/** The settings of the hospital's database, as they are set. */
export const sqlSettingNames = [
  'hospital-sql',
  'hospital-sql-password',
  'hospital-sql-authority',
  'hospital-sql-views',
  'hospital-sql-visits',
  'hospital-sql-lock',
  'hospital-sql-unlock',
] as const;
export type SqlSettingName = (typeof sqlSettingNames)[number];
