import { useEffect, useRef } from 'react';

export type DeviceKeys = {
  readonly back: () => void;
  readonly move: (by: number) => void;
  readonly tryDevice: () => void;
  readonly hold: () => void;
  readonly copy: () => void;
  readonly turn: () => void;
};

type Act = (keys: DeviceKeys) => void;

const acts: Readonly<Record<string, Act>> = {
  Escape: (keys) => {
    keys.back();
  },
  F1: (keys) => {
    keys.turn();
  },
  F2: (keys) => {
    keys.tryDevice();
  },
  F4: (keys) => {
    keys.hold();
  },
  F6: (keys) => {
    keys.copy();
  },
};

/** The keys of the page, each shown on its button. The arrows choose a device, and scroll where one reads. */
export function useDeviceKeys(keys: DeviceKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const { key, target, ctrlKey, altKey, metaKey } = event;
      if (ctrlKey || altKey || metaKey) return;
      const act = acts[key];
      if (act !== undefined) {
        event.preventDefault();
        if (!event.repeat) act(latest.current);
      } else if (key === 'ArrowDown' || key === 'ArrowUp') {
        if (target instanceof HTMLElement && target.closest('.frames, .set-up') !== null) return;
        event.preventDefault();
        latest.current.move(key === 'ArrowDown' ? 1 : -1);
      }
    };
    window.addEventListener('keydown', press);
    return () => {
      window.removeEventListener('keydown', press);
    };
  }, []);
}
