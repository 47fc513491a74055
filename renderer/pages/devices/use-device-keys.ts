import { useWindowKeys } from '../../components/use-window-keys.ts';

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
  useWindowKeys((event) => {
    const { key, target, ctrlKey, altKey, metaKey } = event;
    if (ctrlKey || altKey || metaKey) return;
    const act = acts[key];
    if (act !== undefined) {
      event.preventDefault();
      if (!event.repeat) act(keys);
    } else if (key === 'ArrowDown' || key === 'ArrowUp') {
      if (target instanceof HTMLElement && target.closest('.frames, .set-up') !== null) return;
      event.preventDefault();
      keys.move(key === 'ArrowDown' ? 1 : -1);
    }
  });
}
