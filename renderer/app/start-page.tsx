import { ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { useCallback, useEffect, useState, useSyncExternalStore, type ComponentProps } from 'react';
import { createRoot } from 'react-dom/client';
import { useTranslation } from 'react-i18next';

import type { DeskBridge } from '../api/bridge.ts';
import { callOver } from '../api/call.ts';
import { pagesOf, seatedOver, type Seat, type SeatedPage } from '../api/seat.ts';
import { lastKept, type LastKept } from '../api/last-kept.ts';
import { lockOwedByTab, tabStorage, type TabStorage } from '../api/tab-storage.ts';
import { startTexts } from '../i18n/texts.ts';
import { DeskPage } from '../pages/desk/desk-page.tsx';
import { PageLocked } from '../components/page-locked.ts';
import { useIdleLock } from '../components/use-idle-lock.ts';
import { useWindowKeys } from '../components/use-window-keys.ts';
import type { Moment } from '../components/moment.ts';
import { ApprovalsPage } from '../pages/approvals/approvals-page.tsx';
import { useWaiting } from '../pages/approvals/use-requests.ts';
import { ClaimsAndDays } from '../pages/claims/claims-and-days.tsx';
import { DevicesPage } from '../pages/devices/devices-page.tsx';
import { IntakePage } from '../pages/intake/intake-page.tsx';
import { PolicyPage } from '../pages/policy/policy-page.tsx';
import { antdTheme } from '../theme/antd-theme.ts';
import { SignInScreen } from '../pages/people/sign-in-screen.tsx';
import { SessionsPage } from '../pages/people/sessions-page.tsx';
import { UsersPage } from '../pages/people/users-page.tsx';
import { NotThisPage } from './not-this-page.tsx';
import { PageNav, pageKeys, type PageName } from './page-nav.tsx';

/** Puts the desk on the page over any bridge: the program's, or one that plays it. */
export async function startPage(
  bridge: DeskBridge,
  storage: TabStorage = tabStorage(),
): Promise<void> {
  const root = document.getElementById('root');
  if (root === null) throw new Error('the page has no root');
  await startTexts();
  const kept = lastKept();
  const call = callOver(bridge, kept.set);
  const seated = seatedOver(bridge, call, lockOwedByTab(storage));
  await seated.ask();
  createRoot(root).render(<Program seated={seated} kept={kept} />);
}

/**
 * The desk and the pages beside it. The desk stays as it is while another page, or the lock, covers it: a card put
 * down meanwhile opens its patient there, and nothing that was begun is lost.
 */
function Program({ seated, kept }: { readonly seated: SeatedPage; readonly kept: LastKept }) {
  const { i18n } = useTranslation();
  const seat = useSyncExternalStore(seated.subscribe, seated.get);
  const link = useSyncExternalStore(seated.subscribe, seated.getLink);
  const isOver = link.link === 'no-session';
  const isClosed = isOver || link.link === 'another-page';
  const [page, setPage] = useState<PageName>('desk');
  const [moment, setMoment] = useState<Moment>('waiting');
  const user = seat?.user ?? null;
  const isLocked = seat !== null && user === null;
  const [last, setLast] = useState<Person | null>(null);
  if (user !== null && user.id !== last?.id) setLast(user);
  const pages = user === null ? [] : pagesOf(user.role);
  const shown = pages.includes(page) || user === null ? page : (pages[0] ?? page);
  const lock = useCallback((): void => {
    void seated.lock();
  }, [seated]);
  usePageKeys({ pages, isLocked: isLocked || isClosed, onPage: setPage, onLock: lock });
  useIdleLock(isLocked || isClosed ? null : (seat?.idleMinutes ?? null), lock);
  useEffect(() => {
    const dialogs = document.getElementById('dialogs');
    if (dialogs !== null) dialogs.hidden = isLocked || isClosed;
  }, [isLocked, isClosed]);
  const { bridge, call } = seated;
  const waiting = useWaiting(bridge, call, user);
  const nav = (
    <PageNav page={shown} pages={pages} waiting={waiting} onPage={setPage} onLock={lock} />
  );
  const goBack = (): void => {
    setPage(pages[0] ?? 'desk');
  };
  const beside = { call, nav, deskMoment: moment, onBack: goBack };
  const isOnDesk = shown === 'desk' && !isLocked && !isClosed;
  return (
    <ConfigProvider
      button={{ autoInsertSpace: false }}
      csp={{ nonce: nonceOfPage() }}
      locale={i18n.language === 'en' ? enUS : zhCN}
      theme={antdTheme}
    >
      {isClosed ? <NotThisPage {...link} /> : null}
      {/* What has ended keeps nothing, not even unseen. */}
      {isOver ? null : (
        <div className="seat" hidden={isLocked || isClosed}>
          {/* The desk alone stays behind the lock; what a supervisor had typed there does not. */}
          <PageLocked value={isLocked || isClosed}>
            <DeskWhenNeeded
              isNeeded={seat === null || isOnDesk}
              desk={{ bridge, call, kept, active: isOnDesk, nav, onMoment: setMoment }}
            />
          </PageLocked>
          {shown === 'policy' ? (
            // What is one's own to approve is another's: who comes next begins anew, who comes back goes on. The page is
            // part of the key: two siblings of one key are taken for one another, and one of them stays for good.
            <PolicyPage
              key={`policy ${last?.id ?? ''}`}
              bridge={bridge}
              role={user?.role ?? null}
              {...beside}
            />
          ) : null}
          {shown === 'devices' ? <DevicesPage bridge={bridge} {...beside} /> : null}
          {shown === 'claims' && user !== null ? (
            <ClaimsAndDays
              key={`claims ${user.id}`}
              bridge={bridge}
              role={user.role}
              asksPassword={seat?.demoUsers.length === 0}
              {...beside}
            />
          ) : null}
          {shown === 'intake' && user !== null ? (
            <IntakePage
              key={`intake ${user.id}`}
              bridge={bridge}
              role={user.role}
              asksPassword={seat?.demoUsers.length === 0}
              {...beside}
            />
          ) : null}
          {user === null ? null : (
            <PagesOfPeople
              key={`people ${user.id}`}
              shown={shown}
              user={user}
              bridge={bridge}
              {...beside}
            />
          )}
        </div>
      )}
      {seat !== null && user === null && !isClosed ? (
        <SignInScreen call={call} seat={seat} last={last} onSeated={() => void seated.ask()} />
      ) : null}
    </ConfigProvider>
  );
}

/** The pages about people; nothing of them stays for the next one who sits down. */
function PagesOfPeople({
  shown,
  user,
  bridge,
  ...beside
}: Omit<ComponentProps<typeof SessionsPage>, 'isForAll'> & {
  readonly shown: PageName;
  readonly user: NonNullable<NonNullable<Seat>['user']>;
}) {
  const { role } = user;
  if (shown === 'users') return <UsersPage mayChange={role === 'administrator'} {...beside} />;
  if (shown === 'approvals') return <ApprovalsPage role={role} bridge={bridge} {...beside} />;
  if (shown !== 'sessions') return null;
  const isForAll = role === 'administrator' || role === 'it-clerk';
  return <SessionsPage isForAll={isForAll} bridge={bridge} {...beside} />;
}

type Person = { readonly id: string; readonly name: string };

/** The desk from when it is first shown on: who never settles has none, and who has one finds it as it was. */
function DeskWhenNeeded({
  isNeeded,
  desk,
}: {
  readonly isNeeded: boolean;
  readonly desk: ComponentProps<typeof DeskPage>;
}) {
  const [isThere, setThere] = useState(isNeeded);
  if (isNeeded && !isThere) setThere(true);
  return isThere ? <DeskPage {...desk} /> : null;
}

/** The keys that are the same on every page: turning it, and locking. */
function usePageKeys({
  pages,
  isLocked,
  onPage,
  onLock,
}: {
  readonly pages: readonly PageName[];
  readonly isLocked: boolean;
  readonly onPage: (page: PageName) => void;
  readonly onLock: () => void;
}): void {
  useWindowKeys((event) => {
    const isPlain = !event.ctrlKey && !event.altKey && !event.metaKey;
    if (isLocked) return;
    if (event.key === 'F12' && isPlain) {
      event.preventDefault();
      if (!event.repeat) onLock();
      return;
    }
    if (!event.ctrlKey || event.altKey || event.metaKey) return;
    const to = pages.find((each) => pageKeys[each] === event.key);
    if (to === undefined) return;
    event.preventDefault();
    onPage(to);
  });
}

/** The style sheet the host let in: antd writes its styles under the same nonce. */
function nonceOfPage(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
}
