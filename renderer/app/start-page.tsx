import { ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { createRoot } from 'react-dom/client';
import { useTranslation } from 'react-i18next';

import type { DeskBridge } from '../api/bridge.ts';
import { callOver, type Call } from '../api/call.ts';
import { startTexts } from '../i18n/texts.ts';
import { DeskPage } from '../pages/desk/desk-page.tsx';
import { antdTheme } from '../theme/antd-theme.ts';

/** Puts the desk on the page over any bridge: the program's, or one that plays it. */
export async function startPage(bridge: DeskBridge): Promise<void> {
  const root = document.getElementById('root');
  if (root === null) throw new Error('the page has no root');
  await startTexts();
  createRoot(root).render(<Desk bridge={bridge} call={callOver(bridge)} />);
}

function Desk({ bridge, call }: { readonly bridge: DeskBridge; readonly call: Call }) {
  const { i18n } = useTranslation();
  return (
    <ConfigProvider
      csp={{ nonce: nonceOfPage() }}
      locale={i18n.language === 'en' ? enUS : zhCN}
      theme={antdTheme}
    >
      <DeskPage bridge={bridge} call={call} />
    </ConfigProvider>
  );
}

/** The style sheet the host let in: antd writes its styles under the same nonce. */
function nonceOfPage(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
}
