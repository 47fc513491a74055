import { Button, Tabs } from 'antd';
import { useTranslation } from 'react-i18next';

import type {
  ReplayGroup,
  ReplayStateView,
  ReplayView,
  ReplayedPersonRow,
} from '../../../shared/contracts/replay.ts';
import {
  hospitalColour,
  patientColour,
  payerColour,
} from '../../../shared/domain/payer-colours.ts';
import type { Words } from '../../../shared/domain/result.ts';
import { Swatch } from '../../components/swatch.tsx';
import { Difference, Sum } from './replay-amounts.tsx';

type Say = (words: Words) => string;

type ReplayResultProps = {
  readonly order: Extract<ReplayStateView, { readonly kind: 'done' }>['order'];
  readonly report: ReplayView;
  readonly say: Say;
  readonly onSave: () => void;
};

/** What settling again came to: each payer before and after as bars, who gains and loses most, and by groups. */
export function ReplayResult({ order, report, say, onSave }: ReplayResultProps) {
  const { t } = useTranslation();
  const { visits, persons, totalFen, counts, gainers, losers } = report;
  const pack = `${order.pack}@${order.packVersion}`;
  return (
    <section className="replay-result" data-testid="replay-result">
      <header>
        <h3>{t('replayOf', { ...order, pack })}</h3>
        <Button data-testid="replay-export" onClick={onSave}>
          {t('replayExport')}
        </Button>
      </header>
      {visits === 0 ? (
        <p className="note">{t('replayNothing')}</p>
      ) : (
        <>
          <p>
            {t('replayCounts', { persons, visits })} <Sum fen={totalFen} />
            {' · '}
            <strong>{t('replayChanged', { count: counts.changed })}</strong>
            {order.sample === null ? null : ` · ${t('replaySampled', { count: order.sample })}`}
          </p>
          <PayersTable report={report} say={say} />
          <div className="sides">
            <PeopleTable title={t('replayGainers')} people={gainers} testId="replay-gainers" />
            <PeopleTable title={t('replayLosers')} people={losers} testId="replay-losers" />
          </div>
          <Groups report={report} say={say} />
        </>
      )}
      <Notes report={report} />
    </section>
  );
}

/** Who pays more, or less, is told by colour, too; of payers it is only a figure. */
const toneOf = (fen: number, of: 'patient' | 'other'): string =>
  of === 'other' ? '' : fen > 0 ? 'more' : 'less';

