import { Button } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Role } from '../../../../shared/contracts/contract.ts';
import type { Words } from '../../../../shared/domain/result.ts';
import type { DeskBridge } from '../../../api/bridge.ts';
import type { Call } from '../../../api/call.ts';
import { RefusalWords } from '../../../components/refusal-words.tsx';
import { dayAndMinute } from '../../../components/shanghai-time.ts';
import { useListKeys } from '../../../components/use-list-keys.ts';
import { useWindowKeys } from '../../../components/use-window-keys.ts';
import { aboutOf, type DayAct } from './day-act.ts';
import { DayActWindow } from './day-act-window.tsx';
import { DaySides } from './day-sides.tsx';
import { DifferenceDetail, DifferenceList, actsOnDifference } from './difference-list.tsx';
import { RemittancePanel } from './remittance-panel.tsx';
import { useDays, type ListedDay } from './use-days.ts';

type DaysRoomProps = {
  readonly bridge: DeskBridge;
  readonly call: Call;
  readonly role: Role;
  readonly asksPassword: boolean;
  readonly language: 'zh' | 'en';
  readonly say: (words: Words) => string;
  /** The buttons that lead to the queue and back. */
  readonly tabs: ReactNode;
  readonly onBack: () => void;
};

/** To the closing of days: which are open, what does not agree on each, both sides of it, and what is done about it. */
export function DaysRoom(props: DaysRoomProps) {
  const { bridge, call, role, asksPassword, language, say, tabs, onBack } = props;
  const { t } = useTranslation();
  const [listed, setListed] = useState<ListedDay>({ businessDate: null, isOpen: true });
  const room = useDays(bridge, call, listed);
  const { overview, differences, refusal } = room;
  const [chosenId, setChosen] = useState<string | null>(null);
  const [acting, setActing] = useState<DayAct | null>(null);
  const [isBusy, setBusy] = useState(false);
  const mayAct = role === 'it-clerk' || role === 'supervisor';
  const days = overview?.days ?? [];
  const day = days.find(({ businessDate }) => businessDate === listed.businessDate) ?? null;
  // The oldest one keeps the others waiting; a day that is closed by now is not listed any more.
  const [oldest] = days;
  if (overview !== null && day === null && (oldest?.businessDate ?? null) !== listed.businessDate)
    setListed({ businessDate: oldest?.businessDate ?? null, isOpen: true });
  const chosen =
    differences.find(({ differenceId }) => differenceId === chosenId) ?? differences[0] ?? null;
  const list = (businessDate: string, isOpen: boolean): void => {
    setListed({ businessDate, isOpen });
  };
  const reconcile = (): void => {
    if (!mayAct || isBusy || day === null || acting !== null) return;
    setBusy(true);
    void call('reconciliation:reconcile', { businessDate: day.businessDate }).then((answer) => {
      setBusy(false);
      room.say(answer.ok ? null : answer.refusal);
      room.read();
    });
  };
  const close = (): void => {
    if (!mayAct || day?.hindrance !== 'none' || acting !== null) return;
    setActing({ kind: 'close-day', businessDate: day.businessDate });
  };
  const start = (which: 'first' | 'second'): void => {
    if (chosen === null || acting !== null) return;
    setActing(actsOnDifference(chosen, role)[which]);
  };
  useListKeys({
    back: () => {
      if (acting === null) onBack();
      else setActing(null);
    },
    move: (by) => {
      if (acting !== null || chosen === null) return;
      const at = differences.indexOf(chosen) + by;
      if (at >= differences.length - 1) room.readMore();
      const next = differences[Math.min(differences.length - 1, Math.max(0, at))];
      setChosen(next?.differenceId ?? null);
    },
    first: () => {
      start('first');
    },
    second: () => {
      start('second');
    },
  });
  useWindowKeys((event) => {
    const { key, target, ctrlKey, altKey, metaKey, repeat } = event;
    if (ctrlKey || altKey || metaKey || repeat || acting !== null) return;
    if (key === 'F9' || key === 'F7') {
      event.preventDefault();
      if (key === 'F9') reconcile();
      else close();
      return;
    }
    const isSideways = key === 'ArrowLeft' || key === 'ArrowRight';
    const isInField = target instanceof HTMLElement && target.closest('input') !== null;
    if (!isSideways || isInField || day === null) return;
    event.preventDefault();
    const next = days[days.indexOf(day) + (key === 'ArrowRight' ? 1 : -1)];
    if (next !== undefined) list(next.businessDate, true);
  });
  return (
    <main data-testid="days-room">
      <aside>
        {tabs}
        {overview === null ? (
          <p className="note">{refusal === null ? t('daysReading') : ''}</p>
        ) : (
          <>
            {days.length === 0 ? <p className="note">{t('daysNone')}</p> : null}
            <div className="claim-figures days">
              {days.map(({ businessDate, open, oldestAt, hindrance }) => (
                <button
                  key={businessDate}
                  type="button"
                  data-testid={`day-${businessDate}`}
                  data-hindrance={hindrance}
                  aria-pressed={businessDate === day?.businessDate}
                  onClick={() => {
                    list(businessDate, true);
                  }}
                >
                  <strong>{businessDate}</strong>
                  <span>{t(`dayHindrance.${hindrance}`)}</span>
                  <span className={open > 0 ? 'stop' : 'soft'}>
                    {open === 0 || oldestAt === null
                      ? t('dayAgrees')
                      : t('dayOpen', { count: open, at: dayAndMinute(oldestAt) })}
                  </span>
                </button>
              ))}
            </div>
            <RemittancePanel
              call={call}
              say={say}
              language={language}
              mayAct={mayAct}
              payers={overview.payers}
              remittances={overview.remittances}
              onTaken={room.read}
              onTakeBack={(remittance) => {
                setActing({ kind: 'take-back', remittance });
              }}
            />
            {overview.closed.length === 0 ? null : (
              <p className="soft" data-testid="closed-days">
                {t('closedDays')}：
                {overview.closed
                  .map((each) => t('closedDay', { day: each.businessDate, who: each.closedBy }))
                  .join('、')}
              </p>
            )}
          </>
        )}
      </aside>
      <section className="claim-room days">
        {refusal === null ? null : (
          <>
            <RefusalWords refusal={refusal} say={say} />
            <Button
              onClick={() => {
                room.say(null);
                room.read();
              }}
            >
              {t('readAgainList')}
            </Button>
          </>
        )}
        {day === null ? null : (
          <>
            <DaySides
              day={day}
              language={language}
              mayAct={mayAct}
              isBusy={isBusy}
              onReconcile={reconcile}
              onClose={close}
            />
            <div className="difference-tabs">
              <Button
                size="small"
                type={listed.isOpen ? 'primary' : 'default'}
                ghost={listed.isOpen}
                data-testid="differences-open"
                onClick={() => {
                  list(day.businessDate, true);
                }}
              >
                {t('differencesOpen')}
              </Button>
              <Button
                size="small"
                type={listed.isOpen ? 'default' : 'primary'}
                ghost={!listed.isOpen}
                data-testid="differences-settled"
                onClick={() => {
                  list(day.businessDate, false);
                }}
              >
                {t('differencesSettled', { count: day.settled })}
              </Button>
            </div>
            <DifferenceList
              differences={differences}
              language={language}
              chosen={chosen}
              onChoose={({ differenceId }) => {
                setChosen(differenceId);
              }}
              onEnd={room.readMore}
            />
            {chosen === null ? null : (
              <DifferenceDetail
                difference={chosen}
                language={language}
                role={role}
                onAct={setActing}
              />
            )}
          </>
        )}
      </section>
      {acting === null ? null : (
        <DayActWindow
          key={`${acting.kind} ${aboutOf(acting)}`}
          bridge={bridge}
          call={call}
          say={say}
          language={language}
          act={acting}
          asksPassword={asksPassword}
          onDone={() => {
            setActing(null);
            room.read();
          }}
          onClose={() => {
            setActing(null);
          }}
        />
      )}
    </main>
  );
}
