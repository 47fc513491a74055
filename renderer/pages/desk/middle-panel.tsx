import { Button } from 'antd';
import { useTranslation } from 'react-i18next';

import type { AccountLockView } from '../../../shared/contracts/account-lock.ts';
import type { DeskState } from '../../../shared/contracts/desk.ts';
import type { PrintJobView } from '../../../shared/contracts/documents.ts';
import { blockerInWords } from '../../../shared/domain/blocker-words.ts';
import { warningsInShort, type Refusal, type Words } from '../../../shared/domain/result.ts';
import { Money } from '../../components/money.tsx';
import { isCardOf, type DeskFlow } from './desk-flow.ts';
import { VisitButton } from './queue-panel.tsx';
import { SplitPanel } from './split-panel.tsx';
import { WhoPanel } from './who-panel.tsx';
import { RefusalWords } from '../../components/refusal-words.tsx';

type MiddlePanelProps = {
  /** What was kept last is on this machine alone. */
  readonly onlyHere: boolean;
  readonly flow: DeskFlow;
  readonly desk: DeskState | null;
  readonly say: (words: Words) => string;
  readonly onOpen: (visitId: string) => void;
  readonly onClause: (step: string) => void;
  readonly onAnswerPrint: (job: PrintJobView, cameOut: boolean) => void;
};

/** The middle of the desk: who and the split, or what to do to get there. */
export function MiddlePanel(props: MiddlePanelProps) {
  const { flow, desk, say } = props;
  const { t } = useTranslation();
  const problem = desk?.secondPlace?.problem ?? null;
  return (
    <main className="middle">
      {props.onlyHere ? (
        <div className="banner" data-testid="only-here">
          <strong>{t('notYetInSecondPlace')}</strong>
          {problem === null ? '' : say(problem.remedy)}
        </div>
      ) : null}
      <Attention desk={desk} say={say} onAnswerPrint={props.onAnswerPrint} />
      {flow.preview === null ? <Empty {...props} /> : <Patient {...props} preview={flow.preview} />}
      {flow.preview === null ? null : <Device desk={desk} say={say} />}
    </main>
  );
}

type PatientProps = MiddlePanelProps & { readonly preview: NonNullable<DeskFlow['preview']> };

function Patient({ flow, preview, say, onClause }: PatientProps) {
  const { t } = useTranslation();
  const { card } = flow;
  const isOwnCard = card?.kind === 'person' && isCardOf(card, flow.visitId);
  const changes = flow.accountLock?.changes ?? null;
  const warnings = warningsInShort([
    ...(isOwnCard ? card.warnings : []),
    ...preview.person.warnings,
    ...preview.result.warnings,
  ]);
  return (
    <>
      {flow.moment === 'settled' ? (
        <div className="banner">
          <strong>{t('alreadyTitle')}</strong>
        </div>
      ) : null}
      {preview.notCovered === null ? null : (
        <div className="banner" data-testid="not-covered">
          <strong>{t('notCoveredTitle')}</strong>
          {say(preview.notCovered.message)}
          {` ${say(preview.notCovered.remedy)}`}
        </div>
      )}
      <WhoPanel preview={preview} proxy={flow.proxy} say={say} />
      {preview.visit.blockers.length === 0 ? null : (
        <div className="banner stop" data-testid="blockers">
          {preview.visit.blockers.map((blocker) => (
            <div key={`${blocker.code} ${blocker.text}`}>! {say(blockerInWords(blocker))}</div>
          ))}
        </div>
      )}
      {changes === null || flow.moment === 'settled' ? null : <AccountChanges changes={changes} />}
      {warnings.length === 0 ? null : (
        <div className="banner warnings" data-testid="warnings">
          <strong>{t('warningsTitle')}</strong>
          <ul>
            {warnings.map(({ code, text }) => (
              <li key={`${code} ${text.zh}`} data-testid="warning" data-code={code}>
                {say(text)}
              </li>
            ))}
          </ul>
        </div>
      )}
      <SplitPanel preview={preview} say={say} onClause={onClause} />
    </>
  );
}

/** What of the bill came, went or changed between opening the visit and locking its account. */
function AccountChanges({
  changes,
}: {
  readonly changes: NonNullable<AccountLockView['changes']>;
}) {
  const { t } = useTranslation();
  const { lines, count } = changes;
  return (
    <div className="banner warnings" data-testid="account-changes">
      <strong>{t('accountChanged', { count })}</strong>
      <ul>
        {lines.map(({ kind, was, now }) => (
          <li key={`${kind} ${String(was?.line)} ${String(now?.line)}`} data-kind={kind}>
            {t(`accountLine.${kind}`)} {now?.line ?? was?.line} {now?.name ?? was?.name}{' '}
            {was === null ? null : <Money fen={was.amountFen} />}
            {was !== null && now !== null ? ' → ' : null}
            {now === null ? null : <Money fen={now.amountFen} />}
          </li>
        ))}
      </ul>
      {lines.length < count ? t('accountMore', { count: count - lines.length }) : null}
    </div>
  );
}

