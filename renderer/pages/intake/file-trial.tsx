import { Button, Progress } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { trialPartMax, type TrialView } from '../../../shared/contracts/intake.ts';
import type { Refusal } from '../../../shared/domain/result.ts';
import { RefusalWords } from '../../components/refusal-words.tsx';
import { useListKeys } from '../../components/use-list-keys.ts';
import type { IntakeSectionProps } from './intake-section.ts';
import { ProblemTable } from './problem-table.tsx';

/** Bytes of a part: as base64 they are four thirds. */
const partBytes = (trialPartMax / 4) * 3;

type State =
  | { readonly kind: 'none' }
  | { readonly kind: 'sending'; readonly name: string; readonly percent: number }
  | { readonly kind: 'checking'; readonly name: string }
  | { readonly kind: 'tried'; readonly name: string; readonly view: TrialView }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** A file is dropped here to see what taking it in would come to; nothing of it is kept. */
export function FileTrial({ call, role, language, say, onBack }: IntakeSectionProps) {
  const { t } = useTranslation();
  const chooser = useRef<HTMLInputElement>(null);
  const [state, setState] = useState<State>({ kind: 'none' });
  const mayTry = role === 'it-clerk';
  const isBusy = state.kind === 'sending' || state.kind === 'checking';
  const tryIt = async (file: File): Promise<void> => {
    const { name, size, lastModified } = file;
    setState({ kind: 'sending', name, percent: 0 });
    const changedAt = new Date(lastModified).toISOString();
    const begun = await call('intake:begin-trial', { name: name.slice(-300), changedAt });
    if (!begun.ok) {
      setState({ kind: 'refused', refusal: begun.refusal });
      return;
    }
    for (let at = 0; at < size; at += partBytes) {
      const bytes = new Uint8Array(await file.slice(at, at + partBytes).arrayBuffer());
      const added = await call('intake:add-to-trial', { part: base64Of(bytes) });
      if (!added.ok) {
        setState({ kind: 'refused', refusal: added.refusal });
        return;
      }
      setState({ kind: 'sending', name, percent: Math.floor((at * 100) / size) });
    }
    setState({ kind: 'checking', name });
    const tried = await call('intake:run-trial', {});
    setState(
      tried.ok
        ? { kind: 'tried', name, view: tried.value }
        : { kind: 'refused', refusal: tried.refusal },
    );
  };
  const take = (file: File | undefined): void => {
    if (file !== undefined && mayTry && !isBusy) void tryIt(file);
  };
  useListKeys({
    back: onBack,
    move: () => undefined,
    first: () => {
      if (mayTry && !isBusy) chooser.current?.click();
    },
    second: () => undefined,
  });
  if (!mayTry) return <p className="note">{t('trialOnlyClerk')}</p>;
  return (
    <>
      <div
        className="file-drop"
        data-testid="file-drop"
        onDragOver={(event) => {
          event.preventDefault();
        }}
        onDrop={(event) => {
          event.preventDefault();
          take(event.dataTransfer.files[0]);
        }}
      >
        <p>{t('trialDrop')}</p>
        <Button type="primary" disabled={isBusy} onClick={() => chooser.current?.click()}>
          {t('trialChoose')} <kbd>F8</kbd>
        </Button>
        <input
          ref={chooser}
          type="file"
          hidden
          data-testid="trial-file"
          accept=".xlsx,.csv,.txt,.json"
          onChange={(event) => {
            take(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
      </div>
      <div data-testid="trial" data-state={state.kind} role="status" className="trial-result">
        {state.kind === 'sending' ? (
          <>
            <p>{t('trialSending', { name: state.name, percent: state.percent })}</p>
            <Progress percent={state.percent} size="small" />
          </>
        ) : null}
        {state.kind === 'checking' ? <p>{t('trialChecking', { name: state.name })}</p> : null}
        {state.kind === 'refused' ? <RefusalWords refusal={state.refusal} say={say} /> : null}
        {state.kind === 'tried' ? (
          <Tried name={state.name} view={state.view} language={language} />
        ) : null}
      </div>
    </>
  );
}

function Tried({
  name,
  view: { outcomes, problems, problemCount, notes, noteCount },
  language,
}: {
  readonly name: string;
  readonly view: TrialView;
  readonly language: 'zh' | 'en';
}) {
  const { t } = useTranslation();
  return (
    <>
      <p>
        <strong>{t('trialNothingKept', { name })}</strong>
      </p>
      <p data-testid="trial-outcomes">
        {t('trialWould', { ...outcomes, aside: outcomes['set-aside'] })}
      </p>
      {problemCount === 0 ? (
        <p className="good">{t('trialNoProblem')}</p>
      ) : (
        <>
          <h3>{t('trialProblems', { count: problemCount })}</h3>
          <ProblemTable problems={problems} problemCount={problemCount} language={language} />
        </>
      )}
      {noteCount === 0 ? null : (
        <>
          <h3>{t('trialNotes', { count: noteCount })}</h3>
          <ul>
            {notes.map(({ visitId, text }, at) => (
              <li key={`${visitId} ${String(at)}`} data-testid="trial-note">
                <bdi>{visitId}</bdi>：<bdi>{text[language]}</bdi>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
