import { useLayoutEffect, useRef } from 'react';

/**
 * Hears every key, wherever the focus is. It listens before what it belongs to can be seen: an effect that runs after the
 * page is painted would lose the first key of somebody fast, and do what the page before meant by it.
 */
export function useWindowKeys(press: (event: KeyboardEvent) => void, isFirst = false): void {
  const latest = useRef(press);
  useLayoutEffect(() => {
    latest.current = press;
  });
  useLayoutEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      latest.current(event);
    };
    window.addEventListener('keydown', hear, { capture: isFirst });
    return () => {
      window.removeEventListener('keydown', hear, { capture: isFirst });
    };
  }, [isFirst]);
}
