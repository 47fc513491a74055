import { Modal, type ModalProps } from 'antd';

/** Where dialogs stand: beside the page, in an element of `index.html` made for them. */
const standOf = (): HTMLElement => document.getElementById('dialogs') ?? document.body;

/**
 * A window over the page; its keys are the page's own. On `document.body` it would stop the body from
 * scrolling by two style elements without the nonce, which the content policy refuses. The page never scrolls.
 */
export function Dialog(props: Omit<ModalProps, 'getContainer' | 'keyboard'>) {
  return <Modal keyboard={false} getContainer={standOf} {...props} />;
}
