import { useLayoutEffect, useRef } from 'react';

import type { Moment } from '../../components/moment.ts';
import { useWindowKeys } from '../../components/use-window-keys.ts';
import { keyAct, type KeyAct } from './key-act.ts';

/** An Enter so soon after characters that went nowhere was not meant for the filled button. */
const afterCharactersMs = 300;

/** Keys belong to the desk wherever the focus is: nobody at a counter clicks into a page first. */
export function useDeskKeys(
  active: boolean,
  moment: Moment,
  onKey: (act: KeyAct) => void,
  onPaste: (text: string) => void,
): void {
  // Who walks with Tab means the button walked to; after a click Enter is the filled button again.
  const walking = useRef(false);
  const lastCharacterAtMs = useRef(Number.NEGATIVE_INFINITY);
  useWindowKeys((event) => {
    if (!active) return;
    if (event.key === 'Tab') walking.current = true;
    const onButton = event.target instanceof HTMLButtonElement;
    if (event.key === 'Enter' && walking.current && onButton && !event.repeat) return;
    const inField = event.target instanceof HTMLInputElement;
    const modified = event.ctrlKey || event.altKey || event.metaKey;
    const { key, repeat } = event;
    // A scanner too slow to be told from a person still ends with Enter: nobody types and confirms so fast.
    const isStray =
      key === 'Enter' &&
      event.timeStamp - lastCharacterAtMs.current < afterCharactersMs &&
      !inField;
    if (!inField && !modified && Array.from(key).length === 1)
      lastCharacterAtMs.current = event.timeStamp;
    if (isStray) {
      event.preventDefault();
      return;
    }
    const act = keyAct({ key, repeat, modified, inField }, moment);
    // The browser's own F-keys (reload, find, menu) and a focused button's Enter stay out of it.
    if (act !== null && act !== 'type-to-find') event.preventDefault();
    else if (/^F\d+$/.test(key) && key !== 'F12') event.preventDefault();
    else if (key === 'Enter' && !inField) event.preventDefault();
    if (act !== null) onKey(act);
  });
  const latest = useRef({ active, moment, onPaste });
  useLayoutEffect(() => {
    latest.current = { active, moment, onPaste };
  });
  useLayoutEffect(() => {
    const point = (): void => {
      walking.current = false;
    };
    const paste = (event: ClipboardEvent): void => {
      if (!latest.current.active) return;
      if (event.target instanceof HTMLInputElement || latest.current.moment !== 'waiting') return;
      const pasted = event.clipboardData?.getData('text').trim() ?? '';
      if (pasted !== '') latest.current.onPaste(pasted);
    };
    window.addEventListener('paste', paste);
    window.addEventListener('pointerdown', point);
    return () => {
      window.removeEventListener('paste', paste);
      window.removeEventListener('pointerdown', point);
    };
  }, []);
}
