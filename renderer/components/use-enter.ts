import { useWindowKeys } from './use-window-keys.ts';

/** Enter where no field has it; the page's own Enter waits while a window covers it. null: it does nothing. */
export function useEnter(act: (() => void) | null): void {
  useWindowKeys((event) => {
    if (event.key !== 'Enter') return;
    // The page takes a button's own Enter away, unless somebody has walked to it.
    const pressesButton = event.target instanceof HTMLButtonElement && !event.defaultPrevented;
    // Held down it would press the button that happens to have the focus, again and again.
    if (event.repeat) event.preventDefault();
    else if (!pressesButton) act?.();
  });
}
