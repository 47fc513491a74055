import type { Store } from '../database/store.ts';

/** Another program's import is on the screen within this time. */
const lookEveryMs = 700;

/** Calls `onChange` whenever any process changed the data, or nothing may be written any more; the answer stops that. */
export function watchDataVersion(store: Store, onChange: () => void): () => void {
  let stopped = false;
  let known: number | null = null;
  let wasReadingOnly = store.readingOnly() !== null;
  let timer: NodeJS.Timeout | null = null;
  const look = async (): Promise<void> => {
    // A busy database passes; the next look sees whatever changed.
    const version = await store.dataVersion().catch(() => known);
    if (stopped) return;
    const isReadingOnly = store.readingOnly() !== null;
    if ((known !== null && version !== known) || isReadingOnly !== wasReadingOnly) onChange();
    known = version;
    wasReadingOnly = isReadingOnly;
    timer = setTimeout(() => void look(), lookEveryMs);
  };
  void look();
  return () => {
    stopped = true;
    if (timer !== null) clearTimeout(timer);
  };
}
