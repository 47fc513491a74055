import { recordIn, type StoredKind } from './stored-kind.ts';

/** What the hospital's system is given of a settlement or a cancellation, as the file will hold it. */
export const hospitalFileDocument: StoredKind<Readonly<Record<string, unknown>>> = {
  id: 'hospital-file',
  name: { zh: '交给医院系统的文件', en: 'file for the hospital’s system' },
  newest: 0,
  steps: [],
  decode: recordIn,
};
