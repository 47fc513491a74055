import { useTranslation } from 'react-i18next';

import type { IntakeSourceView } from '../../../shared/contracts/intake.ts';
import { dayAndMinute } from '../../components/shanghai-time.ts';

type SourceListProps = {
  readonly sources: readonly IntakeSourceView[];
  readonly lastReceivedAt: string | null;
  readonly language: 'zh' | 'en';
};

const marks = { working: '✓', trouble: '✕', 'not-set': '○', 'by-hand': '○' } as const;

/** Where bills come from: how each source is, when it was asked last, and what came. */
export function SourceList({ sources, lastReceivedAt, language }: SourceListProps) {
  const { t } = useTranslation();
  return (
    <section className="sources" data-testid="sources">
      <h2>{t('intakeSources')}</h2>
      <p className="soft">
        {lastReceivedAt === null
          ? t('intakeNeverReceived')
          : t('intakeLastReceived', { at: dayAndMinute(lastReceivedAt) })}
      </p>
      <ul>
        {sources.map(({ id, kind, where, state, problem, askedAt, last }) => (
          <li key={id} data-testid="source-row" data-kind={kind} data-state={state}>
            <strong>
              {t(`intakeSource.${kind}`)}
              <span className={`source-state ${state}`}>
                {marks[state]} {t(`intakeSourceState.${state}`)}
              </span>
            </strong>
            {where === null ? (
              <span className="soft">{t(`intakeSourceNone.${kind}`)}</span>
            ) : (
              <bdi className="where">{where}</bdi>
            )}
            {problem === null ? null : (
              <span className="stop">
                {problem.words[language]} {problem.remedy[language]}
              </span>
            )}
            {last === null ? (
              kind === 'folder' && state === 'working' ? (
                <span className="soft">{t('intakeNothingYet')}</span>
              ) : null
            ) : (
              <span className="soft">
                {t(last.refused > 0 ? 'intakeLastWithRefused' : 'intakeLast', {
                  ...{ at: dayAndMinute(last.at), what: last.what },
                  ...{ taken: last.taken, refused: last.refused },
                })}
              </span>
            )}
            {askedAt === null ? null : (
              <span className="soft">{t('intakeAsked', { at: dayAndMinute(askedAt) })}</span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
