import { Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { AgeingAsked, IntakeList } from '../../../shared/contracts/intake-lists.ts';
import type { Refusal, Words } from '../../../shared/domain/result.ts';
import type { Call } from '../../api/call.ts';
import { Dialog } from '../../components/dialog.tsx';
import { RefusalWords } from '../../components/refusal-words.tsx';
import { saveFile } from '../../components/save-file.ts';

type Format = 'csv' | 'xlsx';

type ExportWindowProps = {
  readonly call: Call;
  readonly list: IntakeList;
  readonly ageing: AgeingAsked;
  readonly language: 'zh' | 'en';
  readonly say: (words: Words) => string;
  readonly onDone: (told: string) => void;
  readonly onClose: () => void;
};

/** A list taken along as a file: as what, and that it is kept who took it. */
export function ExportWindow(props: ExportWindowProps) {
  const { call, list, ageing, language, say, onDone, onClose } = props;
  const { t } = useTranslation();
  const [format, setFormat] = useState<Format>('xlsx');
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const take = (): void => {
    if (isBusy) return;
    setBusy(true);
    setRefusal(null);
    const order = { list, format, language };
    const asked = list === 'ageing' ? { ...order, ageing } : order;
    void call('intake:export-list', asked).then((answer) => {
      setBusy(false);
      if (!answer.ok) {
        setRefusal(answer.refusal);
        return;
      }
      const { fileName, fileBase64, rows } = answer.value;
      saveFile(fileName, fileBase64, format);
      onDone(t('exportDone', { file: fileName, count: rows }));
    });
  };
  return (
    <Dialog
      open
      focusesOk
      title={t('exportTitle', { list: t(`intakeSection.${list}`) })}
      okText={t('exportDo')}
      cancelText={t('cancel')}
      confirmLoading={isBusy}
      onOk={take}
      onCancel={onClose}
    >
      <div className="person-form link-form" data-testid="export-window">
        <Segmented<Format>
          value={format}
          onChange={setFormat}
          options={(['xlsx', 'csv'] as const).map((each) => ({
            value: each,
            label: <span data-testid={`export-${each}`}>{t(`exportAs.${each}`)}</span>,
          }))}
        />
        {list === 'ageing' && (ageing.waitsFor !== null || ageing.daysAtLeast !== null) ? (
          <p>
            {t('exportAgeing', {
              who: t(`ageingWaitsFor.${ageing.waitsFor ?? 'all'}`),
              days:
                ageing.daysAtLeast === null
                  ? t('ageingAll')
                  : t('ageingAtLeast', { count: ageing.daysAtLeast }),
            })}
          </p>
        ) : null}
        <p className="warn">{t('exportHint')}</p>
        {refusal === null ? null : <RefusalWords refusal={refusal} say={say} />}
      </div>
    </Dialog>
  );
}
