import { useTranslation } from 'react-i18next';

import type { Device } from '../../../shared/contracts/devices.ts';
import type { Words } from '../../../shared/domain/result.ts';
import { deviceMarks } from '../../components/device-marks.ts';

/** What tells the devices of a desk apart; there is one printer, and one row where no reader is set. */
export function deviceKey({ kind, url }: Device): string {
  return kind === 'printer' ? 'printer' : (url ?? 'no-reader');
}

type DeviceListProps = {
  readonly devices: readonly Device[];
  readonly chosen: string | null;
  readonly say: (words: Words) => string;
  readonly onChoose: (key: string) => void;
};

/** The devices of the desk, each with its state; the one that is shown is marked. */
export function DeviceList({ devices, chosen, say, onChoose }: DeviceListProps) {
  const { t } = useTranslation();
  return (
    <ul className="rows" data-testid="device-list">
      {devices.map((device) => {
        const { kind, url, state, simulated } = device;
        const key = deviceKey(device);
        const { mark, tone } = deviceMarks[state.state];
        return (
          <li key={key}>
            <button
              type="button"
              className="row"
              aria-current={key === chosen}
              data-testid="device-row"
              data-kind={kind}
              data-state={state.state}
              onClick={() => {
                onChoose(key);
              }}
            >
              <span className="first">
                <strong>{t(`deviceKind.${kind}`)}</strong>
                <span className={tone}>
                  {mark} {t(`deviceState.${state.state}`)}
                </span>
              </span>
              <span className="second">
                <span className="address">{url ?? t('deviceNotSet')}</span>
              </span>
              {state.state === 'ready' ? null : (
                <span className={`second ${tone}`}>{say(state.words)}</span>
              )}
              {simulated ? <span className="second">{t('deviceSimulated')}</span> : null}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
