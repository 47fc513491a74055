import { Input, type InputRef } from 'antd';
import { useEffect, useState, type Ref } from 'react';
import { useTranslation } from 'react-i18next';

import type { VisitRow } from '../../../shared/contracts/desk.ts';
import type { Call } from '../../api/call.ts';
import { Money } from '../../components/money.tsx';

/** The queue shows a screenful and a little; whoever is further down is found. */
const queueRows = 100;
/** A pause in typing, so that a scanner's burst asks once. */
const findAfterMs = 120;

type QueuePanelProps = {
  readonly call: Call;
  /** Grows whenever the visits may have changed. */
  readonly version: number;
  readonly openVisitId: string | null;
  readonly finderRef: Ref<InputRef>;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onOpen: (visitId: string) => void;
};

type Listing = {
  readonly rows: readonly VisitRow[];
  readonly more: number;
  readonly found: boolean;
};

export function QueuePanel(props: QueuePanelProps) {
  const { call, version, openVisitId, finderRef, text, onText, onOpen } = props;
  const { t } = useTranslation();
  const [listing, setListing] = useState<Listing>({ rows: [], more: 0, found: false });
  const wanted = text.trim();
  useEffect(() => {
    let current = true;
    const look = async (): Promise<void> => {
      const next = await listed(call, wanted);
      if (current && next !== null) setListing(next);
    };
    const timer = setTimeout(() => void look(), wanted === '' ? 0 : findAfterMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [call, version, wanted]);
  return (
    <nav className="queue" aria-label={t('queue')} data-testid="queue">
      <h2>{t('queue')}</h2>
      <div className="finder">
        <Input
          ref={finderRef}
          data-testid="finder"
          allowClear
          placeholder={t('finder')}
          aria-label={t('findKey')}
          value={text}
          onChange={(event) => {
            onText(event.target.value);
          }}
          onPressEnter={() => {
            const [first] = listing.rows;
            if (listing.found && first !== undefined) onOpen(first.visitId);
          }}
        />
      </div>
      <ul className="rows">
        {listing.rows.map((row) => (
          <li key={row.visitId}>
            <VisitButton row={row} isCurrent={row.visitId === openVisitId} onOpen={onOpen} />
          </li>
        ))}
        {listing.rows.length === 0 ? (
          <li className="note">{listing.found ? t('nothingFound') : t('queueEmpty')}</li>
        ) : null}
        {listing.more > 0 ? (
          <li className="note">
            {listing.found ? t('moreFound') : t('queueMore', { count: listing.more })}
          </li>
        ) : null}
      </ul>
    </nav>
  );
}

async function listed(call: Call, text: string): Promise<Listing | null> {
  if (text === '') {
    const page = await call('visits:list-unsettled', { after: null, limit: queueRows });
    if (!page.ok) return null;
    const { visits, total } = page.value;
    return { rows: visits, more: total - visits.length, found: false };
  }
  const found = await call('visits:find', { text });
  if (!found.ok) return null;
  return { rows: found.value.visits, more: found.value.more ? 1 : 0, found: true };
}

type VisitButtonProps = {
  readonly row: VisitRow;
  readonly isCurrent: boolean;
  readonly onOpen: (visitId: string) => void;
};

/** One visit of a list: who, when, how much, and whether it may be settled. */
export function VisitButton({ row, isCurrent, onOpen }: VisitButtonProps) {
  const { t } = useTranslation();
  const place = row.bed === null ? (row.department ?? t(row.kind)) : t('bed', { bed: row.bed });
  return (
    <button
      type="button"
      className="row"
      data-testid="queue-row"
      data-visit={row.visitId}
      aria-current={isCurrent}
      onClick={() => {
        onOpen(row.visitId);
      }}
    >
      <span className="first">
        <strong>{row.maskedName}</strong>
        <VisitMark row={row} />
      </span>
      <span className="second">
        <span>
          {place} · {row.dischargedOn.slice(5)}
        </span>
        <Money fen={row.totalFen} unit={false} />
      </span>
    </button>
  );
}

function VisitMark({ row }: { readonly row: VisitRow }) {
  const { t } = useTranslation();
  if (row.changedAfterSettlement) return <span className="blocked">! {t('changed')}</span>;
  if (row.state === 'settled') return <span>{t('settledTag')}</span>;
  if (row.blockerCount > 0) return <span className="blocked">! {row.blockerCount}</span>;
  return <span className="ready">✓ {t('ready')}</span>;
}
