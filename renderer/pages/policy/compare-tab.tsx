import { Checkbox, Select } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { PackComparison, PackRow } from '../../../shared/contracts/policies.ts';
import type { Refusal, Words } from '../../../shared/domain/result.ts';
import type { Call } from '../../api/call.ts';
import { RefusalWords } from '../../components/refusal-words.tsx';

type Say = (words: Words) => string;

type CompareTabProps = {
  readonly call: Call;
  readonly row: PackRow;
  /** The other versions of the same pack. */
  readonly others: readonly PackRow[];
  readonly say: Say;
};

/** Two versions side by side: what they say differently, and how the cases of the one come out under the other. */
export function CompareTab({ call, row, others, say }: CompareTabProps) {
  const { t } = useTranslation();
  const [before, setBefore] = useState(others[0]?.version ?? '');
  const [shown, setShown] = useState<{
    readonly of: string;
    readonly value: PackComparison;
  } | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const { pack, version } = row;
  useEffect(() => {
    let current = true;
    void call('policies:compare', { pack, version, before }).then((answer) => {
      if (!current) return;
      setRefusal(answer.ok ? null : answer.refusal);
      setShown(answer.ok ? { of: before, value: answer.value } : null);
    });
    return () => {
      current = false;
    };
  }, [call, pack, version, before]);
  return (
    <div className="compare" data-testid="compare-versions">
      <label className="compare-with">
        {t('compareWith')}{' '}
        <Select
          size="small"
          aria-label={t('compareWith')}
          value={before}
          onChange={setBefore}
          options={others.map((other) => ({ value: other.version, label: other.version }))}
        />{' '}
        → <strong>{version}</strong>
      </label>
      {refusal === null ? null : <RefusalWords refusal={refusal} say={say} />}
      {shown === null ? (
        refusal === null && <p className="note">{t('loading')}</p>
      ) : (
        <>
          <Sections comparison={shown.value} before={shown.of} after={version} say={say} />
          <Cases comparison={shown.value} before={shown.of} after={version} say={say} />
        </>
      )}
    </div>
  );
}

type PartProps = {
  readonly comparison: PackComparison;
  readonly before: string;
  readonly after: string;
  readonly say: Say;
};

function Sections({ comparison: { sections }, before, after, say }: PartProps) {
  const { t } = useTranslation();
  if (sections.length === 0) return <p className="note">{t('compareSameWords')}</p>;
  return (
    <table className="split compare-words" data-testid="compare-words">
      <thead>
        <tr>
          <th />
          <th>{before}</th>
          <th>{after}</th>
        </tr>
      </thead>
      {sections.map(({ name, rows }) => (
        <tbody key={name.en}>
          <tr>
            <th colSpan={3} scope="rowgroup">
              {say(name)}
            </th>
          </tr>
          {rows.map((each, index) => (
            <tr key={`${each.label.en} ${String(index)}`}>
              <td>{say(each.label)}</td>
              <td className={each.after === null ? 'removed' : ''}>
                {each.before === null ? '—' : say(each.before)}
              </td>
              <td className={each.before === null ? 'added' : ''}>
                {each.after === null ? '—' : say(each.after)}
              </td>
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}

function Cases({ comparison: { cases }, before, after, say }: PartProps) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const differing = cases.filter(({ amounts }) => amounts.length > 0);
  return (
    <section>
      <h3>{t('compareCases', { before, after })}</h3>
      <p role="status" data-testid="compare-count">
        {t('compareCounts', { all: cases.length, differing: differing.length })}{' '}
        <Checkbox
          checked={all}
          onChange={({ target }) => {
            setAll(target.checked);
          }}
        >
          {t('compareShowAll')}
        </Checkbox>
      </p>
      <table className="split" data-testid="compare-cases">
        <tbody>
          {(all ? cases : differing).map(({ sentence, amounts }) => (
            <tr key={sentence}>
              <td>{sentence}</td>
              <td>
                {amounts.length === 0 ? (
                  <span className="soft">{t('compareSame')}</span>
                ) : (
                  amounts.map((amount) => (
                    <div key={amount.amount}>
                      {say(amount.name)} <span className="money">{amount.before ?? '—'}</span> →{' '}
                      <strong className="money">{amount.after ?? '—'}</strong>
                    </div>
                  ))
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
