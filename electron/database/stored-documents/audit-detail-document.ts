import { recordIn, type StoredKind } from './stored-kind.ts';

/** The particulars of an audited act: ids and codes by name, other ones for each act. */
export const auditDetailDocument: StoredKind<Readonly<Record<string, unknown>>> = {
  id: 'audit-detail',
  name: { zh: '审计记录', en: 'audit entry' },
  newest: 0,
  steps: [],
  decode: recordIn,
};
