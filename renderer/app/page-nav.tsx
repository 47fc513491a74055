import { useTranslation } from 'react-i18next';

/** The pages of the program a person may turn to, each with the digit of its key. */
export const pageKeys = {
  desk: '1',
  policy: '2',
  devices: '3',
  intake: '4',
  claims: '6',
  approvals: '8',
  sessions: '9',
  users: '0',
} as const;
export type PageName = keyof typeof pageKeys;

type PageNavProps = {
  readonly page: PageName;
  /** Those that are of use to who sits here. */
  readonly pages: readonly PageName[];
  /** How much waits for who sits here on the page of approvals. */
  readonly waiting: number;
  readonly onPage: (page: PageName) => void;
  readonly onLock: () => void;
};

/** Turns the page; each has its key, shown on it. */
export function PageNav({ page, pages, waiting, onPage, onLock }: PageNavProps) {
  const { t } = useTranslation();
  return (
    <nav className="pages" aria-label={t('pages')}>
      {pages.map((each) => (
        <button
          key={each}
          type="button"
          data-testid={`page-${each}`}
          aria-current={each === page ? 'page' : undefined}
          onClick={() => {
            onPage(each);
          }}
        >
          {t(`page.${each}`)}{' '}
          {each === 'approvals' && waiting > 0 ? (
            <strong
              className="waiting"
              role="status"
              data-testid="approvals-waiting"
              title={t('approvalsWaiting', { count: waiting })}
            >
              {waiting}
            </strong>
          ) : null}
          <kbd title={`Ctrl+${pageKeys[each]}`}>
            <span className="ctrl">Ctrl+</span>
            {pageKeys[each]}
          </kbd>
        </button>
      ))}
      <button type="button" data-testid="lock" onClick={onLock}>
        {t('lock')} <kbd>F12</kbd>
      </button>
    </nav>
  );
}
