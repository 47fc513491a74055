import { Modal, type ModalProps } from 'antd';
import { useEffect, useId } from 'react';

/** Where dialogs stand: beside the page, in an element of `index.html` made for them. */
const standOf = (): HTMLElement => document.getElementById('dialogs') ?? document.body;

/**
 * A window over the page; its keys are the page's own. On `document.body` it would stop the body from
 * scrolling by two style elements without the nonce, which the content policy refuses. The page never scrolls.
 */
export function Dialog({
  focusesOk = false,
  okButtonProps,
  ...props
}: Omit<ModalProps, 'getContainer' | 'keyboard'> & {
  /** Nothing is typed any more: the button that does it has the focus, not the cross that closes the window. */
  readonly focusesOk?: boolean;
}) {
  const id = useId();
  useEffect(() => {
    if (focusesOk) document.getElementById(id)?.focus();
  }, [focusesOk, id]);
  return (
    <Modal
      keyboard={false}
      getContainer={standOf}
      okButtonProps={{ id, ...okButtonProps }}
      {...props}
    />
  );
}
