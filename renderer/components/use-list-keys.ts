import { useWindowKeys } from './use-window-keys.ts';

/** What the keys of a page with a list do; each is shown on its button. */
export type ListKeys = {
  readonly back: () => void;
  readonly move: (by: number) => void;
  /** F8: what one mostly does with the chosen row. */
  readonly first: () => void;
  /** F4: the other thing. */
  readonly second: () => void;
};

const acts: Readonly<Record<string, (keys: ListKeys) => void>> = {
  Escape: (keys) => {
    keys.back();
  },
  F4: (keys) => {
    keys.second();
  },
  F8: (keys) => {
    keys.first();
  },
  ArrowDown: (keys) => {
    keys.move(1);
  },
  ArrowUp: (keys) => {
    keys.move(-1);
  },
};

/** Keys of a page with a list, wherever the focus is; in a field the arrows are the field's. */
export function useListKeys(keys: ListKeys): void {
  useWindowKeys((event) => {
    const { key, target, ctrlKey, altKey, metaKey, repeat } = event;
    const act = acts[key];
    if (act === undefined || ctrlKey || altKey || metaKey) return;
    const isArrow = key.startsWith('Arrow');
    if (isArrow && target instanceof HTMLElement && target.closest('input, textarea') !== null)
      return;
    event.preventDefault();
    if (!repeat || isArrow) act(keys);
  });
}
