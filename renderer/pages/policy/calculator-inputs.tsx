import { Input, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Fen } from '../../../shared/money/fen.ts';
import { fenFromYuanText, yuanTextFromFen } from '../../../shared/money/yuan-text.ts';

/** A field with its label above it. */
export function Field({
  label,
  wide = false,
  children,
}: {
  readonly label: string;
  readonly wide?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <label className={wide ? 'field wide' : 'field'}>
      <span>{label}</span>
      {children}
    </label>
  );
}

/** What every field has: its name, its words, and who hears of a good value. */
type Labelled<Value> = {
  readonly name: string;
  readonly label: string;
  readonly onChange: (value: Value) => void;
};

/** Nothing, or a wrong text, is kept in the field and not in the form: the last good amount counts. */
export function Amount({ name, label, fen, onChange }: Labelled<Fen> & { readonly fen: Fen }) {
  const { t } = useTranslation();
  return (
    <Typed
      name={name}
      label={label}
      stated={yuanTextFromFen(fen)}
      inputMode="decimal"
      wrong={t('calcAmountWrong')}
      isRight={(text) => /^(0|[1-9]\d{0,8})(\.\d{1,2})?$/.test(text)}
      onChange={(text) => {
        const [whole = '0', decimals = ''] = text.split('.');
        onChange(fenFromYuanText(`${whole}.${decimals.padEnd(2, '0')}`));
      }}
    />
  );
}

export function Count({
  name,
  label,
  value,
  most,
  onChange,
}: Labelled<number> & { readonly value: number; readonly most: number }) {
  const { t } = useTranslation();
  return (
    <Typed
      name={name}
      label={label}
      stated={String(value)}
      inputMode="numeric"
      wrong={t('calcNumberWrong')}
      isRight={(text) => /^\d{1,3}$/.test(text) && Number(text) <= most}
      onChange={(text) => {
        onChange(Number(text));
      }}
    />
  );
}

export function Day({
  name,
  label,
  value,
  onChange,
}: Labelled<string> & { readonly value: string }) {
  const { t } = useTranslation();
  return (
    <Typed
      name={name}
      label={label}
      stated={value}
      type="date"
      wrong={t('calcDayWrong')}
      isRight={(text) => /^\d{4}-\d{2}-\d{2}$/.test(text)}
      onChange={onChange}
    />
  );
}

function Typed({
  name,
  label,
  stated,
  type = 'text',
  inputMode,
  wrong,
  isRight,
  onChange,
}: Labelled<string> & {
  readonly stated: string;
  readonly type?: 'text' | 'date';
  readonly inputMode?: 'decimal' | 'numeric';
  readonly wrong: string;
  readonly isRight: (text: string) => boolean;
}) {
  // While it is being typed the field shows what was typed; left, it shows what counts.
  const [typed, setTyped] = useState<string | null>(null);
  const bad = typed !== null && !isRight(typed.trim());
  return (
    <Field label={label}>
      <Input
        size="small"
        name={name}
        data-testid={`calc-${name}`}
        type={type}
        {...(inputMode === undefined ? {} : { inputMode })}
        status={bad ? 'error' : ''}
        title={bad ? wrong : undefined}
        aria-invalid={bad}
        value={typed ?? stated}
        onFocus={({ target }) => {
          target.select();
        }}
        onBlur={() => {
          setTyped(null);
        }}
        onChange={({ target }) => {
          setTyped(target.value);
          const text = target.value.trim().replaceAll(',', '');
          if (isRight(text)) onChange(text);
        }}
      />
      {bad ? <em role="alert">{wrong}</em> : null}
    </Field>
  );
}

export function Text({
  name,
  label,
  value,
  onChange,
}: Labelled<string> & { readonly value: string }) {
  return (
    <Field label={label}>
      <Input
        size="small"
        name={name}
        data-testid={`calc-${name}`}
        maxLength={20}
        value={value}
        onChange={({ target }) => {
          onChange(target.value.trim());
        }}
      />
    </Field>
  );
}

export function Choice<Value extends string | number | null>({
  name,
  label,
  value,
  values,
  onChange,
}: {
  readonly name: string;
  readonly label: string;
  readonly value: Value;
  readonly values: readonly (readonly [Value, string])[];
  readonly onChange: (value: Value) => void;
}) {
  return (
    <Field label={label}>
      <Select
        size="small"
        data-testid={`calc-${name}`}
        aria-label={label}
        value={values.findIndex(([each]) => each === value)}
        onChange={(index) => {
          const chosen = values[index];
          if (chosen !== undefined) onChange(chosen[0]);
        }}
        options={values.map(([, text], index) => ({ value: index, label: text }))}
      />
    </Field>
  );
}
