import { useCallback, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Words } from '../../../shared/domain/result.ts';
import type { DeskBridge } from '../../api/bridge.ts';
import type { Call } from '../../api/call.ts';
import { PageHead } from '../../components/page-head.tsx';
import { RefusalWords } from '../../components/refusal-words.tsx';
import type { Moment } from '../../components/moment.ts';
import { DeviceList, deviceKey } from './device-list.tsx';
import { DeviceView } from './device-view.tsx';
import { useDeviceKeys } from './use-device-keys.ts';
import { useDevices } from './use-devices.ts';

type DevicesPageProps = {
  readonly bridge: DeskBridge;
  readonly call: Call;
  readonly nav: ReactNode;
  readonly deskMoment: Moment;
  readonly onBack: () => void;
};

type Chosen = { readonly key: string; readonly url: string | null };

/** The readers and the printer of the desk: how they are, trying them, what goes over their lines. */
export function DevicesPage({ bridge, call, nav, deskMoment, onBack }: DevicesPageProps) {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const say = useCallback((words: Words): string => words[language], [language]);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const { devices, frames, refusal, refresh } = useDevices(bridge, call, chosen?.url ?? null);
  const device = devices?.find((each) => deviceKey(each) === chosen?.key) ?? devices?.[0] ?? null;
  const choose = (key: string): void => {
    const wanted = devices?.find((each) => deviceKey(each) === key);
    if (wanted !== undefined) setChosen({ key, url: wanted.url });
  };
  const shownKey = device === null ? null : deviceKey(device);
  // The first one stands chosen; its log is asked for from then on.
  if (shownKey !== null && shownKey !== chosen?.key) choose(shownKey);
  const move = (by: number): void => {
    const keys = (devices ?? []).map(deviceKey);
    const at = keys.findIndex((key) => key === shownKey);
    const next = keys[Math.min(keys.length - 1, Math.max(0, at + by))];
    if (next !== undefined) choose(next);
  };
  return (
    <div className="devices" data-testid="devices-page">
      <PageHead nav={nav} deskMoment={deskMoment} backTestId="devices-back" onBack={onBack} />
      <aside className="queue">
        <h2>{t('devices')}</h2>
        {devices === null ? null : (
          <DeviceList devices={devices} chosen={shownKey} say={say} onChoose={choose} />
        )}
      </aside>
      <main className="device">
        {refusal === null ? null : <RefusalWords refusal={refusal} say={say} />}
        {device === null || devices === null ? (
          <Reading onBack={onBack} words={refusal === null ? t('devicesReading') : ''} />
        ) : (
          <DeviceView
            // What was tried and held belongs to one device.
            key={shownKey}
            call={call}
            device={device}
            devices={devices}
            frames={frames}
            say={say}
            onTried={refresh}
            onBack={onBack}
            onMove={move}
          />
        )}
      </main>
    </div>
  );
}

const nothing = (): void => undefined;

/** Before anything was heard one can only go back. */
function Reading({ words, onBack }: { readonly words: string; readonly onBack: () => void }) {
  useDeviceKeys({
    back: onBack,
    move: nothing,
    tryDevice: nothing,
    hold: nothing,
    copy: nothing,
    turn: nothing,
  });
  return <p className="note">{words}</p>;
}
