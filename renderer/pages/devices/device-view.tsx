import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Device, Frame } from '../../../shared/contracts/devices.ts';
import type { Words } from '../../../shared/domain/result.ts';
import type { Call } from '../../api/call.ts';
import { copyText } from '../../components/copy-text.ts';
import { deviceMarks } from '../../components/device-marks.ts';
import { DeviceFacts } from './device-facts.tsx';
import { FrameTable } from './frame-table.tsx';
import { logText } from './log-text.ts';
import { SetUpHelp } from './set-up-help.tsx';
import { TrialPanel } from './trial-panel.tsx';
import { useDeviceKeys } from './use-device-keys.ts';
import { useLogHold } from './use-log-hold.ts';
import { useTrial } from './use-trial.ts';

type DeviceViewProps = {
  readonly call: Call;
  readonly device: Device;
  readonly devices: readonly Device[];
  readonly frames: readonly Frame[];
  readonly say: (words: Words) => string;
  readonly onTried: () => void;
  readonly onBack: () => void;
  readonly onMove: (by: number) => void;
};

type Tab = 'log' | 'setUp';

/** One device: how it is and what to do, trying it, and below its log or how to connect it. */
export function DeviceView(props: DeviceViewProps) {
  const { call, device, devices, frames, say, onTried, onBack, onMove } = props;
  const { t } = useTranslation();
  const { kind, url, state } = device;
  // Nothing goes over the line of a printer between two slips, nor over one that is not there.
  const tabs: readonly Tab[] = kind === 'printer' || url === null ? ['setUp'] : ['log', 'setUp'];
  const [tab, setTab] = useState<Tab>(tabs[0] ?? 'setUp');
  const [copied, setCopied] = useState<boolean | null>(null);
  const hold = useLogHold(frames);
  const trial = useTrial(call, device, onTried);
  const hasLog = tabs.includes('log');
  const shownTab = hasLog ? tab : 'setUp';
  const copy = async (): Promise<void> => {
    setCopied(await copyText(logText(device, hold.shown)));
  };
  useDeviceKeys({
    back: () => {
      // The first press ends the test read, the next goes back.
      if (trial.running && kind !== 'printer') trial.stop();
      else onBack();
    },
    move: onMove,
    tryDevice: trial.start,
    hold: () => {
      if (shownTab === 'log') hold.toggle();
    },
    copy: () => {
      if (shownTab === 'log') void copy();
    },
    turn: () => {
      if (hasLog) setTab(shownTab === 'log' ? 'setUp' : 'log');
    },
  });
  const { mark, tone } = deviceMarks[state.state];
  return (
    <>
      <div className="device-head" data-testid="device-head" data-state={state.state}>
        <h2>
          {t(`deviceKind.${kind}`)} <code>{url ?? t('deviceNotSet')}</code>
        </h2>
        <p className={`device-state ${tone}`} role="status">
          <strong>
            {mark} {t(`deviceState.${state.state}`)}
          </strong>{' '}
          {say(state.words)}
          {state.remedy === null ? null : <span>{say(state.remedy)}</span>}
        </p>
      </div>
      {url === null ? null : (
        <div className="device-try">
          <TrialPanel device={device} trial={trial} say={say} />
          <DeviceFacts device={device} say={say} />
        </div>
      )}
      <div className="device-tabs" role="group">
        {tabs.map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={each === shownTab}
            data-testid={`device-tab-${each}`}
            onClick={() => {
              setTab(each);
            }}
          >
            {t(`deviceTab.${each}`)} {hasLog && each !== shownTab ? <kbd>F1</kbd> : null}
          </button>
        ))}
      </div>
      {shownTab === 'log' ? (
        <FrameTable hold={hold} onCopy={copy} copied={copied} />
      ) : (
        <SetUpHelp device={device} devices={devices} />
      )}
    </>
  );
}
