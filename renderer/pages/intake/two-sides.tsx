import { useTranslation } from 'react-i18next';

import type { PersonQuestionRow } from '../../../shared/contracts/intake.ts';

/** What is known of a person and what is said now, side by side; what differs stands out. */
export function TwoSides({ question }: { readonly question: PersonQuestionRow }) {
  const { t } = useTranslation();
  const { known, said, differs, maskedNumber, source, place } = question;
  const sex = (of: 'male' | 'female' | null): string =>
    of === null ? t('peopleNotSaid') : t(of === 'male' ? 'male' : 'female');
  const rows = [
    { field: 'name', was: known.name, now: said.name },
    {
      field: 'birth-date',
      was: known.birthDate ?? t('peopleNotSaid'),
      now: said.birthDate ?? t('peopleNotSaid'),
    },
    { field: 'sex', was: sex(known.sex), now: sex(said.sex) },
  ] as const;
  return (
    <div className="claim-facts">
      <strong>
        {t('peopleNumber')} {maskedNumber}
      </strong>
      <span className="soft">
        <bdi>{source}</bdi> {place ?? ''}
      </span>
      <div className="problem-table">
        <table className="compared">
          <thead>
            <tr>
              <th>{t('peopleField')}</th>
              <th>{t('peopleKnown')}</th>
              <th>{t('peopleSaid')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ field, was, now }) => (
              <tr
                key={field}
                className={differs.includes(field) ? 'changed' : ''}
                data-testid="person-side"
                data-field={field}
              >
                <th scope="row">
                  {differs.includes(field) ? '△ ' : ''}
                  {t(`peopleDiffer.${field}`)}
                </th>
                <td>
                  <bdi>{was}</bdi>
                </td>
                <td>
                  <bdi>{now}</bdi>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
