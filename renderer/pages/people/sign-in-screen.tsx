import { Button, Input, type InputRef } from 'antd';
import { useCallback, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Refusal, Words } from '../../../shared/domain/result.ts';
import type { Call } from '../../api/call.ts';
import type { Seat } from '../../api/seat.ts';
import { usePin } from '../../components/use-pin.ts';
import { PasswordField } from '../../components/password-field.tsx';
import { RefusalWords } from '../../components/refusal-words.tsx';
import { useIdleLock } from '../../components/use-idle-lock.ts';
import { useWindowKeys } from '../../components/use-window-keys.ts';
import { DaysLeft, isToBeSaid } from './days-left.tsx';
import { Field, Form, useSubmit, type Say } from './sign-in-form.tsx';

type SignInScreenProps = {
  readonly call: Call;
  readonly seat: Exclude<Seat, null>;
  /** Who sat here before the page was locked: the work on it is that one's; null: nobody did. */
  readonly last: { readonly id: string; readonly name: string } | null;
  readonly onSeated: () => void;
};

/** A password that must be changed before anybody sits down with it, or that its owner wishes to change. */
type MustChange = {
  readonly userId: string;
  readonly password: string;
  /** Of a client certificate, where one was asked for. */
  readonly pin: string;
  readonly why: 'set-by-other' | 'expired' | 'wish';
};

/** A password that is good for some days more. */
type EndingPassword = Omit<MustChange, 'why'> & { readonly daysLeft: number };

/** Nobody sits here: signing in, choosing a new password, or making the first administrator. It covers the whole page. */
export function SignInScreen({ call, seat, last, onSeated }: SignInScreenProps) {
  const { t, i18n } = useTranslation();
  const say = (words: Words): string => (i18n.language === 'en' ? words.en : words.zh);
  const [mustChange, setMustChange] = useState<MustChange | null>(null);
  const [ending, setEnding] = useState<EndingPassword | null>(null);
  useKeysOfItsOwn();
  // Whoever has typed a password and gone leaves nothing to go on with.
  const leave = useCallback((): void => {
    setMustChange(null);
    setEnding(null);
    void call('people:lock', {});
  }, [call]);
  useIdleLock(mustChange === null && ending === null ? null : seat.idleMinutes, leave);
  return (
    <div className="sign-in" data-testid="sign-in">
      <header className="head">
        <h1>{t('title')}</h1>
        <span className="push" />
        <Button
          size="small"
          data-testid="sign-in-language"
          onClick={() => void i18n.changeLanguage(i18n.language === 'en' ? 'zh' : 'en')}
        >
          {t('language')}
        </Button>
      </header>
      <main>
        {seat.readingOnly === null ? null : (
          <div className="refusal" role="alert" data-testid="sign-in-reading-only">
            <p>
              <strong>{say(seat.readingOnly.words)}</strong>
            </p>
            {seat.readingOnly.remedy === null ? null : <p>{say(seat.readingOnly.remedy)}</p>}
          </div>
        )}
        {seat.isFirstStart ? (
          <FirstStart call={call} say={say} onSeated={onSeated} />
        ) : mustChange !== null ? (
          <NewPassword
            call={call}
            say={say}
            mustChange={mustChange}
            onSeated={onSeated}
            onBack={() => {
              setMustChange(null);
            }}
          />
        ) : ending !== null ? (
          <DaysLeft
            say={say}
            days={ending.daysLeft}
            onGoOn={onSeated}
            onChange={() => {
              setMustChange({ ...ending, why: 'wish' });
            }}
          />
        ) : seat.demoUsers.length > 0 ? (
          <DemoUsers call={call} say={say} seat={seat} onSeated={onSeated} />
        ) : (
          <NameAndPassword
            call={call}
            say={say}
            last={last}
            idleMinutes={seat.idleMinutes}
            onSeated={onSeated}
            onMustChange={setMustChange}
            onEnding={setEnding}
          />
        )}
      </main>
    </div>
  );
}

