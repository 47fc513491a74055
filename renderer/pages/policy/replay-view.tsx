import { Button, Checkbox, Input, InputNumber, Progress, Radio } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { ReplayStateView } from '../../../shared/contracts/replay.ts';
import type { Words } from '../../../shared/domain/result.ts';
import type { DeskBridge } from '../../api/bridge.ts';
import type { Call } from '../../api/call.ts';
import { RefusalWords } from '../../components/refusal-words.tsx';
import { ReplayResult } from './replay-result.tsx';
import { ShadowResult } from './shadow-result.tsx';
import { useReplay, type ReplayAsked } from './use-replay.ts';

type ReplayViewProps = {
  readonly bridge: DeskBridge;
  readonly call: Call;
  /** The pack that is open: `ID@VERSION`. */
  readonly pack: string;
  readonly say: (words: Words) => string;
};

type Form = Omit<ReplayAsked, 'pack' | 'results'> & {
  readonly of: 'this' | 'folder';
  readonly folder: string;
  /** What the pack is held against: the policy as it is, or a payer's own results. */
  readonly against: 'books' | 'results';
  readonly results: string;
};

/** Settles the stored visits again under the open pack or a draft: what it would cost whom. Keeps nothing. */
export function ReplayView({ bridge, call, pack, say }: ReplayViewProps) {
  const { t } = useTranslation();
  const { state, refusal, start, stop, save } = useReplay(bridge, call);
  const [form, setForm] = useState<Form | null>(null);
  useEffect(() => {
    // The year so far is what an officer asks for first.
    void call('desk:state', {}).then((answer) => {
      if (!answer.ok) return;
      const { businessDate: until } = answer.value;
      const days = { from: `${until.slice(0, 4)}-01-01`, until };
      setForm((known) => known ?? { ...emptyForm, ...days });
    });
  }, [call]);
  const isUnderWay = state?.kind === 'under-way';
  return (
    <div className="replay" data-testid="replay">
      <p className="note">
        <strong className="notice">{t('replayNotice')}</strong> {t('replayHint')}
      </p>
      {form === null ? (
        <p className="note">{t('loading')}</p>
      ) : (
        <ReplayForm
          form={form}
          pack={pack}
          isUnderWay={isUnderWay}
          onChange={setForm}
          onStart={() => {
            const { of, folder, against, results, ...asked } = form;
            start({
              ...asked,
              pack: of === 'this' ? pack : folder.trim(),
              results: against === 'books' ? null : results.trim(),
            });
          }}
        />
      )}
      {refusal === null ? null : <RefusalWords refusal={refusal} say={say} />}
      {/* Why the last thing was not done stands alone: what an earlier run was refused for is old. */}
      {state === null || (refusal !== null && state.kind === 'refused') ? null : (
        <ReplayStateOf state={state} say={say} onStop={stop} onSave={save} />
      )}
    </div>
  );
}

const emptyForm = {
  ...{ of: 'this', folder: '', against: 'books', results: '' },
  ...{ sample: null, withUnsettled: false },
} as const satisfies Partial<Form>;

type ReplayFormProps = {
  readonly form: Form;
  readonly pack: string;
  readonly isUnderWay: boolean;
  readonly onChange: (form: Form) => void;
  readonly onStart: () => void;
};

