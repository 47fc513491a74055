import { useCallback, useEffect, useRef, useState } from 'react';

import type { OutputOf } from '../../../shared/contracts/contracts.ts';
import { testReadSeconds, type Device } from '../../../shared/contracts/devices.ts';
import type { Refusal } from '../../../shared/domain/result.ts';
import type { Call } from '../../api/call.ts';

/** What trying a device came to. */
export type TrialResult =
  | { readonly of: 'reader'; readonly result: OutputOf<'devices:test-read'> }
  | { readonly of: 'printer'; readonly result: OutputOf<'devices:print-test-page'> }
  | { readonly of: 'call'; readonly refusal: Refusal };

export type Trial = {
  readonly running: boolean;
  /** Whole seconds left for a card; null while a page is printing. */
  readonly secondsLeft: number | null;
  readonly last: TrialResult | null;
  readonly start: () => void;
  /** Ends a test read; a page that is printing is not called back. */
  readonly stop: () => void;
};

const tickMs = 200;

/**
 * A test read of a reader or a test page of a printer. The page that shows it may go: then a test read ends, so
 * that the next card is the desk's again.
 */
export function useTrial(call: Call, device: Device, onEnd: () => void): Trial {
  const [running, setRunning] = useState(false);
  const [untilMs, setUntilMs] = useState(0);
  const [nowMs, setNowMs] = useState(0);
  const [last, setLast] = useState<TrialResult | null>(null);
  const isRunning = useRef(false);
  const { kind, url } = device;
  const isPrinter = kind === 'printer';

  const start = useCallback((): void => {
    if (isRunning.current || url === null) return;
    isRunning.current = true;
    const startedAt = performance.now();
    setRunning(true);
    setNowMs(startedAt);
    setUntilMs(startedAt + testReadSeconds * 1000);
    setLast(null);
    void tryDevice(call, url, isPrinter).then((result) => {
      isRunning.current = false;
      setRunning(false);
      setLast(result);
      onEnd();
    });
  }, [call, isPrinter, onEnd, url]);
  const stop = useCallback((): void => {
    if (isRunning.current && !isPrinter && url !== null)
      void call('devices:stop-test-read', { url });
  }, [call, isPrinter, url]);
  useEffect(() => stop, [stop]);
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => {
      setNowMs(performance.now());
    }, tickMs);
    return () => {
      clearInterval(timer);
    };
  }, [running]);
  const secondsLeft = isPrinter ? null : Math.max(0, Math.ceil((untilMs - nowMs) / 1000));
  return { running, secondsLeft, last, start, stop };
}

async function tryDevice(call: Call, url: string, isPrinter: boolean): Promise<TrialResult> {
  if (isPrinter) {
    const printed = await call('devices:print-test-page', {});
    return printed.ok
      ? { of: 'printer', result: printed.value }
      : { of: 'call', refusal: printed.refusal };
  }
  const read = await call('devices:test-read', { url });
  return read.ok ? { of: 'reader', result: read.value } : { of: 'call', refusal: read.refusal };
}
