/**
 * What the page keeps with its tab. A browser may let it keep nothing, or no more (somebody else's page may have filled the
 * storage of this address): then it is kept for as long as the page is there, and nothing is thrown.
 */
export type TabStorage = {
  readonly get: (name: string) => string | null;
  /** False: a page that is loaded anew finds it not. */
  readonly set: (name: string, text: string) => boolean;
  readonly remove: (name: string) => void;
};

/** Where the browser keeps the secret of this page: not sent by itself, and gone with the tab. */
export const secretName = 'settlement-window-secret';
const owedLockName = 'settlement-window-owes-lock';

export function tabStorage(): TabStorage {
  const here = new Map<string, string>();
  const tried = <Answer>(act: () => Answer, otherwise: Answer): Answer => {
    try {
      return act();
    } catch {
      return otherwise;
    }
  };
  return {
    get: (name) => here.get(name) ?? tried(() => sessionStorage.getItem(name), null),
    set(name, text) {
      here.set(name, text);
      return tried(() => {
        sessionStorage.setItem(name, text);
        return true;
      }, false);
    },
    remove(name) {
      here.delete(name);
      tried(() => {
        sessionStorage.removeItem(name);
      }, undefined);
    },
  };
}

/** Whether the program has still to hear of a lock; where it is kept, a page that is loaded anew knows it, too. */
export type OwedLock = { readonly get: () => boolean; readonly set: (owed: boolean) => void };

/**
 * Kept with the tab, as the secret of its page is. Where it cannot be, the tab keeps no secret either until the program has
 * heard of the lock: who loads the page anew before that is not let in at all, and not as who sat there.
 */
export function lockOwedByTab(storage: TabStorage): OwedLock {
  let withheld: string | null = null;
  return {
    get: () => storage.get(owedLockName) !== null,
    set(owed) {
      if (!owed) {
        storage.remove(owedLockName);
        if (withheld !== null) storage.set(secretName, withheld);
        withheld = null;
        return;
      }
      if (storage.set(owedLockName, 'yes')) return;
      withheld ??= storage.get(secretName);
      storage.remove(secretName);
    },
  };
}