function PayersTable({ report, say }: { readonly report: ReplayView; readonly say: Say }) {
  const { t } = useTranslation();
  const { payers, patient, hospital } = report;
  const rows = [
    ...payers.map(({ payer, name, ...amounts }) => ({
      ...{ key: payer, name: say(name), colour: payerColour(payer), of: 'other' as const },
      amounts,
    })),
    {
      ...{ key: 'patient', name: t('patient'), colour: patientColour, of: 'patient' as const },
      amounts: patient,
    },
    ...(hospital.beforeFen === 0 && hospital.afterFen === 0
      ? []
      : [
          {
            ...{ key: 'hospital', name: t('hospital.net'), colour: hospitalColour },
            ...{ of: 'other' as const, amounts: hospital },
          },
        ]),
  ];
  const most = Math.max(
    ...rows.flatMap(({ amounts }) => [Math.abs(amounts.beforeFen), Math.abs(amounts.afterFen)]),
    1,
  );
  return (
    <table className="split" data-testid="replay-payers">
      <thead>
        <tr>
          <th>{t('payer')}</th>
          <th>
            {t('replay.before')} / {t('replay.after')}
          </th>
          {(['settled', 'before', 'after', 'difference'] as const).map((each) => (
            <th key={each} className="figure">
              {t(`replay.${each}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, name, colour, amounts, of }) => (
          <tr key={key} data-testid={`replay-row-${key}`} className={key === 'patient' ? key : ''}>
            <td>
              <Swatch colour={colour} /> {name}
            </td>
            <td>
              <Bars colour={colour} most={most} {...amounts} />
            </td>
            <td className="figure">
              <Sum fen={amounts.settledFen} />
            </td>
            <td className="figure">
              <Sum fen={amounts.beforeFen} />
            </td>
            <td className="figure">
              <Sum fen={amounts.afterFen} />
            </td>
            <td className="figure">
              <Difference fen={amounts.differenceFen} tone={toneOf(amounts.differenceFen, of)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Two bars on one scale, as it is above and the draft below; the figures stand beside them. */
function Bars({
  colour,
  most,
  beforeFen,
  afterFen,
}: {
  readonly colour: string;
  readonly most: number;
  readonly beforeFen: number;
  readonly afterFen: number;
}) {
  const width = (amount: number): number => (Math.abs(amount) * 200) / most;
  return (
    <svg className="bars" viewBox="0 0 200 20" preserveAspectRatio="none" aria-hidden>
      <rect y="1" width={width(beforeFen)} height="8" fill={colour} opacity="0.45" />
      <rect y="11" width={width(afterFen)} height="8" fill={colour} />
    </svg>
  );
}

function PeopleTable({
  title,
  people,
  testId,
}: {
  readonly title: string;
  readonly people: readonly ReplayedPersonRow[];
  readonly testId: string;
}) {
  const { t } = useTranslation();
  return (
    <div data-testid={testId}>
      <h4>{title}</h4>
      {people.length === 0 ? (
        <p className="note">{t('replayNobody')}</p>
      ) : (
        <div className="scrolls">
          <table className="split">
            <tbody>
              {people.map((person) => (
                <tr key={`${person.maskedIdNumber} ${String(person.beforeFen)}`}>
                  <td>{person.maskedName}</td>
                  <td>{person.maskedIdNumber}</td>
                  <td className="figure">
                    <Sum fen={person.beforeFen} /> → <Sum fen={person.afterFen} />
                  </td>
                  <td className="figure">
                    <Difference
                      fen={person.differenceFen}
                      tone={toneOf(person.differenceFen, 'patient')}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

/** More diseases than these are in the workbook alone. */
const diseasesShown = 50;

function Groups({ report, say }: { readonly report: ReplayView; readonly say: Say }) {
  const { t } = useTranslation();
  const { byCategory, byLevel, byDisease } = report;
  const tab = (
    key: 'category' | 'level' | 'disease',
    groups: readonly ReplayGroup[],
    note = '',
  ) => ({
    key,
    label: t(`replayBy.${key}`),
    children: (
      <>
        <GroupTable groups={groups} say={say} testId={`replay-by-${key}`} />
        {note === '' ? null : <p className="note">{note}</p>}
      </>
    ),
  });
  return (
    <Tabs
      size="small"
      aria-label={t('replayBy')}
      items={[
        tab('category', byCategory, t('replaySeveral')),
        tab('level', byLevel),
        tab('disease', byDisease, byDisease.length < diseasesShown ? '' : t('replayFifty')),
      ]}
    />
  );
}

function GroupTable({
  groups,
  say,
  testId,
}: {
  readonly groups: readonly ReplayGroup[];
  readonly say: Say;
  readonly testId: string;
}) {
  const { t } = useTranslation();
  return (
    <div className="scrolls">
      <table className="split" data-testid={testId}>
        <thead>
          <tr>
            <th>{t('replayGroup')}</th>
            <th className="figure">{t('replayVisits')}</th>
            <th className="figure">{t('replayDiffering')}</th>
            <th className="figure">{t('patient')}</th>
            <th className="figure">{t('replay.difference')}</th>
            <th>{t('payer')}</th>
          </tr>
        </thead>
        <tbody>
          {groups.map(({ key, name, visits, changed, patient, payers }) => (
            <tr key={key ?? ''}>
              <td>{say(name)}</td>
              <td className="figure">{visits}</td>
              <td className="figure">{changed}</td>
              <td className="figure">
                <Sum fen={patient.beforeFen} /> → <Sum fen={patient.afterFen} />
              </td>
              <td className="figure">
                <Difference
                  fen={patient.differenceFen}
                  tone={toneOf(patient.differenceFen, 'patient')}
                />
              </td>
              <td>
                {payers
                  .filter(({ differenceFen }) => differenceFen !== 0)
                  .map(({ payer, name: payerName, differenceFen }) => (
                    <span key={payer} className="payer">
                      <Swatch colour={payerColour(payer)} /> {say(payerName)}{' '}
                      <Difference fen={differenceFen} tone={toneOf(differenceFen, 'other')} />
                    </span>
                  ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const told = [
  'newlyCovered',
  'noLongerCovered',
  'throughTheYear',
  'otherReasons',
  'notSettled',
  'untouched',
] as const;

/** What must be known to read the figures, where there is any of it. */
function Notes({ report: { counts, skipped } }: { readonly report: ReplayView }) {
  const { t } = useTranslation();
  const notes = told.filter((each) => counts[each] > 0);
  if (notes.length === 0 && skipped.length === 0) return null;
  return (
    <ul className="notes" data-testid="replay-notes">
      {notes.map((each) => (
        <li key={each}>{t(`replayCount.${each}`, { count: counts[each] })}</li>
      ))}
      {skipped.map(({ code, visits }) => (
        <li key={code}>
          {t('replaySkipped')}：{t(`replaySkip.${code}`)} {visits}
        </li>
      ))}
    </ul>
  );
}
