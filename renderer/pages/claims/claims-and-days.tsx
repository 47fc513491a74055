import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Words } from '../../../shared/domain/result.ts';
import { PageHead } from '../../components/page-head.tsx';
import { useWindowKeys } from '../../components/use-window-keys.ts';
import { ClaimsPage, type ClaimsPageProps } from './claims-page.tsx';
import { DaysRoom } from './days/days-room.tsx';

/** The clerk's page in two rooms: the queue of claims, and the days that are to be closed. */
export function ClaimsAndDays(props: Omit<ClaimsPageProps, 'tabs'>) {
  const { bridge, call, role, asksPassword, nav, deskMoment, onBack } = props;
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const [room, setRoom] = useState<'queue' | 'days'>('queue');
  const [counts, setCounts] = useState<{ readonly days: number; readonly open: number } | null>(
    null,
  );
  useEffect(() => {
    let isHere = true;
    const ask = (): void => {
      void call('reconciliation:overview', {}).then((answer) => {
        if (isHere && answer.ok)
          setCounts({ days: answer.value.days.length, open: answer.value.open });
      });
    };
    ask();
    const stop = bridge.subscribe(({ topic }) => {
      if (topic === 'claims') ask();
    });
    return () => {
      isHere = false;
      stop();
    };
  }, [bridge, call]);
  useWindowKeys((event) => {
    const { key, target, ctrlKey, altKey, metaKey, repeat } = event;
    if (key !== 'F6' || ctrlKey || altKey || metaKey || repeat) return;
    // What is being decided stays in sight.
    if (target instanceof HTMLElement && target.closest('[role=dialog]') !== null) return;
    event.preventDefault();
    setRoom(room === 'queue' ? 'days' : 'queue');
  });
  const tab = (of: 'queue' | 'days', words: string) => (
    <Button
      type={room === of ? 'primary' : 'default'}
      ghost={room === of}
      data-testid={`claims-room-${of}`}
      aria-pressed={room === of}
      onClick={() => {
        setRoom(of);
      }}
    >
      {words}
      {room === of ? null : (
        <>
          {' '}
          <kbd>F6</kbd>
        </>
      )}
    </Button>
  );
  const tabs = (
    <div className="claim-tabs">
      {tab('queue', t('claimsQueue'))}
      {tab('days', counts === null ? t('daysToClose') : t('daysToCloseCount', counts))}
    </div>
  );
  if (room === 'queue') return <ClaimsPage {...props} tabs={tabs} />;
  return (
    <div className="users claims" data-testid="claims-page">
      <PageHead nav={nav} deskMoment={deskMoment} backTestId="claims-back" onBack={onBack} />
      <DaysRoom
        bridge={bridge}
        call={call}
        role={role}
        asksPassword={asksPassword}
        language={language}
        say={(words: Words) => words[language]}
        tabs={tabs}
        onBack={() => {
          setRoom('queue');
        }}
      />
    </div>
  );
}
