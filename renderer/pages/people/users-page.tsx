import { Button } from 'antd';
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Refusal, Result, Words } from '../../../shared/domain/result.ts';
import { yuanTextFromFen } from '../../../shared/money/yuan-text.ts';
import type { Call } from '../../api/call.ts';
import type { Moment } from '../../components/moment.ts';
import { PageHead } from '../../components/page-head.tsx';
import { RefusalWords } from '../../components/refusal-words.tsx';
import { useListKeys } from '../../components/use-list-keys.ts';
import type { ListedPerson } from './listed-person.ts';
import { PersonForm, type PersonAct } from './person-form.tsx';

type UsersPageProps = {
  readonly call: Call;
  /** Who looks: an auditor sees the list and changes nothing. */
  readonly mayChange: boolean;
  readonly nav: ReactNode;
  readonly deskMoment: Moment;
  readonly onBack: () => void;
};

/** Who may sign in: made, changed, ended, let in again. */
export function UsersPage({ call, mayChange, nav, deskMoment, onBack }: UsersPageProps) {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const say = useCallback((words: Words): string => words[language], [language]);
  const [users, setUsers] = useState<readonly ListedPerson[] | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [act, setAct] = useState<PersonAct | null>(null);
  const read = useCallback((): void => {
    void call('people:list', {}).then((answer) => {
      if (answer.ok) setUsers(answer.value.users);
      else setRefusal(answer.refusal);
    });
  }, [call]);
  useEffect(read, [read]);
  useListKeys({
    back: () => {
      if (act === null) onBack();
      else setAct(null);
    },
    move: () => undefined,
    first: () => undefined,
    second: () => undefined,
  });
  const done = (answer: Result<unknown>): void => {
    setRefusal(answer.ok ? null : answer.refusal);
    if (!answer.ok) return;
    setAct(null);
    read();
  };
  return (
    <div className="users" data-testid="users-page">
      <PageHead nav={nav} deskMoment={deskMoment} backTestId="users-back" onBack={onBack} />
      <main>
        <div className="tools">
          <h2>{t('people')}</h2>
          {mayChange ? (
            <Button
              type="primary"
              data-testid="add-person"
              onClick={() => {
                setAct({ kind: 'add' });
              }}
            >
              {t('addPerson')}
            </Button>
          ) : null}
        </div>
        {refusal === null ? null : <RefusalWords refusal={refusal} say={say} />}
        {users === null ? (
          <p className="note">{refusal === null ? t('peopleReading') : ''}</p>
        ) : (
          <table>
            <thead>
              <tr>
                <th>{t('userId')}</th>
                <th>{t('personName')}</th>
                <th>{t('role')}</th>
                <th>{t('state')}</th>
                <th>{t('passwordSet')}</th>
                <th />
              </tr>
            </thead>
            <tbody>
              {users.map((person) => (
                <PersonRow
                  key={person.userId}
                  person={person}
                  mayChange={mayChange}
                  onAct={setAct}
                  onUnlock={() => {
                    void call('people:unlock', { userId: person.userId }).then(done);
                  }}
                />
              ))}
            </tbody>
          </table>
        )}
      </main>
      {act === null ? null : (
        <PersonForm
          call={call}
          act={act}
          say={say}
          onDone={done}
          onClose={() => {
            setAct(null);
          }}
        />
      )}
    </div>
  );
}

function PersonRow({
  person,
  mayChange,
  onAct,
  onUnlock,
}: {
  readonly person: ListedPerson;
  readonly mayChange: boolean;
  readonly onAct: (act: PersonAct) => void;
  readonly onUnlock: () => void;
}) {
  const { t } = useTranslation();
  const { userId, name, role, state, training, holds } = person;
  const marks = [
    ...(person.isService ? [t('serviceMark')] : []),
    ...(training === null
      ? []
      : [t('traineeMark', { limit: yuanTextFromFen(training.limitFen), mentor: training.mentor })]),
    ...(person.mustChange && state !== 'ended' ? [t('mustChangeMark')] : []),
    ...(holds > 0 ? [t('holdsMark', { count: holds })] : []),
  ];
  const button = (label: string, press: () => void) => (
    <Button size="small" onClick={press}>
      {label}
    </Button>
  );
  return (
    <tr className={state} data-testid="person-row" data-user={userId} data-state={state}>
      <td>{userId}</td>
      <td>{name}</td>
      <td>
        {t(`role.${role}`)}
        {marks.map((mark) => (
          <div key={mark} className="note-small">
            {mark}
          </div>
        ))}
      </td>
      <td className="user-state">{t(`userState.${state}`)}</td>
      <td>{person.passwordSetAt?.slice(0, 10) ?? ''}</td>
      <td>
        {!mayChange || state === 'ended' ? null : (
          <div className="acts">
            {state === 'locked' ? button(t('unlock'), onUnlock) : null}
            {person.isService
              ? null
              : button(t('changeRole'), () => {
                  onAct({ kind: 'change', person });
                })}
            {person.isService
              ? null
              : button(t('resetPassword'), () => {
                  onAct({ kind: 'reset', person });
                })}
            {button(t('endPerson'), () => {
              onAct({ kind: 'end', person });
            })}
          </div>
        )}
      </td>
    </tr>
  );
}
