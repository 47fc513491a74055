import { useLayoutEffect, useRef } from 'react';

import {
  noWedgeInput,
  takeWedgeKey,
  type WedgeKey,
  type WedgeState,
} from '../../../shared/domain/wedge-input.ts';

/** What the fields held before a scanner that types began, and which of them had the focus. */
type Before = {
  readonly values: ReadonlyMap<HTMLInputElement | HTMLTextAreaElement, string>;
  readonly focused: Element | null;
};

/**
 * Hears a scanner that types (a keyboard wedge) wherever the focus is. What it typed is taken out of the fields
 * again and its Enter does nothing else, also under a Chinese input method; a person's typing is left alone.
 */
export function useScans(active: boolean, onScan: (text: string) => void): void {
  const latest = useRef({ active, onScan });
  useLayoutEffect(() => {
    latest.current = { active, onScan };
  });
  // Before it can be seen: see `useWindowKeys`.
  useLayoutEffect(() => {
    let state: WedgeState = noWedgeInput;
    let before: Before = { values: new Map(), focused: null };
    let composing = false;
    const take = (event: KeyboardEvent): void => {
      if (!latest.current.active) return;
      const step = takeWedgeKey(state, wedgeKeyOf(event));
      // The field does not have this key yet: what it holds now is what it held before the scan.
      if (step.state.text.length <= 1 && step.scanned === null) before = fieldsNow();
      state = step.state;
      if (step.scanned === null) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      putBack(before);
      if (composing) keepOut(before);
      latest.current.onScan(step.scanned);
    };
    const composition = (event: Event): void => {
      composing = event.type === 'compositionstart';
    };
    window.addEventListener('keydown', take, true);
    window.addEventListener('keyup', take, true);
    window.addEventListener('compositionstart', composition, true);
    window.addEventListener('compositionend', composition, true);
    return () => {
      window.removeEventListener('keydown', take, true);
      window.removeEventListener('keyup', take, true);
      window.removeEventListener('compositionstart', composition, true);
      window.removeEventListener('compositionend', composition, true);
    };
  }, []);
}

function wedgeKeyOf(event: KeyboardEvent): WedgeKey {
  const { code, key, timeStamp, shiftKey, altKey, ctrlKey, repeat, type } = event;
  return {
    code,
    key,
    atMs: timeStamp,
    shift: shiftKey,
    alt: altKey,
    ctrl: ctrlKey,
    repeat,
    released: type === 'keyup',
  };
}

function fieldsNow(): Before {
  const fields = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
    'input, textarea',
  );
  return {
    values: new Map([...fields].map((field) => [field, field.value])),
    focused: document.activeElement,
  };
}

function putBack({ values, focused }: Before): void {
  const { activeElement } = document;
  for (const [field, value] of values) {
    if (field.value !== value) setValue(field, value);
  }
  if (activeElement instanceof HTMLElement && activeElement !== focused) activeElement.blur();
}

/** An input method hands over what it holds when it likes, but soon. */
const handsOverWithinMs = 500;

/** Takes out again what an input method still hands over of a scan. */
function keepOut(before: Before): void {
  // Without a field it has nowhere to go.
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  const again = (event: Event): void => {
    // What putting back dispatches itself is no input of a person or a method.
    if (event.isTrusted) setTimeout(putBack, 0, before);
  };
  window.addEventListener('input', again, true);
  window.addEventListener('compositionend', again, true);
  setTimeout(() => {
    window.removeEventListener('input', again, true);
    window.removeEventListener('compositionend', again, true);
  }, handsOverWithinMs);
}

/** As if a person had changed it: the page's own state follows. */
function setValue(field: HTMLInputElement | HTMLTextAreaElement, value: string): void {
  const prototype = Object.getPrototypeOf(field) as object;
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, value);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
