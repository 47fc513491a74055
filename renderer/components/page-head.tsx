import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Moment } from './moment.ts';

type PageHeadProps = {
  readonly nav: ReactNode;
  /** What the desk underneath is at: a card may have been put on the reader meanwhile. */
  readonly deskMoment: Moment;
  readonly backTestId: string;
  readonly onBack: () => void;
};

/** The head of a page that covers the desk. */
export function PageHead({ nav, deskMoment, backTestId, onBack }: PageHeadProps) {
  const { t, i18n } = useTranslation();
  return (
    <header className="head">
      <h1>{t('title')}</h1>
      {nav}
      <span className="push" />
      {deskMoment === 'waiting' ? null : (
        <span className="demo-mark" role="status" data-testid="desk-waits">
          {t('deskWaits', { moment: t(`moment.${deskMoment}`) })}
        </span>
      )}
      <Button
        size="small"
        data-testid="page-language"
        onClick={() => void i18n.changeLanguage(i18n.language === 'en' ? 'zh' : 'en')}
      >
        {t('language')}
      </Button>
      <Button size="small" data-testid={backTestId} onClick={onBack}>
        Esc {t('back')}
      </Button>
    </header>
  );
}
