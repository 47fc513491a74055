import { useTranslation } from 'react-i18next';

import type { DeskState, DeviceState } from '../../../shared/contracts/desk.ts';
import type { Words } from '../../../shared/domain/result.ts';

type StateBarProps = { readonly desk: DeskState | null; readonly say: (words: Words) => string };

const marks = {
  ready: { mark: '✓', tone: 'ok' },
  working: { mark: '…', tone: 'ok' },
  warning: { mark: '!', tone: 'warn' },
  gone: { mark: '✕', tone: 'gone' },
  'not-configured': { mark: '–', tone: 'warn' },
} as const;

/** The state of the world: devices, what waits to be sent, the day, who sits here. */
export function StateBar({ desk, say }: StateBarProps) {
  const { t } = useTranslation();
  if (desk === null) return <div className="state" />;
  const { outbox } = desk;
  return (
    <div className="state" role="status">
      {desk.readingOnly === null ? null : (
        <strong className="gone" data-testid="reading-only" data-code={desk.readingOnly.code}>
          ✕ {t('readingOnly')}
        </strong>
      )}
      <Device testId="reader-state" device={desk.reader} say={say} />
      <Device testId="printer-state" device={desk.printer} say={say} />
      {desk.logUnwrittenSince === null ? null : (
        <span className="warn" data-testid="log-unwritten" title={t('logUnwrittenHelp')}>
          ! {t('logUnwritten')}
        </span>
      )}
      {desk.cautions.map(({ code, words, remedy }) => (
        <strong
          className="warn"
          key={`${code} ${words.en}`}
          data-testid="caution"
          data-code={code}
          title={say(remedy)}
        >
          ! {t(code === 'plain-http' ? 'cautionPlainHttp' : 'cautionOpen')}
        </strong>
      ))}
      <span data-testid="outbox-state">
        {t('outbox')} {outbox.waiting}
        {outbox.oldestAt === null
          ? ''
          : ` · ${t('outboxOldest', { age: outbox.oldestAt.slice(5, 16).replace('T', ' ') })}`}
        {outbox.rejected > 0 ? (
          <strong className="warn"> · {t('outboxRejected', { count: outbox.rejected })}</strong>
        ) : null}
        {outbox.unknown > 0 ? (
          <strong className="warn"> · {t('outboxUnknown', { count: outbox.unknown })}</strong>
        ) : null}
      </span>
      <Backup desk={desk} />
      <KeyCopy desk={desk} />
      <SecondPlace desk={desk} say={say} />
      <span>
        {t('businessDate')} {desk.businessDate}
      </span>
      <span>
        {t('operator')} {desk.operator.name}
      </span>
      <span>{desk.hospital.name}</span>
    </div>
  );
}

/** When the last backup was made; a live folder without any says so, a demo needs none. */
function Backup({ desk }: { readonly desk: DeskState }) {
  const { t } = useTranslation();
  const { lastBackupAt } = desk;
  if (lastBackupAt !== null) {
    const at = lastBackupAt.slice(5, 16).replace('T', ' ');
    return <span data-testid="backup-state">{t('lastBackup', { at })}</span>;
  }
  if (desk.folder.kind === 'demo') return null;
  return (
    <strong className="warn" data-testid="backup-state">
      ! {t('noBackup')}
    </strong>
  );
}

/** A live folder whose key nobody has a checked copy of says so. */
function KeyCopy({ desk }: { readonly desk: DeskState }) {
  const { t } = useTranslation();
  if (desk.folder.kind === 'demo' || desk.keyCopyCheckedAt !== null) return null;
  return (
    <strong className="warn" data-testid="key-copy-state">
      ! {t('noKeyCopy')}
    </strong>
  );
}

/** Whether everything is on another disk too, and since when not. */
function SecondPlace({
  desk,
  say,
}: {
  readonly desk: DeskState;
  readonly say: StateBarProps['say'];
}) {
  const { t } = useTranslation();
  if (desk.secondPlace === null) return null;
  const { problem, oldestAt, sameDisk } = desk.secondPlace;
  if (problem === null && sameDisk) {
    return (
      <strong className="warn" data-testid="second-place" data-state="same-disk">
        ! {t('secondPlaceSameDisk')}
      </strong>
    );
  }
  if (problem === null) {
    return (
      <span className="ok" data-testid="second-place" data-state="ready">
        ✓ {t('secondPlace')}
      </span>
    );
  }
  return (
    <strong
      className="warn"
      data-testid="second-place"
      data-state={problem.code}
      title={say(problem.remedy)}
    >
      ! {say(problem.words)}
      {oldestAt === null
        ? ''
        : ` · ${t('secondPlaceOldest', { since: oldestAt.slice(5, 16).replace('T', ' ') })}`}
    </strong>
  );
}

type DeviceProps = {
  readonly testId: string;
  readonly device: DeviceState;
  readonly say: (words: Words) => string;
};

function Device({ testId, device, say }: DeviceProps) {
  const { mark, tone } = marks[device.state];
  const title = device.remedy === null ? undefined : say(device.remedy);
  return (
    <span className={tone} data-testid={testId} data-state={device.state} title={title}>
      {mark} {say(device.words)}
    </span>
  );
}
