import { Checkbox, Input, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { roles, type Role } from '../../../shared/contracts/contract.ts';
import type { Refusal, Result, Words } from '../../../shared/domain/result.ts';
import {
  fenFromYuanText,
  yuanTextFromFen,
  yuanTextPattern,
} from '../../../shared/money/yuan-text.ts';
import type { Call } from '../../api/call.ts';
import { Dialog } from '../../components/dialog.tsx';
import { PasswordField } from '../../components/password-field.tsx';
import { RefusalWords } from '../../components/refusal-words.tsx';
import type { ListedPerson } from './listed-person.ts';

/** What an administrator is about to do. */
export type PersonAct =
  | { readonly kind: 'add' }
  | { readonly kind: 'change' | 'reset' | 'end'; readonly person: ListedPerson };

type PersonFormProps = {
  readonly call: Call;
  readonly act: PersonAct;
  readonly say: (words: Words) => string;
  readonly onDone: (answer: Result<unknown>) => void;
  readonly onClose: () => void;
};

/** A window for one act on one user; what is refused is said in it, and nothing that was typed is lost. */
export function PersonForm({ call, act, say, onDone, onClose }: PersonFormProps) {
  const { t } = useTranslation();
  const person = act.kind === 'add' ? null : act.person;
  const known = person?.training ?? null;
  const [userId, setUserId] = useState(person?.userId ?? '');
  const [name, setName] = useState(person?.name ?? '');
  const [role, setRole] = useState<Role>(person?.role ?? 'cashier');
  const [password, setPassword] = useState('');
  const [isTrainee, setTrainee] = useState(known !== null);
  const [limit, setLimit] = useState(known === null ? '' : yuanTextFromFen(known.limitFen));
  const [mentor, setMentor] = useState(known?.mentor ?? '');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isBusy, setBusy] = useState(false);

  const titles = {
    add: t('addPerson'),
    change: t('changeRole'),
    reset: t('resetPassword'),
    end: t('endPerson'),
  } as const;
  const training =
    isTrainee && yuanTextPattern.test(limit)
      ? { limitFen: fenFromYuanText(limit), mentor: mentor.trim() }
      : null;
  const hasPlace = act.kind === 'add' || act.kind === 'change';
  const isReady =
    (act.kind !== 'add' || (userId.trim() !== '' && name.trim() !== '')) &&
    ((act.kind !== 'add' && act.kind !== 'reset') || password !== '') &&
    (!hasPlace || !isTrainee || (training !== null && training.mentor !== ''));
  const work = (): Promise<Result<unknown>> => {
    switch (act.kind) {
      case 'add':
        return call('people:add', { userId, name, role, password, training });
      case 'change':
        return call('people:change', { userId, role, training });
      case 'reset':
        return call('people:reset-password', { userId, password });
      case 'end':
        return call('people:end', { userId });
    }
  };
  const submit = (): void => {
    if (!isReady || isBusy) return;
    setBusy(true);
    void work().then((answer) => {
      setBusy(false);
      if (answer.ok) onDone(answer);
      else setRefusal(answer.refusal);
    });
  };
  return (
    <Dialog
      open
      title={person === null ? titles.add : `${titles[act.kind]} · ${person.name}`}
      okText={act.kind === 'end' ? t('endPerson') : t('save')}
      cancelText={t('cancel')}
      okButtonProps={{ disabled: !isReady, danger: act.kind === 'end' }}
      confirmLoading={isBusy}
      onOk={submit}
      onCancel={onClose}
    >
      <div className="person-form" data-testid="person-form">
        {act.kind === 'add' ? (
          <>
            <TextField label={t('userId')} testId="person-id" text={userId} onText={setUserId} />
            <TextField label={t('personName')} testId="person-name" text={name} onText={setName} />
          </>
        ) : null}
        {hasPlace ? (
          <>
            <Labelled label={t('role')}>
              <Select
                style={{ width: '100%' }}
                value={role}
                onChange={setRole}
                data-testid="person-role"
                options={roles.map((each) => ({ value: each, label: t(`role.${each}`) }))}
              />
            </Labelled>
            <Checkbox
              checked={isTrainee}
              onChange={(event) => {
                setTrainee(event.target.checked);
              }}
            >
              {t('training')}
            </Checkbox>
            {isTrainee ? (
              <>
                <TextField
                  label={t('traineeLimit')}
                  testId="person-limit"
                  text={limit}
                  onText={setLimit}
                />
                <TextField
                  label={t('mentor')}
                  testId="person-mentor"
                  text={mentor}
                  onText={setMentor}
                />
              </>
            ) : null}
          </>
        ) : null}
        {act.kind === 'add' || act.kind === 'reset' ? (
          <>
            <Labelled label={t('newPassword')}>
              <PasswordField
                whose="new"
                testId="person-password"
                text={password}
                onText={setPassword}
                onEnter={submit}
              />
            </Labelled>
            <p className="note">{t('resetPasswordHint')}</p>
          </>
        ) : null}
        {act.kind === 'end' ? (
          <p>{t('endPersonAsk', { name: act.person.name, id: act.person.userId })}</p>
        ) : null}
        {refusal === null ? null : <RefusalWords refusal={refusal} say={say} />}
      </div>
    </Dialog>
  );
}

function TextField({
  label,
  testId,
  text,
  onText,
}: {
  readonly label: string;
  readonly testId: string;
  readonly text: string;
  readonly onText: (text: string) => void;
}) {
  return (
    <Labelled label={label}>
      <Input
        maxLength={60}
        data-testid={testId}
        value={text}
        onChange={(event) => {
          onText(event.target.value);
        }}
      />
    </Labelled>
  );
}

function Labelled({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <label>
      <span>{label}</span>
      {children}
    </label>
  );
}
