import type { InputRef } from 'antd';
import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Refusal, Result, Words } from '../../../shared/domain/result.ts';
import { readReason } from '../../../shared/domain/written-text.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ReasonField } from '../../components/reason-field.tsx';
import { RefusalWords } from '../../components/refusal-words.tsx';

type ReasonWindowProps = {
  readonly title: string;
  readonly okText: string;
  readonly isDanger: boolean;
  readonly example: string;
  readonly say: (words: Words) => string;
  /** What it is about, and what will be. */
  readonly children: ReactNode;
  readonly act: (reason: string) => Promise<Result<unknown>>;
  readonly onDone: () => void;
  readonly onClose: () => void;
};

/** One act that takes a reason, read back before it is done. */
export function ReasonWindow(props: ReasonWindowProps) {
  const { title, okText, isDanger, example, say, children, act, onDone, onClose } = props;
  const { t } = useTranslation();
  const field = useRef<InputRef>(null);
  const [typed, setTyped] = useState('');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isBusy, setBusy] = useState(false);
  const reason = readReason(typed);
  const submit = (): void => {
    if (reason === '' || isBusy) return;
    setBusy(true);
    void act(reason).then((answer) => {
      setBusy(false);
      if (answer.ok) onDone();
      else setRefusal(answer.refusal);
    });
  };
  return (
    <Dialog
      open
      afterOpenChange={(isOpen) => {
        if (isOpen) field.current?.focus();
      }}
      title={title}
      okText={okText}
      cancelText={t('cancel')}
      okButtonProps={{ disabled: reason === '', danger: isDanger }}
      confirmLoading={isBusy}
      onOk={submit}
      onCancel={onClose}
    >
      <div className="person-form" data-testid="reason-window">
        {children}
        <ReasonField
          field={field}
          testId="act-reason"
          label={t('actReason')}
          example={example}
          typed={typed}
          onTyped={setTyped}
          onEnter={submit}
        />
        {refusal === null ? null : <RefusalWords refusal={refusal} say={say} />}
      </div>
    </Dialog>
  );
}