/** The keys of the pages behind are not for who is not let in: none reaches them. Typing and Enter go on by themselves. */
function useKeysOfItsOwn(): void {
  useWindowKeys((event) => {
    event.stopImmediatePropagation();
    if (/^F\d+$/.test(event.key)) event.preventDefault();
  }, true);
}

function NameAndPassword({
  call,
  say,
  last,
  idleMinutes,
  onSeated,
  onMustChange,
  onEnding,
}: Pick<SignInScreenProps, 'call' | 'last' | 'onSeated'> & {
  readonly say: Say;
  readonly idleMinutes: number | null;
  readonly onMustChange: (mustChange: MustChange) => void;
  readonly onEnding: (ending: EndingPassword) => void;
}) {
  const { t } = useTranslation();
  const [userId, setUserId] = useState(last?.id ?? '');
  const [password, setPassword] = useState('');
  const form = useSubmit();
  const certificate = usePin();
  const { pin, setPin } = certificate;
  const passwordField = useRef<InputRef>(null);
  // Whoever has typed and gone without signing in leaves nothing for the next one to look at.
  const forget = useCallback((): void => {
    setPassword('');
    setPin('');
  }, [setPin]);
  useIdleLock(password === '' && pin === '' ? null : idleMinutes, forget);
  const submit = async (): Promise<Refusal | null> => {
    const answer = await call('people:sign-in', { userId, password, ...certificate.given });
    setPassword('');
    if (!answer.ok) {
      certificate.heard(answer.refusal);
      passwordField.current?.focus();
      return answer.refusal;
    }
    const { mustChange, daysLeft } = answer.value;
    if (mustChange !== null) onMustChange({ userId, password, pin, why: mustChange });
    else if (isToBeSaid(userId, daysLeft)) onEnding({ userId, password, pin, daysLeft });
    else onSeated();
    return null;
  };
  return (
    <Form
      form={form}
      say={say}
      title={last === null ? t('signIn') : t('locked', { name: last.name })}
      hint={last === null ? t('signInHint') : t('lockedHint')}
      button={t('signIn')}
      isReady={userId.trim() !== '' && password !== ''}
      onSubmit={submit}
      after={t('forgotten')}
      other={{
        text: t('changeOwn'),
        press: () => {
          if (userId.trim() !== '' && password !== '')
            onMustChange({ userId, password, pin, why: 'wish' });
        },
      }}
    >
      <Field label={t('userId')}>
        <Input
          autoFocus={last === null}
          size="large"
          autoComplete="username"
          data-testid="sign-in-user"
          maxLength={60}
          value={userId}
          onChange={(event) => {
            setUserId(event.target.value);
          }}
        />
      </Field>
      <Field label={t('password')}>
        <PasswordField
          field={passwordField}
          whose="own"
          size="large"
          hasFocus={last !== null}
          testId="sign-in-password"
          text={password}
          onText={setPassword}
        />
      </Field>
      <PinField certificate={certificate} />
    </Form>
  );
}

function PinField({ certificate }: { readonly certificate: ReturnType<typeof usePin> }) {
  const { t } = useTranslation();
  if (!certificate.isAsked) return null;
  return (
    <Field label={t('certificatePin')}>
      <PasswordField
        whose="pin"
        size="large"
        testId="sign-in-pin"
        text={certificate.pin}
        onText={certificate.setPin}
      />
    </Field>
  );
}

function NewPassword({
  call,
  say,
  mustChange,
  onSeated,
  onBack,
}: Pick<SignInScreenProps, 'call' | 'onSeated'> & {
  readonly say: Say;
  readonly mustChange: MustChange;
  readonly onBack: () => void;
}) {
  const { t } = useTranslation();
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const form = useSubmit();
  const { userId, password, why } = mustChange;
  const certificate = usePin(mustChange.pin);
  const submit = async (): Promise<Refusal | null> => {
    const wanted = { userId, password, newPassword: next, ...certificate.given };
    const answer = await call('people:change-password', wanted);
    if (!answer.ok) {
      certificate.heard(answer.refusal);
      return answer.refusal;
    }
    onSeated();
    return null;
  };
  return (
    <Form
      form={form}
      say={say}
      title={t(why === 'wish' ? 'changeOwn' : 'changePassword')}
      hint={t(`mustChange.${why}`)}
      button={t('changePasswordYes')}
      isReady={next !== '' && next === again}
      onSubmit={submit}
      after={next !== again && again !== '' ? t('passwordsDiffer') : t('passwordHint')}
      other={{ text: t('back'), press: onBack }}
    >
      <TwiceNew next={next} again={again} onNext={setNext} onAgain={setAgain} hasFocus />
      <PinField certificate={certificate} />
    </Form>
  );
}

