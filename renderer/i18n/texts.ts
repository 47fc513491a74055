import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

import { en } from './en.ts';
import { zh } from './zh.ts';

/** Chinese first. The page keeps no choice: a shared desk starts in the cashiers' language. */
export async function startTexts(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'zh',
    fallbackLng: 'zh',
    // Keys hold dots themselves.
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    resources: { zh: { translation: zh }, en: { translation: en } },
  });
}