function ReplayForm({ form, pack, isUnderWay, onChange, onStart }: ReplayFormProps) {
  const { t } = useTranslation();
  const { of, folder, against, results, from, until, sample, withUnsettled } = form;
  const isNamed =
    (of === 'this' || folder.trim() !== '') && (against === 'books' || results.trim() !== '');
  const isReady = from !== '' && until >= from && isNamed;
  return (
    <form
      className="replay-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady && !isUnderWay) onStart();
      }}
    >
      <Radio.Group
        aria-label={t('replayPack')}
        value={of}
        onChange={({ target }) => {
          onChange({ ...form, of: target.value as Form['of'] });
        }}
        options={[
          { value: 'this', label: `${t('replayOfThis')} ${pack}` },
          { value: 'folder', label: t('replayOfFolder') },
        ]}
      />
      {of === 'this' ? null : (
        <Input
          className="folder"
          size="small"
          placeholder={t('replayFolder')}
          aria-label={t('replayFolder')}
          data-testid="replay-folder"
          value={folder}
          onChange={({ target }) => {
            onChange({ ...form, folder: target.value });
          }}
        />
      )}
      <Radio.Group
        aria-label={t('replayAgainst')}
        value={against}
        onChange={({ target }) => {
          onChange({ ...form, against: target.value as Form['against'] });
        }}
        options={[
          { value: 'books', label: t('replayAgainstBooks') },
          { value: 'results', label: t('replayAgainstResults') },
        ]}
      />
      {against === 'books' ? null : (
        <>
          <Input
            className="folder"
            size="small"
            placeholder={t('replayResults')}
            aria-label={t('replayResults')}
            data-testid="replay-results"
            value={results}
            onChange={({ target }) => {
              onChange({ ...form, results: target.value });
            }}
          />
          <p className="note">{t('replayResultsHint')}</p>
        </>
      )}
      <div className="line">
        <Field label={t('replayFrom')}>
          <Input
            type="date"
            size="small"
            data-testid="replay-from"
            value={from}
            onChange={({ target }) => {
              onChange({ ...form, from: target.value });
            }}
          />
        </Field>
        <Field label={t('replayUntil')}>
          <Input
            type="date"
            size="small"
            data-testid="replay-until"
            value={until}
            onChange={({ target }) => {
              onChange({ ...form, until: target.value });
            }}
          />
        </Field>
        <Field label={t('replaySample')}>
          <InputNumber
            size="small"
            min={1}
            max={9_999_999}
            precision={0}
            placeholder={t('replayEveryone')}
            value={sample}
            onChange={(value) => {
              onChange({ ...form, sample: value });
            }}
          />
        </Field>
        <Checkbox
          // A shadow run is of all stored visits: nothing need be settled here yet.
          checked={withUnsettled || against === 'results'}
          disabled={against === 'results'}
          data-testid="replay-unsettled"
          onChange={({ target }) => {
            onChange({ ...form, withUnsettled: target.checked });
          }}
        >
          {t('replayUnsettled')}
        </Checkbox>
        <Button
          type="primary"
          htmlType="submit"
          data-testid="replay-start"
          disabled={!isReady || isUnderWay}
        >
          {t(against === 'books' ? 'replayStart' : 'shadowStart')}
        </Button>
      </div>
    </form>
  );
}

function Field({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <label className="field">
      <span>{label}</span>
      {children}
    </label>
  );
}

type ReplayStateProps = {
  readonly state: ReplayStateView;
  readonly say: (words: Words) => string;
  readonly onStop: () => void;
  readonly onSave: () => void;
};

/** How far it is, why there is no result, or the result. */
function ReplayStateOf({ state, say, onStop, onSave }: ReplayStateProps) {
  const { t } = useTranslation();
  if (state.kind === 'none') return null;
  if (state.kind === 'done') {
    return <ReplayResult order={state.order} report={state.report} say={say} onSave={onSave} />;
  }
  if (state.kind === 'compared') return <ShadowResult state={state} say={say} onSave={onSave} />;
  if (state.kind === 'refused') return <RefusalWords refusal={state.refusal} say={say} />;
  const { progress, isStopping } = state;
  const percent = progress.of === 0 ? 0 : Math.floor((progress.persons * 100) / progress.of);
  return (
    <div className="replay-progress" role="status" data-testid="replay-progress">
      <Progress percent={percent} />
      <span>{progress.of === 0 ? t('replayPreparing') : t('replayProgress', progress)}</span>
      <Button size="small" data-testid="replay-stop" disabled={isStopping} onClick={onStop}>
        {isStopping ? t('replayStopping') : t('replayStop')}
      </Button>
    </div>
  );
}