function FirstStart({
  call,
  say,
  onSeated,
}: Pick<SignInScreenProps, 'call' | 'onSeated'> & { readonly say: Say }) {
  const { t } = useTranslation();
  const [userId, setUserId] = useState('');
  const [name, setName] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const form = useSubmit();
  const submit = async (): Promise<Refusal | null> => {
    const answer = await call('people:make-first', { userId, name, password: next });
    if (!answer.ok) return answer.refusal;
    onSeated();
    return null;
  };
  return (
    <Form
      form={form}
      say={say}
      title={t('firstStart')}
      hint={t('firstStartHint')}
      button={t('firstStartYes')}
      isReady={userId.trim() !== '' && name.trim() !== '' && next !== '' && next === again}
      onSubmit={submit}
      after={next !== again && again !== '' ? t('passwordsDiffer') : t('passwordHint')}
    >
      <Field label={t('userId')}>
        <Input
          autoFocus
          size="large"
          maxLength={60}
          data-testid="first-user"
          value={userId}
          onChange={(event) => {
            setUserId(event.target.value);
          }}
        />
      </Field>
      <Field label={t('personName')}>
        <Input
          size="large"
          maxLength={60}
          data-testid="first-name"
          value={name}
          onChange={(event) => {
            setName(event.target.value);
          }}
        />
      </Field>
      <TwiceNew next={next} again={again} onNext={setNext} onAgain={setAgain} />
    </Form>
  );
}

function TwiceNew({
  next,
  again,
  onNext,
  onAgain,
  hasFocus = false,
}: {
  readonly next: string;
  readonly again: string;
  readonly onNext: (text: string) => void;
  readonly onAgain: (text: string) => void;
  readonly hasFocus?: boolean;
}) {
  const { t } = useTranslation();
  return (
    <>
      <Field label={t('newPassword')}>
        <PasswordField
          whose="new"
          size="large"
          hasFocus={hasFocus}
          testId="new-password"
          text={next}
          onText={onNext}
        />
      </Field>
      <Field label={t('newPasswordAgain')}>
        <PasswordField
          whose="new"
          size="large"
          testId="new-password-again"
          text={again}
          onText={onAgain}
        />
      </Field>
    </>
  );
}

/** A demo is for trying: its five users need no password. */
function DemoUsers({
  call,
  say,
  seat,
  onSeated,
}: Pick<SignInScreenProps, 'call' | 'seat' | 'onSeated'> & { readonly say: Say }) {
  const { t } = useTranslation();
  const form = useSubmit();
  const sitDown = async (userId: string): Promise<Refusal | null> => {
    const answer = await call('people:sign-in', { userId, password: '' });
    if (!answer.ok) return answer.refusal;
    onSeated();
    return null;
  };
  return (
    <section>
      <h2>{t('demoUsers')}</h2>
      <p>{t('demoUsersHint')}</p>
      <div className="demo-users">
        {seat.demoUsers.map(({ id, name, role }, index) => (
          <Button
            key={id}
            size="large"
            autoFocus={index === 0}
            data-testid={`sit-down-${id}`}
            onClick={() => {
              form.run(() => sitDown(id));
            }}
          >
            {name} · {t(`role.${role}`)}
          </Button>
        ))}
      </div>
      {form.refusal === null ? null : <RefusalWords refusal={form.refusal} say={say} />}
    </section>
  );
}