function Empty({ flow, desk, say, onOpen }: MiddlePanelProps) {
  const { t } = useTranslation();
  switch (flow.moment) {
    case 'choosing':
      return (
        <div className="hero">
          <h2>{t('choosingTitle', { count: flow.choices.length })}</h2>
          <p>{t('choosingHint')}</p>
          <div className="choices" role="listbox" aria-label={t('choosingHint')}>
            {flow.choices.map((row, index) => (
              <VisitButton
                key={row.visitId}
                row={row}
                isCurrent={index === flow.chosen}
                onOpen={onOpen}
                isAmongOwn
              />
            ))}
          </div>
        </div>
      );
    case 'asking':
      return (
        <div
          className="hero narrow"
          role="alertdialog"
          aria-live="assertive"
          aria-labelledby="identity-question"
          data-testid="identity-question"
        >
          <h2 id="identity-question">{t(`identity.${flow.question?.code ?? 'name-differs'}`)}</h2>
          <p className="asked">{flow.question === null ? '' : say(flow.question.text)}</p>
          <p>{t('identityHint')}</p>
        </div>
      );
    case 'loading':
      return (
        <div className="hero">
          <p>{t('loading')}</p>
        </div>
      );
    case 'problem':
      return <ProblemHero refusal={flow.refusal} say={say} />;
    case 'waiting':
    case 'checking':
    case 'paying':
    case 'confirming':
    case 'settling':
    case 'printing':
    case 'done':
    case 'settled':
      return (
        <div className="hero">
          <CardPicture />
          <h2>{t('waitingTitle')}</h2>
          <p>{t('waitingHint')}</p>
          <Device desk={desk} say={say} />
        </div>
      );
  }
}

/** A card over the reader's plate. */
function CardPicture() {
  return (
    <svg className="card-picture" viewBox="0 0 160 104" aria-hidden>
      <rect className="plate" x="8" y="72" width="144" height="24" rx="8" />
      <rect className="card" x="32" y="8" width="96" height="58" rx="7" />
      <rect className="chip" x="44" y="24" width="18" height="14" rx="3" />
      <path className="line" d="M74 28h40M74 38h28M44 52h70" />
    </svg>
  );
}

type ProblemHeroProps = {
  readonly refusal: Refusal | null;
  readonly say: (words: Words) => string;
};

function ProblemHero({ refusal, say }: ProblemHeroProps) {
  if (refusal === null) return null;
  return (
    <div className="hero narrow">
      <RefusalWords refusal={refusal} say={say} />
    </div>
  );
}

/** A device that is not ready, with what to do: beside the patient, for the cashier does not look down. */
function Device({ desk, say }: Pick<MiddlePanelProps, 'desk' | 'say'>) {
  const troubled = [desk?.reader, desk?.printer].filter(
    (device) => device !== undefined && device.state !== 'ready' && device.state !== 'working',
  );
  return (
    <>
      {troubled.map((device) =>
        device === undefined ? null : (
          <div className="banner device" key={device.words.zh}>
            <strong>{say(device.words)}</strong>
            {device.remedy === null ? '' : say(device.remedy)}
          </div>
        ),
      )}
    </>
  );
}

type AttentionProps = Pick<MiddlePanelProps, 'desk' | 'say' | 'onAnswerPrint'>;

/** What a person must decide before it is forgotten: an uncertain sheet first. */
function Attention({ desk, say, onAnswerPrint }: AttentionProps) {
  const { t } = useTranslation();
  if (desk === null) return null;
  const { unknownPrints, setAsideBills, intakeRefusals } = desk.attention;
  const [job] = unknownPrints;
  return (
    <>
      {desk.readingOnly === null ? null : (
        <div className="banner" data-testid="reading-only-reason" data-code={desk.readingOnly.code}>
          <strong>{t('readingOnlyTitle')}</strong>
          {say(desk.readingOnly.words)}
          {desk.readingOnly.remedy === null ? null : ` ${say(desk.readingOnly.remedy)}`}
        </div>
      )}
      {job === undefined ? null : (
        <div className="banner" data-testid="unknown-print">
          <strong>{t('unknownPrintTitle')}</strong>
          {t('unknownPrint', {
            name: job.maskedName,
            document: t(`document.${job.document}`),
            number: job.settlementNumber,
          })}
          <div className="acts">
            <Button
              onClick={() => {
                onAnswerPrint(job, true);
              }}
            >
              {t('cameOut')}
            </Button>
            <Button
              onClick={() => {
                onAnswerPrint(job, false);
              }}
            >
              {t('didNotComeOut')}
            </Button>
          </div>
        </div>
      )}
      {setAsideBills > 0 ? (
        <div className="banner" data-testid="set-aside">
          {t('setAside', { count: setAsideBills })}
        </div>
      ) : null}
      {intakeRefusals > 0 ? (
        <div className="banner" data-testid="intake-refusals">
          {t('intakeRefusals', { count: intakeRefusals })}
        </div>
      ) : null}
    </>
  );
}
