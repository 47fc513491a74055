import { useTranslation } from 'react-i18next';

import type { VisitPreview } from '../../../shared/contracts/settlement.ts';
import type { Words } from '../../../shared/domain/result.ts';
import { fenFromYuanText } from '../../../shared/money/yuan-text.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Money } from '../../components/money.tsx';
import { nodesOfStep, type NodeOfContract } from '../../components/step-reason.ts';

type ClauseWindowProps = {
  readonly preview: VisitPreview;
  readonly step: string;
  readonly say: (words: Words) => string;
  readonly onClose: () => void;
};

/** Why a payer owes what it owes: every node of the trace, its figures and the article it comes from. */
export function ClauseWindow({ preview, step, say, onClose }: ClauseWindowProps) {
  const { t } = useTranslation();
  const share = preview.result.shares.find((each) => each.step === step);
  return (
    <Dialog
      open
      width={720}
      title={share === undefined ? step : say(share.name)}
      onCancel={onClose}
      footer={null}
    >
      <div data-testid="clause">
        {nodesOfStep(preview.result, step).map((node) => (
          <dl className="clause" key={node.id}>
            <dt>{t('rule')}</dt>
            <dd>
              {say(node.text)}
              {node.assumed ? <span className="assumed">{t('assumed')}</span> : null}
            </dd>
            {node.formula === undefined ? null : <dd className="money">{node.formula}</dd>}
            <Amounts inputs={node.inputs} />
            {node.adds.map(({ to, amountFen }) =>
              to.startsWith('/shares/') ? (
                <dd key={to}>
                  <strong>
                    <Money fen={amountFen} />
                  </strong>
                </dd>
              ) : null,
            )}
            {node.source === null ? null : (
              <>
                <dt>{t('source')}</dt>
                <dd>{say(sourceWords(node.source))}</dd>
              </>
            )}
          </dl>
        ))}
        <details className="clause-bill">
          <summary>{t('billBase')}</summary>
          <ul>
            {preview.result.trace
              .filter(({ id }) => id === 'bill' || id.startsWith('bill.'))
              .map((node) => (
                <li key={node.id}>
                  {say(node.text)} <span className="money">{node.formula ?? ''}</span>
                </li>
              ))}
          </ul>
        </details>
      </div>
    </Dialog>
  );
}

/** The source in both languages; where the pack gives no English article the Chinese one stands. */
function sourceWords(source: NonNullable<NodeOfContract['source']>): Words {
  const { document, documentEn, article, articleEn } = source;
  return {
    zh: `${document} ${article}`,
    en: `${documentEn ?? document} ${articleEn ?? article}`,
  };
}

/** Inputs of a node that are amounts, in yuan text. */
const amountNames = [
  'baseAmount',
  'deductible',
  'borneBefore',
  'borne',
  'quota',
  'actual',
  'patient',
  'hospital',
  'yearBefore',
  'need',
  'inScope',
  'firstPay',
  'beforeLimit',
  'ceilingLeft',
  'paidThisYear',
] as const;

/** The figures the rule was applied to. */
function Amounts({ inputs }: { readonly inputs: NodeOfContract['inputs'] }) {
  const { t } = useTranslation();
  const shown = amountNames.flatMap((name) => {
    const text = inputs[name];
    return typeof text === 'string' ? [{ name, amountFen: fenFromYuanText(text) }] : [];
  });
  if (shown.length === 0) return null;
  return (
    <dd className="inputs">
      {shown.map(({ name, amountFen }) => (
        <span key={name}>
          {t(`input.${name}`)} <Money fen={amountFen} unit={false} />
        </span>
      ))}
    </dd>
  );
}
