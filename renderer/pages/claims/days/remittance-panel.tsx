import { Button, Select } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { OutputOf } from '../../../../shared/contracts/contracts.ts';
import {
  remittancePartMax,
  type RemittanceRow,
} from '../../../../shared/contracts/reconciliation.ts';
import type { Refusal, Words } from '../../../../shared/domain/result.ts';
import type { Call } from '../../../api/call.ts';
import { Money } from '../../../components/money.tsx';
import { RefusalWords } from '../../../components/refusal-words.tsx';
import type { DaysOverview } from './use-days.ts';

type RemittancePanelProps = {
  readonly call: Call;
  readonly say: (words: Words) => string;
  readonly language: 'zh' | 'en';
  readonly mayAct: boolean;
  readonly payers: DaysOverview['payers'];
  readonly remittances: readonly RemittanceRow[];
  readonly onTaken: () => void;
  readonly onTakeBack: (remittance: RemittanceRow) => void;
};

/** Bytes of a part: as base64 they are four thirds. */
const partBytes = (remittancePartMax / 4) * 3;

type Taken = NonNullable<OutputOf<'reconciliation:remit'>['taken']>;
type State =
  | { readonly kind: 'none' }
  | { readonly kind: 'sending'; readonly name: string }
  | { readonly kind: 'taken'; readonly taken: Taken }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** A payer's file is dropped here and taken in; the latest ones, each of which can be taken back. */
export function RemittancePanel(props: RemittancePanelProps) {
  const { call, say, language, mayAct, payers, remittances, onTaken, onTakeBack } = props;
  const { t } = useTranslation();
  const chooser = useRef<HTMLInputElement>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [state, setState] = useState<State>({ kind: 'none' });
  const payer = chosen ?? payers[0]?.payer ?? null;
  const isBusy = state.kind === 'sending';
  const send = async (file: File, to: string): Promise<void> => {
    const { name, size } = file;
    setState({ kind: 'sending', name });
    for (let at = 0; at === 0 || at < size; at += partBytes) {
      const bytes = new Uint8Array(await file.slice(at, at + partBytes).arrayBuffer());
      const answer = await call('reconciliation:remit', {
        ...{ payer: to, file: name.slice(-300), part: base64Of(bytes) },
        ...{ isFirst: at === 0, isLast: at + partBytes >= size },
      });
      if (!answer.ok) {
        setState({ kind: 'refused', refusal: answer.refusal });
        return;
      }
      const { taken } = answer.value;
      if (taken !== null) setState({ kind: 'taken', taken });
    }
    onTaken();
  };
  const take = (file: File | undefined): void => {
    if (file !== undefined && payer !== null && mayAct && !isBusy) void send(file, payer);
  };
  return (
    <section className="upload" data-testid="remittances">
      <h2>{t('remittances')}</h2>
      {!mayAct || payer === null ? null : (
        <div
          className="file-drop remittance-drop"
          data-testid="remittance-drop"
          onDragOver={(event) => {
            event.preventDefault();
          }}
          onDrop={(event) => {
            event.preventDefault();
            take(event.dataTransfer.files[0]);
          }}
        >
          <p>{t('remittanceDrop')}</p>
          <Select
            aria-label={t('remittancePayer')}
            data-testid="remittance-payer"
            value={payer}
            onChange={setChosen}
            options={payers.map((each) => ({ value: each.payer, label: each.name[language] }))}
          />{' '}
          <Button disabled={isBusy} onClick={() => chooser.current?.click()}>
            {t('remittanceChoose')}
          </Button>
          <input
            ref={chooser}
            type="file"
            hidden
            data-testid="remittance-file"
            accept=".xlsx,.csv,.txt,.json"
            onChange={(event) => {
              take(event.target.files?.[0]);
              event.target.value = '';
            }}
          />
        </div>
      )}
      <div role="status" data-testid="remittance-result" data-state={state.kind}>
        {state.kind === 'sending' ? <p>{t('remittanceSending', { name: state.name })}</p> : null}
        {state.kind === 'refused' ? <RefusalWords refusal={state.refusal} say={say} /> : null}
        {state.kind === 'taken' ? (
          <p className={state.taken.inDoubt > 0 ? 'warn' : 'good'}>
            {state.taken.already
              ? t('remittanceAlready', { number: state.taken.number })
              : t('remittanceTaken', { ...state.taken })}
          </p>
        ) : null}
      </div>
      {remittances.length === 0 ? <p className="soft">{t('remittancesNone')}</p> : null}
      <ul className="remittance-list">
        {remittances.map((row) => (
          <li key={row.remittanceId} data-testid="remittance-row" data-state={row.state}>
            <span>
              <bdi>
                {t('remittanceLine', { number: row.number, day: row.paidOn, lines: row.lines })}
              </bdi>
              <br />
              {row.name[language]} · <Money fen={row.paidFen} />
            </span>
            {row.state === 'taken-back' ? (
              <span className="soft">{t('remittanceTakenBack')}</span>
            ) : mayAct ? (
              <Button
                size="small"
                data-testid="remittance-take-back"
                onClick={() => {
                  onTakeBack(row);
                }}
              >
                {t('dayAct.take-back')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
