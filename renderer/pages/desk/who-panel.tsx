import { useTranslation } from 'react-i18next';

import type { ProxyView } from '../../../shared/contracts/desk.ts';
import type { VisitPreview } from '../../../shared/contracts/settlement.ts';
import type { Words } from '../../../shared/domain/result.ts';

type WhoPanelProps = {
  readonly preview: VisitPreview;
  readonly proxy: ProxyView | null;
  readonly say: (words: Words) => string;
};

/** The patient in front of the cashier, masked, and which stay it is. */
export function WhoPanel({ preview, proxy, say }: WhoPanelProps) {
  const { t } = useTranslation();
  const { person, visit, bill, pack } = preview;
  const principal = visit.diagnoses.find((each) => each.principal) ?? visit.diagnoses[0];
  const stay =
    visit.kind === 'inpatient'
      ? `${visit.admittedOn} → ${visit.dischargedOn.slice(5)} · ${t('days', { count: visit.days })}`
      : visit.dischargedOn;
  return (
    <header>
      <div className="who">
        <span className="name" data-testid="person-name">
          {person.maskedName}
        </span>
        <span>
          {t(person.sex)} {t('age', { count: person.age })}
        </span>
        {person.categories.map((category) => (
          <span className="tag" key={category}>
            {t(`category.${category}`)}
          </span>
        ))}
        <span className="tag">{t(`insurance.${person.insurance}`)}</span>
        <span className="money">
          {person.maskedIdNumber === '' ? t('noIdNumber') : person.maskedIdNumber}
        </span>
        {proxy === null ? null : (
          <span className="tag" data-testid="proxy">
            {t('proxyIs', { name: proxy.maskedName, number: proxy.maskedIdNumber })}
          </span>
        )}
      </div>
      <div className="facts">
        {[
          principal?.name,
          stay,
          visit.hospitalName,
          visit.department,
          visit.bed === null ? null : t('bed', { bed: visit.bed }),
        ]
          .filter((fact) => fact !== null && fact !== undefined)
          .join(' · ')}
        <br />
        {t('billAt', { at: bill.receivedAt.slice(0, 16).replace('T', ' ') })} ·{' '}
        {t('billLines', { count: bill.lineCount })} ·{' '}
        {t('pack', { name: say(pack.name), version: `${pack.id} ${pack.version}` })}
      </div>
    </header>
  );
}
