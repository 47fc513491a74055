import { InputNumber } from 'antd';
import { useRef, useState, type ComponentRef } from 'react';
import { useTranslation } from 'react-i18next';

import { tenderKinds, type Tender, type TenderKind } from '../../../shared/domain/visit.ts';
import { fen, type Fen } from '../../../shared/money/fen.ts';
import {
  fenFromYuanText,
  yuanTextFromFen,
  yuanTextPattern,
} from '../../../shared/money/yuan-text.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Money } from '../../components/money.tsx';

type TenderWindowProps = {
  readonly dueFen: Fen;
  readonly onChoose: (tenders: readonly Tender[]) => void;
  readonly onClose: () => void;
};

const otherKinds = tenderKinds.filter((kind) => kind !== 'cash');

/** How the patient's part is paid: other kinds are typed in, the rest is cash. */
export function TenderWindow({ dueFen, onChoose, onClose }: TenderWindowProps) {
  const { t } = useTranslation();
  const firstField = useRef<ComponentRef<typeof InputNumber>>(null);
  const [texts, setTexts] = useState<Readonly<Partial<Record<TenderKind, string>>>>({});
  const others = otherKinds.flatMap((kind): Tender[] => {
    const text = texts[kind] ?? '';
    const amountFen = yuanTextPattern.test(text) ? fenFromYuanText(text) : fen(0);
    return amountFen > 0 ? [{ kind, amountFen }] : [];
  });
  const rest = others.reduce<number>((left, { amountFen }) => left - amountFen, dueFen);
  const accept = (): void => {
    if (rest < 0) return;
    const cash: readonly Tender[] = rest > 0 ? [{ kind: 'cash', amountFen: fen(rest) }] : [];
    onChoose([...others, ...cash]);
  };
  return (
    <Dialog
      afterOpenChange={(isOpen) => {
        if (isOpen) firstField.current?.focus();
      }}
      open
      title={t('tenders')}
      okText={t('ok')}
      cancelText={t('cancel')}
      onOk={accept}
      onCancel={onClose}
      okButtonProps={{ disabled: rest < 0 }}
    >
      {otherKinds.map((kind, index) => (
        <label className="tender-line" key={kind}>
          {t(`tender.${kind}`)}
          <InputNumber
            stringMode
            ref={index === 0 ? firstField : null}
            suffix="元"
            min="0"
            max={yuanTextFromFen(dueFen)}
            precision={2}
            controls={false}
            value={texts[kind] ?? null}
            onChange={(value) => {
              setTexts({ ...texts, [kind]: value ?? '' });
            }}
            onPressEnter={accept}
          />
        </label>
      ))}
      <p>
        {rest < 0 ? t('tenderTooMuch') : t('tenderRest')} <Money fen={fen(Math.abs(rest))} />
      </p>
    </Dialog>
  );
}
