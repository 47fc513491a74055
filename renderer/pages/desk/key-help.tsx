import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';

/** The keys of the desk, as they stand on the keyboard, and the text that says what each does. */
const keys = [
  ['Enter', 'enter'],
  ['F1', 'f1'],
  ['F2', 'f2'],
  ['F3', 'f3'],
  ['F4', 'f4'],
  ['F6', 'f6'],
  ['F7', 'f7'],
  ['F8', 'f8'],
  ['F9', 'f9'],
  ['F10', 'f10'],
  ['F11', 'f11'],
  ['F12', 'f12'],
  ['Esc', 'esc'],
  ['↑↓', 'arrows'],
  ['Ctrl+0–9', 'pages'],
] as const;

/** Every key of the desk with what it does. */
export function KeyHelp() {
  const { t } = useTranslation();
  return (
    <dl className="keys">
      {keys.map(([key, text]) => (
        <Fragment key={key}>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{t(`keyHelp.${text}`)}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
