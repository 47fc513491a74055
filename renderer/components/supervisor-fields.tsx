import { Input, type InputRef } from 'antd';
import { useState, type ComponentProps, type Ref } from 'react';
import { useTranslation } from 'react-i18next';

import type { Refusal } from '../../shared/domain/result.ts';
import { PasswordField } from './password-field.tsx';
import { usePin } from './use-pin.ts';

/** What a supervisor who stands beside types, and what an act is given of it. */
export type SupervisorBeside = {
  readonly isNamed: boolean;
  /** What the act is given; the password is gone from the field with it. */
  readonly take: () => { readonly approvedBy: string; readonly password?: string };
  /** What the act was refused with: a certificate may be asked for. */
  readonly heard: (refusal: Refusal) => void;
  readonly typed: {
    readonly userId: string;
    readonly setUserId: (text: string) => void;
    readonly password: string;
    readonly setPassword: (text: string) => void;
    readonly certificate: ReturnType<typeof usePin>;
  };
};

/** A second person on the same screen: who, and the proof of it. */
export function useSupervisor(): SupervisorBeside {
  const [userId, setUserId] = useState('');
  const [password, setPassword] = useState('');
  const certificate = usePin();
  return {
    isNamed: userId.trim() !== '',
    take() {
      setPassword('');
      return {
        approvedBy: userId.trim(),
        ...(password === '' ? {} : { password }),
        ...certificate.given,
      };
    },
    heard: certificate.heard,
    typed: { userId, setUserId, password, setPassword, certificate },
  };
}

type SupervisorFieldsProps = {
  readonly supervisor: SupervisorBeside;
  /** A demo's users have no password. */
  readonly asksPassword: boolean;
  readonly first?: Ref<InputRef>;
  readonly onEnter: () => void;
};

/** The fields of a supervisor who stands beside. */
export function SupervisorFields({
  supervisor: { typed },
  asksPassword,
  first,
  onEnter,
}: SupervisorFieldsProps) {
  const { t } = useTranslation();
  const { certificate } = typed;
  return (
    <>
      <label>
        <span>{t('supervisorId')}</span>
        <Input
          {...(first === undefined ? {} : { ref: first })}
          data-testid="supervisor"
          maxLength={60}
          value={typed.userId}
          onChange={(event) => {
            typed.setUserId(event.target.value);
          }}
          onPressEnter={onEnter}
        />
      </label>
      {asksPassword ? (
        <SecretField
          label={t('supervisorPassword')}
          testId="supervisor-password"
          text={typed.password}
          onText={typed.setPassword}
          onEnter={onEnter}
        />
      ) : null}
      {certificate.isAsked ? (
        <SecretField
          label={t('certificatePin')}
          testId="supervisor-pin"
          text={certificate.pin}
          onText={certificate.setPin}
          onEnter={onEnter}
        />
      ) : null}
    </>
  );
}

/** What another person types at this screen, and nobody sees. */
function SecretField({
  label,
  ...field
}: Pick<ComponentProps<typeof PasswordField>, 'testId' | 'text' | 'onText' | 'onEnter'> & {
  readonly label: string;
}) {
  return (
    <label>
      <span>{label}</span>
      <PasswordField whose="others" {...field} />
    </label>
  );
}
