import { useTranslation } from 'react-i18next';

/** The pages of the program a person may turn to. */
export const pages = ['desk', 'policy', 'devices'] as const;
export type PageName = (typeof pages)[number];

type PageNavProps = { readonly page: PageName; readonly onPage: (page: PageName) => void };

/** Turns the page; each has its key, shown on it. */
export function PageNav({ page, onPage }: PageNavProps) {
  const { t } = useTranslation();
  return (
    <nav className="pages" aria-label={t('pages')}>
      {pages.map((each, index) => (
        <button
          key={each}
          type="button"
          data-testid={`page-${each}`}
          aria-current={each === page ? 'page' : undefined}
          onClick={() => {
            onPage(each);
          }}
        >
          {t(`page.${each}`)} <kbd>Ctrl+{index + 1}</kbd>
        </button>
      ))}
    </nav>
  );
}
