import { ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { useTranslation } from 'react-i18next';

import type { DeskBridge } from '../api/bridge.ts';
import { callOver, type Call } from '../api/call.ts';
import { lastKept, type LastKept } from '../api/last-kept.ts';
import { startTexts } from '../i18n/texts.ts';
import { DeskPage } from '../pages/desk/desk-page.tsx';
import type { Moment } from '../components/moment.ts';
import { DevicesPage } from '../pages/devices/devices-page.tsx';
import { PolicyPage } from '../pages/policy/policy-page.tsx';
import { antdTheme } from '../theme/antd-theme.ts';
import { PageNav, pages, type PageName } from './page-nav.tsx';

/** Puts the desk on the page over any bridge: the program's, or one that plays it. */
export async function startPage(bridge: DeskBridge): Promise<void> {
  const root = document.getElementById('root');
  if (root === null) throw new Error('the page has no root');
  await startTexts();
  const kept = lastKept();
  const call = callOver(bridge, kept.set);
  createRoot(root).render(<Program bridge={bridge} call={call} kept={kept} />);
}

/**
 * The desk and the pages beside it. The desk stays as it is while another page covers it: a card put
 * down meanwhile opens its patient there, and nothing that was begun is lost.
 */
function Program({
  bridge,
  call,
  kept,
}: {
  readonly bridge: DeskBridge;
  readonly call: Call;
  readonly kept: LastKept;
}) {
  const { i18n } = useTranslation();
  const [page, setPage] = useState<PageName>('desk');
  const [moment, setMoment] = useState<Moment>('waiting');
  useEffect(() => {
    const turn = (event: KeyboardEvent): void => {
      if (!event.ctrlKey || event.altKey || event.metaKey) return;
      const to = pages[Number(event.key) - 1];
      if (to === undefined) return;
      event.preventDefault();
      setPage(to);
    };
    window.addEventListener('keydown', turn);
    return () => {
      window.removeEventListener('keydown', turn);
    };
  }, []);
  const nav = <PageNav page={page} onPage={setPage} />;
  return (
    <ConfigProvider
      csp={{ nonce: nonceOfPage() }}
      locale={i18n.language === 'en' ? enUS : zhCN}
      theme={antdTheme}
    >
      <DeskPage
        bridge={bridge}
        call={call}
        kept={kept}
        active={page === 'desk'}
        nav={nav}
        onMoment={setMoment}
      />
      {page === 'policy' ? (
        <PolicyPage
          call={call}
          nav={nav}
          deskMoment={moment}
          onBack={() => {
            setPage('desk');
          }}
        />
      ) : null}
      {page === 'devices' ? (
        <DevicesPage
          bridge={bridge}
          call={call}
          nav={nav}
          deskMoment={moment}
          onBack={() => {
            setPage('desk');
          }}
        />
      ) : null}
    </ConfigProvider>
  );
}

/** The style sheet the host let in: antd writes its styles under the same nonce. */
function nonceOfPage(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
}
