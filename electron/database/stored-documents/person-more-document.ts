import { recordIn, type StoredKind } from './stored-kind.ts';

/** The fields of a person that have no column of their own. */
export const personMoreDocument: StoredKind<Readonly<Record<string, unknown>>> = {
  id: 'person-more',
  name: { zh: '人员的其他信息', en: 'further fields of person' },
  newest: 0,
  steps: [],
  decode: recordIn,
};
