import { Button } from 'antd';
import { useTranslation } from 'react-i18next';

import { pageEndReasons } from '../../shared/contracts/sessions.ts';
import type { LinkState } from '../api/seat.ts';

/** This page may not ask: it was never let in, has ended, or another one has its session. Nothing of the work is shown. */
export function NotThisPage({ link, ended }: LinkState) {
  const { t, i18n } = useTranslation();
  const isOver = link === 'no-session';
  const why = pageEndReasons.find((each) => each === ended);
  return (
    <div className="hero narrow" role="alert" data-testid={isOver ? 'no-session' : 'another-page'}>
      <h2>
        {isOver ? t(why === undefined ? 'noSessionTitle' : 'endedTitle') : t('anotherPageTitle')}
      </h2>
      {why === undefined || !isOver ? null : (
        <p>
          <strong data-testid="ended-why" data-reason={why}>
            {t(`pageEnd.${why}`)}
          </strong>
        </p>
      )}
      {(isOver
        ? (['noSessionMoney', 'noSessionOpen'] as const)
        : (['anotherPage', 'anotherPageOpen'] as const)
      ).map((key) => (
        <p key={key}>{t(key)}</p>
      ))}
      {/* There is no head here, and whoever reads this may read the other language alone. */}
      <p className="language">
        <Button
          size="small"
          data-testid="not-this-page-language"
          onClick={() => void i18n.changeLanguage(i18n.language === 'en' ? 'zh' : 'en')}
        >
          {t('language')}
        </Button>
      </p>
    </div>
  );
}
