import type { ThemeConfig } from 'antd';

/** One ink, one accent, greys: the same values as in desk.css, for the parts antd draws. */
export const antdTheme: ThemeConfig = {
  token: {
    colorPrimary: '#0b5cad',
    colorText: '#1f2329',
    colorTextPlaceholder: '#646b75',
    borderRadius: 6,
    motion: false,
    fontFamily:
      "'Noto Sans SC', 'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', 'WenQuanYi Zen Hei', sans-serif",
  },
  components: { Button: { primaryShadow: 'none', defaultShadow: 'none' } },
};
