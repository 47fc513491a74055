import { useTranslation } from 'react-i18next';

import type { Device } from '../../../shared/contracts/devices.ts';
import { setUpExamples, setUpKinds, settingCommand, type SetUpKind } from './set-up-examples.ts';

type SetUpHelpProps = { readonly device: Device; readonly devices: readonly Device[] };

/** How to connect a device of this kind, for the IT clerk; every kind of reader where none is set. */
export function SetUpHelp({ device, devices }: SetUpHelpProps) {
  const { t } = useTranslation();
  const kinds = setUpKinds(device.kind);
  return (
    <div className="set-up" data-testid="set-up" tabIndex={0}>
      {device.kind === 'reader' && device.url === null ? <p>{t('setUpNone')}</p> : null}
      {kinds.map((kind) => (
        <section key={kind}>
          {kinds.length === 1 ? null : <h3>{t(`deviceKind.${kind}`)}</h3>}
          <OneKind
            kind={kind}
            ownAddress={device.simulated ? null : device.url}
            devices={devices}
          />
        </section>
      ))}
      <p className="soft">{t('setUpRestart')}</p>
    </div>
  );
}

type OneKindProps = {
  readonly kind: SetUpKind;
  readonly ownAddress: string | null;
  readonly devices: readonly Device[];
};

function OneKind({ kind, ownAddress, devices }: OneKindProps) {
  const { t } = useTranslation();
  const example = setUpExamples[kind];
  const [usual = ''] = example.addresses;
  return (
    <dl>
      <dt>{t('setUpConnect')}</dt>
      <dd>{t(`setUp.${kind}.connect`)}</dd>
      <dt>{t('setUpAddress')}</dt>
      <dd>
        {example.addresses.map((address) => (
          <code key={address}>{address}</code>
        ))}
      </dd>
      <dt>{t('setUpLinux')}</dt>
      <dd>
        {t(`setUp.${kind}.linux`)}
        {example.linuxCommands.map((command) => (
          <code key={command}>{command}</code>
        ))}
      </dd>
      <dt>{t('setUpWindows')}</dt>
      <dd>
        {t(`setUp.${kind}.windows`)}
        <code>{example.windowsAddress}</code>
      </dd>
      <dt>{t('setUpSetting')}</dt>
      <dd>
        {t(`setUpCommand.${example.setting}`)}
        <code>{settingCommand(example, ownAddress ?? usual, devices)}</code>
      </dd>
    </dl>
  );
}
