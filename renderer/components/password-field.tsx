import { Input, type InputRef } from 'antd';
import { useContext, useEffect, useLayoutEffect, useRef, type RefObject } from 'react';

import { PageLocked } from './page-locked.ts';

type PasswordFieldProps = {
  readonly testId: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  /** One's own, which the browser may know; a new one; a PIN or another person's, which it must not offer to keep. */
  readonly whose: 'own' | 'new' | 'pin' | 'others';
  readonly size?: 'large';
  readonly hasFocus?: boolean;
  readonly field?: RefObject<InputRef | null>;
  readonly onEnter?: () => void;
};

const completions = {
  own: 'current-password',
  new: 'new-password',
  pin: 'off',
  others: 'off',
} as const;

/** Longer is looked at by nobody. */
const lengthMax = 300;

/**
 * Where a password is typed; another person's is never made visible at this screen. What was typed and not sent when the page is
 * locked is gone: whoever unlocks it is not the one who typed it.
 */
export function PasswordField({
  testId,
  text,
  onText,
  whose,
  size,
  hasFocus = false,
  field,
  onEnter,
}: PasswordFieldProps) {
  const isLocked = useContext(PageLocked);
  const latest = useRef(onText);
  useLayoutEffect(() => {
    latest.current = onText;
  });
  useEffect(() => {
    if (isLocked) latest.current('');
  }, [isLocked]);
  return (
    <Input.Password
      {...(field === undefined ? {} : { ref: field })}
      {...(size === undefined ? {} : { size })}
      autoFocus={hasFocus}
      autoComplete={completions[whose]}
      visibilityToggle={whose !== 'others'}
      data-testid={testId}
      maxLength={lengthMax}
      value={text}
      onChange={(event) => {
        onText(event.target.value);
      }}
      {...(onEnter === undefined ? {} : { onPressEnter: onEnter })}
    />
  );
}
