import { useCallback, useState, type ComponentType, type DragEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Role } from '../../../shared/contracts/contract.ts';
import type { Words } from '../../../shared/domain/result.ts';
import type { DeskBridge } from '../../api/bridge.ts';
import type { Call } from '../../api/call.ts';
import type { Moment } from '../../components/moment.ts';
import { PageHead } from '../../components/page-head.tsx';
import { RefusalWords } from '../../components/refusal-words.tsx';
import { useWindowKeys } from '../../components/use-window-keys.ts';
import { BillQuestions } from './bill-questions.tsx';
import { ChangedBills } from './changed-bills.tsx';
import { FileTrial } from './file-trial.tsx';
import { GivenUpResults } from './given-up-results.tsx';
import { intakeSections, type IntakeSection, type IntakeSectionProps } from './intake-section.ts';
import { PersonQuestions } from './person-questions.tsx';
import { RefusedFiles } from './refused-files.tsx';
import { SourceList } from './source-list.tsx';
import { useIntake } from './use-intake.ts';

const sectionParts: Readonly<Record<IntakeSection, ComponentType<IntakeSectionProps>>> = {
  'refused-files': RefusedFiles,
  'changed-bills': ChangedBills,
  people: PersonQuestions,
  'bill-questions': BillQuestions,
  results: GivenUpResults,
  trial: FileTrial,
};

const keepPage = (event: DragEvent): void => {
  event.preventDefault();
};

type IntakePageProps = {
  readonly bridge: DeskBridge;
  readonly call: Call;
  readonly role: Role;
  readonly asksPassword: boolean;
  readonly nav: ReactNode;
  readonly deskMoment: Moment;
  readonly onBack: () => void;
};

/** What comes in from the hospital's system: where from, what was refused, and what waits for a person to decide. */
export function IntakePage({
  bridge,
  call,
  role,
  asksPassword,
  nav,
  deskMoment,
  onBack,
}: IntakePageProps) {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const say = useCallback((words: Words): string => words[language], [language]);
  const { overview, refusal } = useIntake(bridge, call);
  const [section, setSection] = useState<IntakeSection>('refused-files');
  useWindowKeys((event) => {
    const { key, target, ctrlKey, altKey, metaKey, repeat } = event;
    const isSideways = key === 'ArrowLeft' || key === 'ArrowRight';
    if (ctrlKey || altKey || metaKey || repeat || !isSideways) return;
    if (target instanceof HTMLElement && target.closest('input, .ant-modal') !== null) return;
    event.preventDefault();
    const at = intakeSections.indexOf(section) + (key === 'ArrowRight' ? 1 : -1);
    setSection(intakeSections[at] ?? section);
  });
  const given = { bridge, call, role, asksPassword, language, say, onBack } as const;
  const counts: Readonly<Record<IntakeSection, number>> = {
    'refused-files': overview?.waiting.refusedFiles ?? 0,
    'changed-bills': overview?.waiting.changedBills ?? 0,
    people: overview?.waiting.personQuestions ?? 0,
    'bill-questions': overview?.waiting.billQuestions ?? 0,
    results: overview?.waiting.results ?? 0,
    trial: 0,
  };
  const Section = sectionParts[section];
  return (
    <div className="users claims intake" data-testid="intake-page">
      <PageHead nav={nav} deskMoment={deskMoment} backTestId="intake-back" onBack={onBack} />
      {/* A file dropped beside its place would take the page away. */}
      <main onDragOver={keepPage} onDrop={keepPage}>
        <aside>
          {refusal === null ? null : <RefusalWords refusal={refusal} say={say} />}
          {overview === null ? (
            <p className="note">{t('intakeReading')}</p>
          ) : (
            <>
              <div className="claim-figures">
                {intakeSections.map((each) => (
                  <button
                    key={each}
                    type="button"
                    data-testid={`section-${each}`}
                    data-waits={counts[each] > 0}
                    aria-pressed={each === section}
                    onClick={() => {
                      setSection(each);
                    }}
                  >
                    <span>{t(`intakeSection.${each}`)}</span>
                    {each === 'trial' ? (
                      <span className="soft">{t('trialHint')}</span>
                    ) : (
                      <strong>{t(`intakeSectionCount.${each}`, { count: counts[each] })}</strong>
                    )}
                  </button>
                ))}
              </div>
              <SourceList
                sources={overview.sources}
                lastReceivedAt={overview.lastReceivedAt}
                language={language}
              />
            </>
          )}
        </aside>
        <section className="claim-room">
          <h2>
            {t(`intakeSection.${section}`)}
            <span className="soft">{t('intakeKeys')}</span>
          </h2>
          <Section {...given} />
        </section>
      </main>
    </div>
  );
}
