import { useTranslation } from 'react-i18next';

import type { PackLine, ReadablePack } from '../../../shared/contracts/policies.ts';
import { payerColour } from '../../../shared/domain/payer-colours.ts';
import type { Words } from '../../../shared/domain/result.ts';
import { Swatch } from '../../components/swatch.tsx';

type PackTextProps = { readonly pack: ReadablePack; readonly say: (words: Words) => string };

/** A pack in readable form: whom it covers, its steps in order, its numbers, and where each comes from. */
export function PackText({ pack, say }: PackTextProps) {
  const { t } = useTranslation();
  const { row, scope, steps, modifiers, lists, sources } = pack;
  return (
    <article className="pack-text" data-testid="pack-text">
      <h2>
        {say(row.locality)} <small>{say(row.scheme)}</small>
      </h2>
      <p className="facts">
        {row.pack} · {row.version} · {t('policyCases', { count: row.cases })}
        {row.assumed === 0 ? null : (
          <span className="assumed">{t('policyAssumed', { count: row.assumed })}</span>
        )}
      </p>
      <section>
        <h3>{t('policyScope')}</h3>
        <Lines lines={scope} say={say} />
      </section>
      <section>
        <h3>{t('policySteps')}</h3>
        <ol className="pack-steps">
          {steps.map((step, index) => (
            <li key={step.step} data-testid={`pack-step-${step.step}`}>
              <h4>
                <span className="number">{index + 1}</span>
                <Swatch colour={payerColour(step.payer)} />
                {say(step.name)} <small>{say(step.rule)}</small>
              </h4>
              <Lines lines={step.lines} say={say} />
            </li>
          ))}
        </ol>
      </section>
      {modifiers.length === 0 ? null : (
        <section>
          <h3>{t('policyModifiers')}</h3>
          <Lines lines={modifiers} say={say} />
        </section>
      )}
      {lists.length === 0 ? null : (
        <section>
          <h3>{t('policyLists')}</h3>
          <Lines lines={lists} say={say} />
        </section>
      )}
      <section>
        <h3>{t('policySources')}</h3>
        <ul className="sources">
          {sources.map(({ title, publisher, date, address, note }) => (
            <li key={title.en}>
              {say(title)} <small>{[publisher, date, address].filter(Boolean).join(' · ')}</small>
              {note === null ? null : <div className="soft">{say(note)}</div>}
            </li>
          ))}
        </ul>
      </section>
    </article>
  );
}

function Lines({
  lines,
  say,
}: {
  readonly lines: readonly PackLine[];
  readonly say: PackTextProps['say'];
}) {
  const { t } = useTranslation();
  return (
    <dl className="pack-lines">
      {lines.map(({ label, text, source, assumed }, index) => (
        <div key={`${label.en} ${String(index)}`}>
          <dt>{say(label)}</dt>
          <dd>
            {say(text) === '' ? null : <span className="money-text">{say(text)}</span>}
            {assumed === null ? null : (
              <span className="assumed-line">{t('assumedBecause', { reason: say(assumed) })}</span>
            )}
            {source === null ? null : <span className="source">{say(source)}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
