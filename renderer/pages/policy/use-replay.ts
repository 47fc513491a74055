import { useCallback, useEffect, useRef, useState } from 'react';

import type { InputOf } from '../../../shared/contracts/contracts.ts';
import type { ReplayStateView } from '../../../shared/contracts/replay.ts';
import type { Refusal } from '../../../shared/domain/result.ts';
import type { DeskBridge } from '../../api/bridge.ts';
import type { Call } from '../../api/call.ts';

export type ReplayAsked = InputOf<'replay:start'>;

export type ReplayAtDesk = {
  /** Null: not heard yet. */
  readonly state: ReplayStateView | null;
  /** Why the last thing asked for was not done. */
  readonly refusal: Refusal | null;
  readonly start: (asked: ReplayAsked) => void;
  readonly stop: () => void;
  /** Hands the workbook to whoever sits here, as a file of the browser. */
  readonly save: () => void;
};

/** The run of this desk: asked again whenever the program says that it went on. */
export function useReplay(bridge: DeskBridge, call: Call): ReplayAtDesk {
  const [state, setState] = useState<ReplayStateView | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const asked = useRef(0);
  const refresh = useCallback((): void => {
    asked.current += 1;
    const number = asked.current;
    void call('replay:state', {}).then((answer) => {
      // An older answer may come after a newer one.
      if (number !== asked.current) return;
      if (answer.ok) setState(answer.value);
      else setRefusal(answer.refusal);
    });
  }, [call]);
  useEffect(() => {
    refresh();
    const stopEvents = bridge.subscribe(({ topic }) => {
      if (topic === 'replay') refresh();
    });
    return () => {
      stopEvents();
      asked.current += 1;
    };
  }, [bridge, refresh]);
  return {
    state,
    refusal,
    start(order) {
      void call('replay:start', order).then((answer) => {
        setRefusal(answer.ok ? null : answer.refusal);
        refresh();
      });
    },
    stop() {
      void call('replay:stop', {}).then((answer) => {
        if (!answer.ok) setRefusal(answer.refusal);
      });
    },
    save() {
      void call('replay:export', {}).then((answer) => {
        if (answer.ok) saveFile(answer.value);
        else setRefusal(answer.refusal);
      });
    },
  };
}

const workbookType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

function saveFile({
  fileName,
  workbookBase64,
}: {
  readonly fileName: string;
  readonly workbookBase64: string;
}): void {
  const bytes = Uint8Array.from(atob(workbookBase64), (letter) => letter.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes], { type: workbookType }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(address);
}
