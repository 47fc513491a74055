import { Checkbox, Select } from 'antd';
import { useTranslation } from 'react-i18next';

import type { CalculatorForm } from '../../../shared/contracts/policies.ts';
import { personCategories } from '../../../shared/domain/person.ts';
import { hospitalLevels, hospitalTypes } from '../../../shared/domain/visit.ts';
import { Amount, Choice, Count, Day, Field, Text } from './calculator-inputs.tsx';

type FieldsProps = {
  readonly form: CalculatorForm;
  readonly onChange: (form: CalculatorForm) => void;
};

/** Everything of a visit that rules ask for. */
export function CalculatorFields({ form, onChange }: FieldsProps) {
  const { t } = useTranslation();
  const set = (parts: Partial<CalculatorForm>): void => {
    onChange({ ...form, ...parts });
  };
  const setYear = (parts: Partial<CalculatorForm['year']>): void => {
    set({ year: { ...form.year, known: true, ...parts } });
  };
  const bill = (name: keyof CalculatorForm['bill'], label: string) => (
    <Amount
      label={t(label)}
      name={name}
      fen={form.bill[name]}
      onChange={(fen) => {
        set({ bill: { ...form.bill, [name]: fen } });
      }}
    />
  );
  return (
    <form
      className="calculator-fields"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <fieldset>
        <legend>{t('calcBill')}</legend>
        {bill('eligibleFen', 'calc.eligible')}
        {bill('firstSelfPayFen', 'calc.firstSelfPay')}
        {bill('classCFen', 'calc.classC')}
        {bill('aboveCeilingFen', 'calc.aboveCeiling')}
      </fieldset>
      <fieldset>
        <legend>{t('calcVisit')}</legend>
        <Choice
          name="hospitalLevel"
          label={t('calc.level')}
          value={form.hospitalLevel}
          values={hospitalLevels.map((level) => [level, t(`level.${level}`)])}
          onChange={(hospitalLevel) => {
            set({ hospitalLevel });
          }}
        />
        <Choice
          name="hospitalGrade"
          label={t('calc.grade')}
          value={form.hospitalGrade}
          values={[
            [null, t('unknownValue')],
            ...([1, 2, 3] as const).map((grade) => [grade, t(`grade.${String(grade)}`)] as const),
          ]}
          onChange={(hospitalGrade) => {
            set({ hospitalGrade });
          }}
        />
        <Choice
          name="hospitalType"
          label={t('calc.type')}
          value={form.hospitalType}
          values={[
            [null, t('unknownValue')],
            ...hospitalTypes.map((type) => [type, t(`type.${type}`)] as const),
          ]}
          onChange={(hospitalType) => {
            set({ hospitalType });
          }}
        />
        <Choice
          name="kind"
          label={t('calc.kind')}
          value={form.kind}
          values={(['inpatient', 'outpatient'] as const).map((kind) => [kind, t(kind)])}
          onChange={(kind) => {
            set({ kind });
          }}
        />
        <Text
          name="diagnosis"
          label={t('calc.diagnosis')}
          value={form.diagnosis}
          onChange={(diagnosis) => {
            set({ diagnosis });
          }}
        />
        <Text
          name="procedure"
          label={t('calc.procedure')}
          value={form.procedure}
          onChange={(procedure) => {
            set({ procedure });
          }}
        />
        <Choice
          name="referral"
          label={t('calc.referral')}
          value={form.referral}
          values={(['none', 'valid', 'late'] as const).map((state) => [
            state,
            t(`referral.${state}`),
          ])}
          onChange={(referral) => {
            set({ referral });
          }}
        />
        <Choice
          name="outOfArea"
          label={t('calc.outOfArea')}
          value={form.outOfArea}
          values={(['local', 'none', 'referral', 'long-term'] as const).map((state) => [
            state,
            t(`outOfArea.${state}`),
          ])}
          onChange={(outOfArea) => {
            set({ outOfArea });
          }}
        />
        <Checkbox
          checked={form.emergency}
          onChange={({ target }) => {
            set({ emergency: target.checked });
          }}
        >
          {t('calc.emergency')}
        </Checkbox>
      </fieldset>
      <fieldset>
        <legend>{t('calcPerson')}</legend>
        <Choice
          name="insurance"
          label={t('calc.insurance')}
          value={form.insurance}
          values={(['resident', 'employee', 'none'] as const).map((each) => [
            each,
            t(`insurance.${each}`),
          ])}
          onChange={(insurance) => {
            set({ insurance });
          }}
        />
        <Choice
          name="employment"
          label={t('calc.employment')}
          value={form.employment}
          values={[
            [null, t('unknownValue')],
            ...(['working', 'retired', 'civil-servant'] as const).map(
              (each) => [each, t(`employment.${each}`)] as const,
            ),
          ]}
          onChange={(employment) => {
            set({ employment });
          }}
        />
        <Count
          name="age"
          label={t('calc.age')}
          value={form.age}
          most={130}
          onChange={(age) => {
            set({ age });
          }}
        />
        <Field label={t('calc.categories')} wide>
          <Select
            mode="multiple"
            size="small"
            data-testid="calc-categories"
            aria-label={t('calc.categories')}
            placeholder={t('noneValue')}
            value={form.categories}
            onChange={(categories) => {
              set({ categories });
            }}
            options={personCategories.map((name) => ({
              value: name,
              label: t(`category.${name}`),
            }))}
          />
        </Field>
      </fieldset>
      <fieldset>
        <legend>{t('calcYear')}</legend>
        <Checkbox
          checked={form.year.known}
          onChange={({ target }) => {
            setYear({ known: target.checked });
          }}
        >
          {t('calc.known')}
        </Checkbox>
        <Day
          name="asOf"
          label={t('calc.asOf')}
          value={form.year.asOf}
          onChange={(asOf) => {
            setYear({ asOf });
          }}
        />
        <Count
          name="admissions"
          label={t('calc.admissions')}
          value={form.year.admissions}
          most={200}
          onChange={(admissions) => {
            setYear({ admissions });
          }}
        />
        <Amount
          name="yearEligible"
          label={t('calc.yearEligible')}
          fen={form.year.eligibleFen}
          onChange={(eligibleFen) => {
            setYear({ eligibleFen });
          }}
        />
        <Amount
          name="selfPay"
          label={t('calc.selfPay')}
          fen={form.year.selfPayFen}
          onChange={(selfPayFen) => {
            setYear({ selfPayFen });
          }}
        />
        <Amount
          name="eligibleSelfPay"
          label={t('calc.eligibleSelfPay')}
          fen={form.year.eligibleSelfPayFen}
          onChange={(eligibleSelfPayFen) => {
            setYear({ eligibleSelfPayFen });
          }}
        />
      </fieldset>
    </form>
  );
}
