import { Input, type InputRef } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Dialog } from '../../components/dialog.tsx';

type ReprintWindowProps = {
  readonly onPrint: (reason: string) => void;
  readonly onClose: () => void;
};

/** One more sheet, marked 补打, with the reason that the audit keeps. */
export function ReprintWindow({ onPrint, onClose }: ReprintWindowProps) {
  const { t } = useTranslation();
  const firstField = useRef<InputRef>(null);
  const [reason, setReason] = useState(t('printReasonUsual'));
  const accept = (): void => {
    if (reason.trim() !== '') onPrint(reason.trim());
  };
  return (
    <Dialog
      afterOpenChange={(isOpen) => {
        if (isOpen) firstField.current?.focus();
      }}
      open
      title={t('printAgain')}
      okText={t('ok')}
      cancelText={t('cancel')}
      onOk={accept}
      onCancel={onClose}
    >
      <label>
        {t('printReason')}
        <Input
          ref={firstField}
          maxLength={200}
          value={reason}
          onChange={(event) => {
            setReason(event.target.value);
          }}
          onPressEnter={accept}
        />
      </label>
    </Dialog>
  );
}
