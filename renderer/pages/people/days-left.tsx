import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { Form, useSubmit, type Say } from './sign-in-form.tsx';

/** The end of a password is said from so many days before on; when that is, is the folder's rule. */
const saidFromDays = 14;

/** Said to each person once a day at this page; who signs in more often goes on working. */
const saidOn = new Map<string, string>();

/** Whether it is to be said now that the password ends in so many days, which is then said. */
export function isToBeSaid(userId: string, daysLeft: number | null): daysLeft is number {
  if (daysLeft === null || daysLeft > saidFromDays) return false;
  const today = new Date().toDateString();
  if (saidOn.get(userId) === today) return false;
  saidOn.set(userId, today);
  return true;
}

type DaysLeftProps = {
  readonly say: Say;
  readonly days: number;
  readonly onGoOn: () => void;
  readonly onChange: () => void;
};

/** Somebody sits here already; how long the password is good for is said before the work is shown. */
export function DaysLeft({ say, days, onGoOn, onChange }: DaysLeftProps) {
  const { t } = useTranslation();
  const part = useRef<HTMLDivElement>(null);
  useEffect(() => {
    part.current?.querySelector<HTMLElement>('[type="submit"]')?.focus();
  }, []);
  return (
    <div ref={part} data-testid="days-left" data-days={days}>
      <Form
        form={useSubmit()}
        say={say}
        title={t('daysLeft', { count: days })}
        hint={t('daysLeftHint')}
        button={t('daysLeftGoOn')}
        isReady
        onSubmit={() => {
          onGoOn();
          return Promise.resolve(null);
        }}
        after=""
        other={{ text: t('daysLeftChange'), press: onChange }}
      />
    </div>
  );
}
