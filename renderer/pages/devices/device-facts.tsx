import { useTranslation } from 'react-i18next';

import type { Device } from '../../../shared/contracts/devices.ts';
import type { Words } from '../../../shared/domain/result.ts';
import { dayAndTime } from '../../components/shanghai-time.ts';

type DeviceFactsProps = { readonly device: Device; readonly say: (words: Words) => string };

/** When a reader read last and what kind of card, and what it refused last; never whose card it was. */
export function DeviceFacts({ device, say }: DeviceFactsProps) {
  const { t } = useTranslation();
  const { kind, model, lastRead, lastRefusal } = device;
  if (kind === 'printer') {
    return (
      <section>
        <h3>{t('printerModel')}</h3>
        <p>{model === null ? '—' : say(model)}</p>
      </section>
    );
  }
  return (
    <section className="device-facts">
      <h3>{t('lately')}</h3>
      <dl>
        <dt>{t('lastRead')}</dt>
        <dd data-testid="last-read">
          {lastRead === null ? (
            <span className="soft">{t('noneSinceStart')}</span>
          ) : (
            <>
              {dayAndTime(lastRead.at)} · {t(`card.${lastRead.card}`)} ·{' '}
              {t('tookMs', { ms: lastRead.elapsedMs })}
            </>
          )}
        </dd>
        <dt>{t('lastRefusal')}</dt>
        <dd data-testid="last-refusal">
          {lastRefusal === null ? (
            <span className="soft">{t('noneSinceStart')}</span>
          ) : (
            <>
              {dayAndTime(lastRefusal.at)} · {say(lastRefusal.refusal.message)}
              {lastRefusal.technical === null ? null : (
                <code className="technical">{lastRefusal.technical}</code>
              )}
            </>
          )}
        </dd>
      </dl>
    </section>
  );
}
