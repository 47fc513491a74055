import { Button } from 'antd';
import { useTranslation } from 'react-i18next';

import type { Device } from '../../../shared/contracts/devices.ts';
import type { Words } from '../../../shared/domain/result.ts';
import { RefusalWords } from '../../components/refusal-words.tsx';
import type { Trial, TrialResult } from './use-trial.ts';

type TrialPanelProps = {
  readonly device: Device;
  readonly trial: Trial;
  readonly say: (words: Words) => string;
};

/** The one thing to try with a device: a reader reads, a printer prints. What it came to stands beside it. */
export function TrialPanel({ device, trial, say }: TrialPanelProps) {
  const { t } = useTranslation();
  const { running, secondsLeft, last, start, stop } = trial;
  const isPrinter = device.kind === 'printer';
  return (
    <section className="trial" data-testid="trial" data-running={running}>
      <h3>{t(isPrinter ? 'testPage' : 'testRead')}</h3>
      <p className="acts">
        <Button type="primary" data-testid="trial-start" disabled={running} onClick={start}>
          {t(isPrinter ? 'testPage' : 'testRead')} <kbd>F2</kbd>
        </Button>
        {running && secondsLeft !== null ? (
          <>
            <span className="countdown" role="timer" data-testid="countdown">
              {t('secondsLeft', { count: secondsLeft })}
            </span>
            <Button data-testid="trial-stop" onClick={stop}>
              {t('stop')} <kbd>Esc</kbd>
            </Button>
          </>
        ) : null}
      </p>
      <div role="status">
        {running ? <p>{t(isPrinter ? 'testPagePrinting' : `lay.${device.kind}`)}</p> : null}
        {!running && last === null ? (
          <p className="soft">{t(isPrinter ? 'testPageHint' : 'testReadHint')}</p>
        ) : null}
        {last === null ? null : <Result last={last} say={say} />}
      </div>
    </section>
  );
}

type ResultProps = { readonly last: TrialResult; readonly say: (words: Words) => string };

function Result({ last, say }: ResultProps) {
  const { t } = useTranslation();
  if (last.of === 'call') return <RefusalWords refusal={last.refusal} say={say} />;
  if (last.of === 'printer') {
    const { outcome, words, remedy } = last.result;
    const isGood = outcome === 'confirmed' || outcome === 'sent';
    return (
      <div data-testid="trial-result" data-result={outcome}>
        <p className={isGood ? 'ok' : 'gone'}>
          <strong>
            {isGood ? '✓' : '✕'} {say(words)}
          </strong>
        </p>
        {remedy === null ? null : <p>{say(remedy)}</p>}
      </div>
    );
  }
  const { result } = last;
  switch (result.kind) {
    case 'stopped':
      return (
        <p data-testid="trial-result" data-result="stopped">
          {t('testStopped')}
        </p>
      );
    case 'refused':
      return (
        <div data-testid="trial-result" data-result="refused">
          <RefusalWords refusal={result.refusal} say={say} />
        </div>
      );
    case 'card':
      return (
        <div data-testid="trial-result" data-result="card">
          <p className="ok">
            <strong>✓ {t('testGood', { card: t(`card.${result.card}`) })}</strong>
          </p>
          <p>
            {result.maskedName === null ? null : (
              <>
                {t('nameOnCard')} <strong>{result.maskedName}</strong> ·{' '}
              </>
            )}
            {t('tookMs', { ms: result.elapsedMs })}
          </p>
        </div>
      );
  }
}
