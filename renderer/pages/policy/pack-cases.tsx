import { Button, Checkbox } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { ReadablePack } from '../../../shared/contracts/policies.ts';
import type { Words } from '../../../shared/domain/result.ts';

type PackCase = ReadablePack['cases'][number];
type PackCasesProps = {
  readonly cases: readonly PackCase[];
  /** A higher version counts instead: its cases are not run any more. */
  readonly isReplaced: boolean;
  readonly say: (words: Words) => string;
  readonly onOpen: (index: number) => void;
};

/** The cases of a pack, run now: what each states, what it comes to, and its arithmetic. */
export function PackCases({ cases, isReplaced, say, onOpen }: PackCasesProps) {
  const { t } = useTranslation();
  const [onlyFailed, setOnlyFailed] = useState(false);
  const failed = cases.filter(({ ok }) => !ok);
  if (isReplaced) {
    return (
      <div className="pack-cases" data-testid="pack-cases">
        <p className="note" role="status">
          {t('casesReplaced')}
        </p>
      </div>
    );
  }
  return (
    <div className="pack-cases" data-testid="pack-cases">
      <p className={failed.length === 0 ? 'all-ok' : 'some-failed'} role="status">
        {failed.length === 0
          ? `✓ ${t('casesAllOk', { count: cases.length })}`
          : `✗ ${t('casesFailed', { count: failed.length })}`}
        {failed.length === 0 ? null : (
          <Checkbox
            checked={onlyFailed}
            onChange={({ target }) => {
              setOnlyFailed(target.checked);
            }}
          >
            {t('casesShowFailed')}
          </Checkbox>
        )}
      </p>
      <ol>
        {(onlyFailed ? failed : cases).map((each) => (
          <CaseRow key={each.index} packCase={each} say={say} onOpen={onOpen} />
        ))}
      </ol>
    </div>
  );
}

function CaseRow({
  packCase,
  say,
  onOpen,
}: {
  readonly packCase: PackCase;
  readonly say: PackCasesProps['say'];
  readonly onOpen: PackCasesProps['onOpen'];
}) {
  const { t } = useTranslation();
  const { index, sentence, ok, notCovered, amounts, because, problems, whyNotCovered } = packCase;
  return (
    <li data-testid={`case-${String(index)}`}>
      <details open={!ok}>
        <summary>
          <span className={ok ? 'ready' : 'failed'}>
            {ok ? '✓' : '✗'} {t(ok ? 'caseOk' : 'caseFailed')}
          </span>
          <span className="sentence">{sentence}</span>
        </summary>
        {problems.map((problem) => (
          <p className="failed" key={problem.en}>
            {say(problem)}
          </p>
        ))}
        {notCovered ? (
          <p data-testid={`why-not-covered-${String(index)}`}>
            {t('caseNotCovered')}
            {whyNotCovered === null ? null : `：${say(whyNotCovered)}`}
          </p>
        ) : (
          <table>
            <tbody>
              {amounts.map(({ amount, name, expected, actual }) => (
                <tr key={amount} className={expected === actual ? '' : 'failed'}>
                  <th scope="row">{say(name)}</th>
                  <td className="figure money">{expected}</td>
                  <td className="how">
                    {expected === actual ? '' : `${t('caseActual')} ${actual} `}
                    <code>{because.find((each) => each.amount === amount)?.text ?? ''}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        <CaseInput packCase={packCase} />
        {notCovered ? null : (
          <Button
            size="small"
            data-testid={`calculate-${String(index)}`}
            onClick={() => {
              onOpen(index);
            }}
          >
            {t('caseOpen')}
          </Button>
        )}
      </details>
    </li>
  );
}

/** The whole visit of a case, folded; what the case sets beside its file stands out. */
function CaseInput({ packCase: { index, input } }: { readonly packCase: PackCase }) {
  const { t } = useTranslation();
  if (input.length === 0) return null;
  return (
    <details className="case-input" data-testid={`case-input-${String(index)}`}>
      <summary>{t('caseInput', { count: input.filter(({ isSet }) => isSet).length })}</summary>
      <dl className="pack-lines">
        {input.map(({ pointer, name, text, isSet }) => (
          <div key={pointer}>
            <dt title={pointer}>{name}</dt>
            <dd>{isSet ? <strong>{text}</strong> : text}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
