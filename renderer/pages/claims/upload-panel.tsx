import { Button, Progress } from 'antd';
import { useTranslation } from 'react-i18next';

import { nightlyUploader, type UploadView } from '../../../shared/contracts/claims.ts';
import type { Words } from '../../../shared/domain/result.ts';
import { RefusalWords } from '../../components/refusal-words.tsx';
import { dayAndMinute } from '../../components/shanghai-time.ts';

type UploadPanelProps = {
  readonly upload: UploadView;
  readonly payersUrl: string | null;
  readonly uploadAt: string | null;
  readonly language: 'zh' | 'en';
  readonly say: (words: Words) => string;
  readonly mayUpload: boolean;
  readonly onUpload: () => void;
  readonly onStop: () => void;
};

/** The run of uploading: how far it is, what came of the last one, when the next begins, and sending now. */
export function UploadPanel(props: UploadPanelProps) {
  const { upload, payersUrl, uploadAt, language, say, mayUpload, onUpload, onStop } = props;
  const { t } = useTranslation();
  const isUnderWay = upload.kind === 'under-way';
  return (
    <section className="upload" data-testid="upload" data-state={upload.kind}>
      <div className="upload-head">
        <h2>{t('upload')}</h2>
        {!mayUpload ? null : isUnderWay ? (
          <Button data-testid="stop-upload" disabled={upload.isStopping} onClick={onStop}>
            {t(upload.isStopping ? 'uploadStopping' : 'uploadStop')} <kbd>F9</kbd>
          </Button>
        ) : (
          <Button data-testid="start-upload" disabled={payersUrl === null} onClick={onUpload}>
            {t('uploadNow')} <kbd>F9</kbd>
          </Button>
        )}
      </div>
      <p className={payersUrl === null ? 'stop' : 'soft'}>
        {payersUrl === null
          ? t('payersUrlMissing')
          : uploadAt === null
            ? t('uploadByHand', { url: payersUrl })
            : t('uploadNightly', { at: uploadAt, url: payersUrl })}
      </p>
      <Run upload={upload} language={language} say={say} />
    </section>
  );
}

function Run({ upload, language, say }: Pick<UploadPanelProps, 'upload' | 'language' | 'say'>) {
  const { t } = useTranslation();
  if (upload.kind === 'none') return <p className="soft">{t('uploadNever')}</p>;
  if (upload.kind === 'broke-off')
    return (
      <>
        <p className="stop">{t('uploadBrokeOff', { at: dayAndMinute(upload.startedAt) })}</p>
        <RefusalWords refusal={upload.refusal} say={say} />
      </>
    );
  const { payers } = upload;
  const all = payers.reduce((sum, { claims }) => sum + claims, 0);
  const sent = all - payers.reduce((sum, { waiting }) => sum + waiting, 0);
  return (
    <>
      {upload.kind === 'under-way' ? (
        <>
          <Progress percent={all === 0 ? 100 : Math.floor((sent * 100) / all)} size="small" />
          <p data-testid="upload-progress">
            {t('uploadProgress', { sent, all })}
            {upload.secondsLeft === null ? '' : ` · ${leftWords(t, upload.secondsLeft)}`}
          </p>
        </>
      ) : (
        <p className={upload.kind === 'not-ended' ? 'warn' : 'soft'} data-testid="upload-last">
          {upload.kind === 'not-ended'
            ? t('uploadNotEnded', {
                at: dayAndMinute(upload.startedAt),
                who: whoWords(t, upload.who),
              })
            : t(upload.isStopped ? 'uploadStopped' : 'uploadEnded', {
                at: dayAndMinute(upload.endedAt),
                who: whoWords(t, upload.who),
              })}
        </p>
      )}
      {payers.length === 0 ? null : (
        <table className="claim-matrix">
          <thead>
            <tr>
              <th>{t('claimPayer')}</th>
              <th>{t('uploadAccepted')}</th>
              <th>{t('uploadAcknowledged')}</th>
              <th>{t('uploadRejected')}</th>
              <th>{t('uploadUnknown')}</th>
              <th>{t('uploadWaiting')}</th>
            </tr>
          </thead>
          <tbody>
            {payers.map(({ payer, name, accepted, acknowledged, rejected, unknown, waiting }) => (
              <tr key={payer}>
                <th scope="row">{name[language]}</th>
                <td>{accepted}</td>
                <td>{acknowledged}</td>
                <td className={rejected > 0 ? 'stop' : ''}>{rejected}</td>
                <td className={unknown > 0 ? 'warn' : ''}>{unknown}</td>
                <td>{waiting}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {upload.kind !== 'ended' || upload.datedLater.length === 0 ? null : (
        <ul className="warn">
          {upload.datedLater.map(({ name, claims, earliest, latest }) => (
            <li key={name.en}>
              {t('uploadDatedLater', { payer: name[language], claims, earliest, latest })}
            </li>
          ))}
        </ul>
      )}
      {upload.kind === 'not-ended' || upload.lines.length === 0 ? null : (
        <details className="upload-log">
          <summary>{t('uploadLog')}</summary>
          <pre>{upload.lines.join('\n')}</pre>
        </details>
      )}
    </>
  );
}

const whoWords = (t: (key: 'uploadByClock') => string, who: string): string =>
  who === nightlyUploader ? t('uploadByClock') : who;

function leftWords(
  t: (key: 'uploadSecondsLeft' | 'uploadMinutesLeft', values: { readonly count: number }) => string,
  seconds: number,
): string {
  return seconds < 60
    ? t('uploadSecondsLeft', { count: seconds })
    : t('uploadMinutesLeft', { count: Math.ceil(seconds / 60) });
}
