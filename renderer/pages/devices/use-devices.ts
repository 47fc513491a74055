import { useCallback, useEffect, useRef, useState } from 'react';

import type { Device, Frame } from '../../../shared/contracts/devices.ts';
import type { Refusal } from '../../../shared/domain/result.ts';
import type { DeskBridge } from '../../api/bridge.ts';
import type { Call } from '../../api/call.ts';

/** The log of a line grows without an event; the states of devices send one when they change. */
const lookAgainMs = 1000;

export type Devices = {
  /** Null: not heard yet. */
  readonly devices: readonly Device[] | null;
  /** What went over the line of `framesOf`, the oldest first; empty until it was heard. */
  readonly frames: readonly Frame[];
  readonly refusal: Refusal | null;
  readonly refresh: () => void;
};

type Heard = {
  readonly devices: readonly Device[] | null;
  readonly framesOf: string | null;
  readonly frames: readonly Frame[];
  readonly refusal: Refusal | null;
};

/** The devices as they are now and the log of one line, asked again at every change and every second. */
export function useDevices(bridge: DeskBridge, call: Call, framesOf: string | null): Devices {
  const [heard, setHeard] = useState<Heard>({
    devices: null,
    framesOf: null,
    frames: [],
    refusal: null,
  });
  const asked = useRef(0);
  const refresh = useCallback((): void => {
    asked.current += 1;
    const number = asked.current;
    void call('devices:list', { framesOf }).then((answer) => {
      // An older answer may come after a newer one.
      if (number !== asked.current) return;
      setHeard((before) =>
        answer.ok
          ? { ...answer.value, framesOf, refusal: null }
          : { ...before, refusal: answer.refusal },
      );
    });
  }, [call, framesOf]);
  useEffect(() => {
    refresh();
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') refresh();
    }, lookAgainMs);
    const stopEvents = bridge.subscribe(({ topic }) => {
      if (topic === 'devices' || topic === 'card') refresh();
    });
    return () => {
      clearInterval(timer);
      stopEvents();
      asked.current += 1;
    };
  }, [bridge, refresh]);
  const { devices, refusal } = heard;
  return { devices, frames: heard.framesOf === framesOf ? heard.frames : [], refusal, refresh };
}
