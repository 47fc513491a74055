import { useTranslation } from 'react-i18next';

import type { RefusedFileView } from '../../../shared/contracts/intake.ts';

/** What is wrong, row by row; a place in a JSON stands where a table has its column. */
export function ProblemTable({
  problems,
  problemCount,
  language,
}: Pick<RefusedFileView, 'problems' | 'problemCount'> & {
  readonly language: 'zh' | 'en';
}) {
  const { t } = useTranslation();
  if (problems.length === 0) return <p className="warn">{t('refusedNoteGone')}</p>;
  return (
    <div className="problem-table">
      <table>
        <thead>
          <tr>
            <th>{t('problemRow')}</th>
            <th>{t('problemColumn')}</th>
            <th>{t('problemWords')}</th>
            <th>{t('problemRemedy')}</th>
          </tr>
        </thead>
        <tbody>
          {problems.map(({ row, column, place, code, message, remedy }, at) => (
            <tr key={`${String(at)} ${code}`} data-testid="problem" data-code={code}>
              <td>{row ?? ''}</td>
              <td>
                <bdi>{column ?? place ?? ''}</bdi>
              </td>
              <td>
                <bdi>{message[language]}</bdi>
              </td>
              <td>{remedy[language]}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {problemCount > problems.length ? (
        <p className="soft">
          {t('refusedMoreProblems', { shown: problems.length, count: problemCount })}
        </p>
      ) : null}
    </div>
  );
}
