import { ConfigProvider } from 'antd';
import zhCN from 'antd/locale/zh_CN';
import { createRoot } from 'react-dom/client';

import { openBridge } from '../api/bridge.ts';
import { callOver } from '../api/call.ts';
import { startTexts } from '../i18n/texts.ts';
import { DeskPage } from '../pages/desk/desk-page.tsx';

/** The style sheet the host let in: antd writes its styles under the same nonce. */
function nonceOfPage(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
}

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
const [bridge] = await Promise.all([openBridge(), startTexts()]);
createRoot(root).render(
  <ConfigProvider
    csp={{ nonce: nonceOfPage() }}
    locale={zhCN}
    theme={{ token: { colorPrimary: '#0b5cad', borderRadius: 4, motion: false } }}
  >
    <DeskPage bridge={bridge} call={callOver(bridge)} />
  </ConfigProvider>,
);
