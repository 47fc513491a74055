import { useTranslation } from 'react-i18next';

/** The pages of the program a person may turn to, each with the digit of its key. */
export const pageKeys = { desk: '1', policy: '2', devices: '3', users: '0' } as const;
export type PageName = keyof typeof pageKeys;

type PageNavProps = {
  readonly page: PageName;
  /** Those that are of use to who sits here. */
  readonly pages: readonly PageName[];
  readonly onPage: (page: PageName) => void;
  readonly onLock: () => void;
};

/** Turns the page; each has its key, shown on it. */
export function PageNav({ page, pages, onPage, onLock }: PageNavProps) {
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
          {t(`page.${each}`)} <kbd>Ctrl+{pageKeys[each]}</kbd>
        </button>
      ))}
      <button type="button" data-testid="lock" onClick={onLock}>
        {t('lock')} <kbd>F12</kbd>
      </button>
    </nav>
  );
}
