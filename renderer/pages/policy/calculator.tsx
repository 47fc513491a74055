import { Button, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { CalculatorForm, ReadablePack } from '../../../shared/contracts/policies.ts';
import type { Words } from '../../../shared/domain/result.ts';
import type { Call } from '../../api/call.ts';
import { RefusalWords } from '../../components/refusal-words.tsx';
import { CalculatorFields } from './calculator-fields.tsx';
import { CalculatorResult } from './calculator-result.tsx';
import { useCalculation } from './use-calculation.ts';

type CalculatorProps = {
  readonly call: Call;
  readonly pack: ReadablePack;
  readonly caseIndex: number;
  readonly say: (words: Words) => string;
  readonly onCase: (index: number) => void;
};

/** Change the bill, the hospital, the person: the split and its reckoning move with it. Keeps nothing. */
export function Calculator({ call, pack, caseIndex, say, onCase }: CalculatorProps) {
  const { t } = useTranslation();
  const [changed, setChanged] = useState<CalculatorForm | null>(null);
  const { calculated, isStale, refusal } = useCalculation(call, pack.row, caseIndex, changed);
  const form = changed ?? calculated?.form ?? null;
  const { approval } = pack.row;
  const isDraft = approval.isRequired && approval.state !== 'approved';
  return (
    <div className="calculator" data-testid="calculator">
      <div className="start">
        <strong className="notice">{t('calcNotice')}</strong>
        {isDraft ? (
          <strong className="notice" data-testid="calc-draft">
            {t('calcDraft')}
          </strong>
        ) : null}
        <label>
          {t('calcStart')}{' '}
          <Select
            size="small"
            showSearch={{ optionFilterProp: 'label' }}
            aria-label={t('calcStart')}
            value={calculated?.caseIndex ?? caseIndex}
            onChange={onCase}
            options={pack.cases
              .filter(({ notCovered }) => !notCovered)
              .map(({ index, sentence }) => ({ value: index, label: sentence }))}
          />
        </label>
        <Button
          size="small"
          disabled={changed === null}
          data-testid="calc-reset"
          onClick={() => {
            setChanged(null);
          }}
        >
          {t('calcReset')}
        </Button>
      </div>
      {form === null ? (
        <p className="note">{t('loading')}</p>
      ) : (
        <div className="sides">
          <CalculatorFields form={form} onChange={setChanged} />
          <div>
            {refusal === null ? null : <RefusalWords refusal={refusal} say={say} />}
            {calculated === null ? null : (
              <CalculatorResult calculated={calculated} isStale={isStale} say={say} />
            )}
          </div>
        </div>
      )}
    </div>
  );
}
