import { Button, Input, type InputRef } from 'antd';
import { useEffect, useRef, useState, type KeyboardEvent, type Ref } from 'react';
import { useTranslation } from 'react-i18next';

import type { VisitRow } from '../../../shared/contracts/desk.ts';
import type { Call } from '../../api/call.ts';
import { Money } from '../../components/money.tsx';

/** The queue shows a screenful and a little; those further down are found by searching. */
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
  /** What was looked for; empty is the queue itself. */
  readonly text: string;
  readonly rows: readonly VisitRow[];
  readonly more: number;
};

/** Before the first answer: nobody is said to be waiting, nor nobody. */
const notYet: Listing = { text: '', rows: [], more: 0 };

export function QueuePanel(props: QueuePanelProps) {
  const { call, version, openVisitId, finderRef, text, onText, onOpen } = props;
  const { t } = useTranslation();
  const wanted = text.trim();
  const { listing, chosen, choose, accept } = useFinder(call, version, wanted, onOpen);
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    choose(by);
  };
  const found = listing.text !== '';
  return (
    <nav className="queue" aria-label={t('queue')} data-testid="queue">
      <h2>{t('queue')}</h2>
      <div className="finder">
        <Input
          ref={finderRef}
          data-testid="finder"
          allowClear
          suffix={<kbd>F3</kbd>}
          placeholder={t('finder')}
          aria-label={t('finderLabel')}
          value={text}
          onChange={(event) => {
            onText(event.target.value);
          }}
          onKeyDown={onKeyDown}
          onPressEnter={accept}
        />
      </div>
      <ul className="rows">
        {listing.rows.map((row, index) => (
          <li key={row.visitId}>
            <VisitButton
              row={row}
              isCurrent={chosen === -1 ? row.visitId === openVisitId : index === chosen}
              onOpen={onOpen}
            />
          </li>
        ))}
        {listing !== notYet && listing.rows.length === 0 ? (
          found ? (
            <NothingFound call={call} />
          ) : (
            <li className="note">{t('queueEmpty')}</li>
          )
        ) : null}
        {listing.more > 0 ? (
          <li className="note">
            {found ? t('moreFound') : t('queueMore', { count: listing.more })}
          </li>
        ) : null}
      </ul>
    </nav>
  );
}

/** Why somebody may not be there, and a way to have the newest bills at once; they come into the list by themselves. */
function NothingFound({ call }: { readonly call: Call }) {
  const { t } = useTranslation();
  const [fetched, setFetched] = useState<'not-yet' | 'fetching' | 'taken' | 'late'>('not-yet');
  const fetchNow = async (): Promise<void> => {
    setFetched('fetching');
    const answer = await call('visits:fetch', {});
    setFetched(answer.ok ? answer.value.bills : 'not-yet');
  };
  return (
    <li className="note" data-testid="nothing-found">
      <p>{t('nothingFound')}</p>
      <p>{t('nothingFoundWhy')}</p>
      <Button
        size="small"
        data-testid="fetch-bills"
        loading={fetched === 'fetching'}
        onClick={() => void fetchNow()}
      >
        {t('fetchBills')}
      </Button>
      {fetched === 'taken' || fetched === 'late' ? <p>{t(`fetched.${fetched}`)}</p> : null}
    </li>
  );
}

/** The queue or what was found, and which row the arrows are on (-1: none). */
function useFinder(call: Call, version: number, wanted: string, onOpen: (visitId: string) => void) {
  const [listing, setListing] = useState<Listing>(notYet);
  const [mark, setMark] = useState({ text: '', index: -1 });
  // A scanner sends its Enter before the answer is here: then the only one found opens when it comes.
  const enterFor = useRef<string | null>(null);
  const latestOpen = useRef(onOpen);
  useEffect(() => {
    latestOpen.current = onOpen;
  });
  useEffect(() => {
    let current = true;
    if (enterFor.current !== wanted) enterFor.current = null;
    const look = async (): Promise<void> => {
      const next = await listed(call, wanted);
      if (!current || next === null) return;
      setListing(next);
      const [only] = next.rows;
      if (enterFor.current !== wanted || wanted === '') return;
      enterFor.current = null;
      if (only !== undefined && next.rows.length === 1) latestOpen.current(only.visitId);
    };
    const timer = setTimeout(() => void look(), wanted === '' ? 0 : findAfterMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [call, version, wanted]);
  // What is found starts on its first row; the queue starts on none, so that Enter opens nobody by chance.
  const start = listing.text === '' ? -1 : 0;
  const chosen = mark.text === listing.text && mark.index >= 0 ? mark.index : start;
  const choose = (by: number): void => {
    const last = listing.rows.length - 1;
    setMark({ text: listing.text, index: Math.max(0, Math.min(chosen + by, last)) });
  };
  const accept = (): void => {
    if (listing.text !== wanted) {
      enterFor.current = wanted;
      return;
    }
    const row = listing.rows[chosen];
    setMark({ text: '', index: -1 });
    if (row !== undefined) onOpen(row.visitId);
  };
  return { listing, chosen, choose, accept };
}

async function listed(call: Call, text: string): Promise<Listing | null> {
  if (text === '') {
    const page = await call('visits:list-unsettled', { after: null, limit: queueRows });
    if (!page.ok) return null;
    const { visits, total } = page.value;
    return { text, rows: visits, more: total - visits.length };
  }
  const found = await call('visits:find', { text });
  if (!found.ok) return null;
  return { text, rows: found.value.visits, more: found.value.more ? 1 : 0 };
}

type VisitButtonProps = {
  readonly row: VisitRow;
  readonly isCurrent: boolean;
  readonly onOpen: (visitId: string) => void;
  /** Of one person’s visits: also what tells them apart. */
  readonly isAmongOwn?: boolean;
};

/** One visit of a list: who, when, how much, and whether it may be settled. */
export function VisitButton({ row, isCurrent, onOpen, isAmongOwn = false }: VisitButtonProps) {
  const { t } = useTranslation();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isCurrent) button.current?.scrollIntoView({ block: 'nearest' });
  }, [isCurrent]);
  const bed = row.bed === null ? [] : [t('bed', { bed: row.bed })];
  const ward = [...(row.department === null ? [] : [row.department]), ...bed].join(' ');
  const place = ward === '' ? t(row.kind) : ward;
  return (
    <button
      type="button"
      className="row"
      data-testid="queue-row"
      data-visit={row.visitId}
      aria-current={isCurrent}
      ref={button}
      onClick={() => {
        onOpen(row.visitId);
      }}
    >
      <span className="first">
        <strong>{row.maskedName}</strong>
        {row.admissionNumber === null ? null : (
          <small title={t('admissionNumber')}>{row.admissionNumber}</small>
        )}
        <VisitMark row={row} />
      </span>
      <span className="second">
        <span>
          {isAmongOwn
            ? `${t(row.kind)} · ${place} · ${row.admittedOn} → ${row.dischargedOn.slice(5)} · ${row.visitId}`
            : row.bed === null
              ? `${place} · ${row.dischargedOn.slice(5)}`
              : place}
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
  if (row.blockerCount > 0) {
    return <span className="blocked">! {t('notReady', { count: row.blockerCount })}</span>;
  }
  return <span className="ready">✓ {t('ready')}</span>;
}
