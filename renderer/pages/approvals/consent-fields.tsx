import { Button, type InputRef } from 'antd';
import type { Ref } from 'react';
import { useTranslation } from 'react-i18next';

import { SupervisorFields } from '../../components/supervisor-fields.tsx';
import type { ConsentAtDesk } from './use-consent.ts';

type ConsentFieldsProps = {
  readonly consent: ConsentAtDesk;
  /** What the test ids of its sentences begin with. */
  readonly name: string;
  /** What follows now that a supervisor has approved it. */
  readonly approvedWords:
    'askApproved' | 'cancelApproved' | 'claimConsentApproved' | 'dayActApproved';
  /** A demo's users have no password. */
  readonly asksPassword: boolean;
  readonly first?: Ref<InputRef>;
  /** It can be asked for already: the reason is there, or is typed next. */
  readonly mayAsk: boolean;
  readonly onAsk: () => void;
  readonly onEnter: () => void;
};

/** A second person at the desk: beside, or asked for and waited for, or one who has approved it elsewhere. */
export function ConsentFields({
  consent: { supervisor, request, approved },
  name,
  approvedWords,
  asksPassword,
  first,
  mayAsk,
  onAsk,
  onEnter,
}: ConsentFieldsProps) {
  const { t } = useTranslation();
  if (approved !== null) {
    return (
      <p className="good" data-testid={`${name}-approved`}>
        {t(approvedWords, { name: approved.decidedBy?.name ?? '' })}
      </p>
    );
  }
  return (
    <>
      <SupervisorFields
        supervisor={supervisor}
        asksPassword={asksPassword}
        {...(first === undefined ? {} : { first })}
        onEnter={onEnter}
      />
      {request === null ? (
        <Button
          type="link"
          className="instead"
          data-testid="ask-instead"
          disabled={!mayAsk}
          onClick={onAsk}
        >
          {t('askInstead')}
        </Button>
      ) : (
        <p className="soft" data-testid={`${name}-asked`}>
          {t('askedAlready')}
        </p>
      )}
    </>
  );
}
