import { useTranslation } from 'react-i18next';

import type { PackRow } from '../../../shared/contracts/policies.ts';
import type { Words } from '../../../shared/domain/result.ts';

type PackListProps = {
  readonly rows: readonly PackRow[];
  readonly chosen: PackRow | null;
  readonly say: (words: Words) => string;
  readonly onChoose: (row: PackRow) => void;
};

/** The packs and their dates; the one that is read is marked. */
export function PackList({ rows, chosen, say, onChoose }: PackListProps) {
  const { t } = useTranslation();
  if (rows.length === 0) return <p className="note">{t('policyNone')}</p>;
  return (
    <ul className="rows" data-testid="pack-list">
      {rows.map((row) => {
        const { pack, version, locality, inForceFrom, inForceUntil, state, assumed, approval } =
          row;
        const isChosen = chosen?.pack === pack && chosen.version === version;
        return (
          <li key={`${pack}@${version}`}>
            <button
              type="button"
              className="row"
              aria-current={isChosen}
              data-testid={state === 'replaced' ? `pack-${pack}-${version}` : `pack-${pack}`}
              onClick={() => {
                onChoose(row);
              }}
            >
              <span className="first">
                <strong>{say(locality)}</strong>
                <span className={state === 'in-force' ? 'ready' : 'blocked'}>
                  {t(`policyState.${state}`)}
                </span>
              </span>
              <span className="second">
                <span>
                  {inForceUntil === null
                    ? t('policyFrom', { from: inForceFrom })
                    : t('policyUntil', { from: inForceFrom, until: inForceUntil })}
                </span>
              </span>
              {approval.isRequired || approval.state !== 'draft' ? (
                <span className="second">
                  <span
                    className={approval.state === 'approved' ? 'ready' : 'blocked'}
                    data-testid={`approval-of-${pack}-${version}`}
                  >
                    {t(`approvalState.${approval.state}`)}
                    {approval.waiting !== null && approval.state !== 'prepared'
                      ? ` · ${t('approvalState.prepared')}`
                      : ''}
                  </span>
                </span>
              ) : null}
              <span className="second">
                <span>
                  {pack} · {version}
                </span>
                {assumed === 0 ? null : <span>{t('policyAssumed', { count: assumed })}</span>}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
