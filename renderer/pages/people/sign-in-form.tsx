import { Button } from 'antd';
import { useState, type ReactNode } from 'react';

import type { Refusal, Words } from '../../../shared/domain/result.ts';
import { RefusalWords } from '../../components/refusal-words.tsx';

export type Say = (words: Words) => string;

type Submit = {
  readonly refusal: Refusal | null;
  readonly isBusy: boolean;
  readonly run: (work: () => Promise<Refusal | null>) => void;
};

/** One submission at a time; what was refused stays until the next. */
export function useSubmit(): Submit {
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isBusy, setBusy] = useState(false);
  return {
    refusal,
    isBusy,
    run: (work) => {
      if (isBusy) return;
      setBusy(true);
      void work().then((next) => {
        setBusy(false);
        setRefusal(next);
      });
    },
  };
}

type FormProps = {
  readonly form: Submit;
  readonly say: Say;
  readonly title: string;
  readonly hint: string;
  readonly button: string;
  readonly isReady: boolean;
  readonly onSubmit: () => Promise<Refusal | null>;
  readonly after: string;
  /** A second button, never the one of Enter. */
  readonly other?: { readonly text: string; readonly press: () => void };
  readonly children?: ReactNode;
};

/** Fields and the one filled button; Enter is the button, as the browser has it. */
export function Form({
  form,
  say,
  title,
  hint,
  button,
  isReady,
  onSubmit,
  after,
  other,
  children,
}: FormProps) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) form.run(onSubmit);
      }}
    >
      <h2>{title}</h2>
      <p>{hint}</p>
      {children}
      {form.refusal === null ? null : <RefusalWords refusal={form.refusal} say={say} />}
      <div className="buttons">
        {other === undefined ? null : (
          <Button size="large" data-testid="sign-in-other" onClick={other.press}>
            {other.text}
          </Button>
        )}
        <Button
          type="primary"
          size="large"
          htmlType="submit"
          data-testid="sign-in-go"
          loading={form.isBusy}
          disabled={!isReady}
        >
          {button} <kbd>Enter</kbd>
        </Button>
      </div>
      {after === '' ? null : <p className="note">{after}</p>}
    </form>
  );
}

export function Field({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ReactNode;
}) {
  return (
    <label>
      <span>{label}</span>
      {children}
    </label>
  );
}
