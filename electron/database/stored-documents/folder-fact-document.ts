import type { StoredKind } from './stored-kind.ts';

/** Something that the folder remembers of itself: a text, a number, a small object; each reader knows its own. */
export const folderFactDocument: StoredKind<unknown> = {
  id: 'folder-fact',
  name: { zh: '数据文件夹的设置', en: 'setting of the folder' },
  newest: 0,
  steps: [],
  decode: (json) => json,
};
