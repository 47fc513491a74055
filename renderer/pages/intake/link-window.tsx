import { Input, Segmented, type InputRef } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { LinkReportView } from '../../../shared/contracts/intake.ts';
import { readReason } from '../../../shared/domain/written-text.ts';
import type { Refusal, Result, Words } from '../../../shared/domain/result.ts';
import type { Call } from '../../api/call.ts';
import { Dialog } from '../../components/dialog.tsx';
import { RefusalWords } from '../../components/refusal-words.tsx';
import { LinkChanges } from './link-changes.tsx';

type LinkWindowProps = {
  readonly call: Call;
  readonly language: 'zh' | 'en';
  readonly say: (words: Words) => string;
  readonly onDone: () => void;
  readonly onClose: () => void;
};

const linkActs = ['link', 'join', 'unlink'] as const;
type LinkAct = (typeof linkActs)[number];

/** Links a number to a person, joins a visit, or takes a number back: what would change is shown before it is done. */
export function LinkWindow({ call, language, say, onDone, onClose }: LinkWindowProps) {
  const { t } = useTranslation();
  const first = useRef<InputRef>(null);
  const [act, setAct] = useState<LinkAct>('link');
  const [number, setNumber] = useState('');
  const [to, setTo] = useState('');
  const [yearOf, setYearOf] = useState('');
  /** Both numbers have a year of their own. */
  const [asksYear, setAsksYear] = useState(false);
  const [visitId, setVisitId] = useState('');
  const [typed, setTyped] = useState('');
  /** What would change by what stands in the fields; null: it was not shown, or something else stands there now. */
  const [report, setReport] = useState<LinkReportView | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isBusy, setBusy] = useState(false);
  const reason = readReason(typed);
  const isNamed =
    number.trim() !== '' &&
    (act !== 'link' || to.trim() !== '') &&
    (act !== 'join' || visitId.trim() !== '');
  const run = (isPreview: boolean): Promise<Result<LinkReportView>> => {
    const given = { number, reason: isPreview ? '' : reason, isPreview };
    if (act === 'unlink') return call('intake:unlink-number', given);
    if (act === 'join') return call('intake:join-visit', { ...given, visitId: visitId.trim() });
    const counts = yearOf.trim() === '' ? {} : { yearOf };
    return call('intake:link-number', { ...given, to, ...counts });
  };
  const go = (): void => {
    const isPreview = report === null;
    if (isBusy || !isNamed || (!isPreview && reason === '')) return;
    setBusy(true);
    void run(isPreview).then((answer) => {
      setBusy(false);
      setRefusal(answer.ok ? null : answer.refusal);
      if (!answer.ok) {
        if (answer.refusal.code === 'two-years-stated') setAsksYear(true);
        return;
      }
      if (!isPreview) {
        onDone();
        return;
      }
      setReport(answer.value);
    });
  };
  /** What was shown was shown for what stood there. */
  const typing = (set: (text: string) => void) => ({
    onChange: (event: { readonly target: { readonly value: string } }) => {
      set(event.target.value);
      setReport(null);
      setRefusal(null);
    },
    onPressEnter: go,
  });
  return (
    <Dialog
      open
      width={760}
      style={{ top: 24 }}
      afterOpenChange={(isOpen) => {
        if (isOpen) first.current?.focus();
      }}
      title={t('linkTitle')}
      okText={t(report === null ? 'linkShow' : 'linkDo')}
      cancelText={t('cancel')}
      okButtonProps={{ disabled: !isNamed || (report !== null && reason === '') }}
      confirmLoading={isBusy}
      onOk={go}
      onCancel={onClose}
    >
      <div className="person-form link-form" data-testid="link-window">
        <Segmented<LinkAct>
          block
          value={act}
          onChange={(chosen) => {
            setAct(chosen);
            setReport(null);
            setRefusal(null);
          }}
          options={linkActs.map((each) => ({ value: each, label: t(`linkAct.${each}`) }))}
        />
        {act === 'join' ? (
          <label>
            <span>{t('linkVisitField')}</span>
            <Input
              data-testid="link-visit"
              maxLength={100}
              value={visitId}
              {...typing(setVisitId)}
            />
          </label>
        ) : null}
        <label>
          <span>
            {t(
              act === 'link'
                ? 'linkNumberField'
                : act === 'join'
                  ? 'linkJoinNumberField'
                  : 'linkUnlinkField',
            )}
          </span>
          <Input
            ref={first}
            data-testid="link-number"
            maxLength={64}
            value={number}
            {...typing(setNumber)}
          />
        </label>
        {act === 'link' ? (
          <>
            <label>
              <span>{t('linkToField')}</span>
              <Input data-testid="link-to" maxLength={64} value={to} {...typing(setTo)} />
            </label>
            {asksYear ? (
              <label>
                <span>{t('linkYearOfField')}</span>
                <Input
                  data-testid="link-year"
                  maxLength={64}
                  value={yearOf}
                  {...typing(setYearOf)}
                />
              </label>
            ) : null}
          </>
        ) : null}
        {report === null ? null : (
          <>
            <LinkChanges report={report} language={language} />
            <label>
              <span>{t('actReason')}</span>
              <Input
                autoFocus
                data-testid="act-reason"
                maxLength={200}
                placeholder={t('peopleReasonExample')}
                value={typed}
                onChange={(event) => {
                  setTyped(event.target.value);
                }}
                onPressEnter={go}
              />
            </label>
          </>
        )}
        {refusal === null ? null : <RefusalWords refusal={refusal} say={say} />}
      </div>
    </Dialog>
  );
}
