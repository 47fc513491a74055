import { Button } from 'antd';
import { useCallback, useState, type ComponentType, type DragEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { intakeLists, type AgeingAsked } from '../../../shared/contracts/intake-lists.ts';
import type { Role } from '../../../shared/contracts/contract.ts';
import type { Words } from '../../../shared/domain/result.ts';
import type { DeskBridge } from '../../api/bridge.ts';
import type { Call } from '../../api/call.ts';
import type { Moment } from '../../components/moment.ts';
import { ListPage } from '../../components/list-page.tsx';
import { RefusalWords } from '../../components/refusal-words.tsx';
import { useWindowKeys } from '../../components/use-window-keys.ts';
import { BillQuestions } from './bill-questions.tsx';
import { AgeingList } from './ageing-list.tsx';
import { ChangedBills } from './changed-bills.tsx';
import { ExportWindow } from './export-window.tsx';
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
  ageing: AgeingList,
  trial: FileTrial,
};

const everyWait: AgeingAsked = { from: 'discharge', waitsFor: null, daysAtLeast: null };

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
  const language: 'zh' | 'en' = i18n.language === 'en' ? 'en' : 'zh';
  const say = useCallback((words: Words): string => words[language], [language]);
  const { overview, refusal } = useIntake(bridge, call);
  const [section, setSection] = useState<IntakeSection>('refused-files');
  const [ageing, setAgeing] = useState<AgeingAsked>(everyWait);
  const [isExporting, setExporting] = useState(false);
  const [exported, setExported] = useState<string | null>(null);
  const show = (other: IntakeSection): void => {
    setSection(other);
    setExported(null);
  };
  const list = intakeLists.find((each) => each === section) ?? null;
  const exportList = (): void => {
    if (list !== null) setExporting(true);
  };
  useWindowKeys((event) => {
    const { key, target, ctrlKey, altKey, metaKey, repeat } = event;
    if (ctrlKey || altKey || metaKey || repeat) return;
    if (isExporting) {
      if (key === 'Escape') setExporting(false);
      return;
    }
    if (target instanceof HTMLElement && target.closest('input, .ant-modal') !== null) return;
    if (key === 'F6') {
      event.preventDefault();
      // A window of the section may lie over it.
      if (document.querySelector('.ant-modal') === null) exportList();
      return;
    }
    if (key !== 'ArrowLeft' && key !== 'ArrowRight') return;
    event.preventDefault();
    const at = intakeSections.indexOf(section) + (key === 'ArrowRight' ? 1 : -1);
    show(intakeSections[at] ?? section);
  });
  const given = {
    ...{ bridge, call, role, asksPassword, language, say, onBack },
    ...{ isCovered: isExporting, ageing, onAgeing: setAgeing },
  } satisfies IntakeSectionProps;
  const counts: Readonly<Record<IntakeSection, number>> = {
    'refused-files': overview?.waiting.refusedFiles ?? 0,
    'changed-bills': overview?.waiting.changedBills ?? 0,
    people: overview?.waiting.personQuestions ?? 0,
    'bill-questions': overview?.waiting.billQuestions ?? 0,
    results: overview?.waiting.results ?? 0,
    ageing: overview?.waiting.unsettled ?? 0,
    trial: 0,
  };
  const Section = sectionParts[section];
  return (
    <ListPage
      testId="intake-page"
      className="intake"
      backTestId="intake-back"
      {...{ nav, deskMoment, onBack }}
      // A file dropped beside its place would take the page away.
      onDrag={keepPage}
      beside={
        <>
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
                    data-waits={each !== 'ageing' && counts[each] > 0}
                    aria-pressed={each === section}
                    onClick={() => {
                      show(each);
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
        </>
      }
      over={
        isExporting && list !== null ? (
          <ExportWindow
            {...{ call, list, ageing, language, say }}
            onDone={(told) => {
              setExporting(false);
              setExported(told);
            }}
            onClose={() => {
              setExporting(false);
            }}
          />
        ) : null
      }
    >
      <h2>
        {t(`intakeSection.${section}`)}
        <span className="soft">{t('intakeKeys')}</span>
        {list === null ? null : (
          <Button data-testid="export-list" onClick={exportList}>
            {t('exportDo')} <kbd>F6</kbd>
          </Button>
        )}
      </h2>
      {exported === null ? null : (
        <p className="note" role="status" data-testid="exported">
          {exported}
        </p>
      )}
      <Section {...given} />
    </ListPage>
  );
}
