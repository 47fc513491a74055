import type { DragEventHandler, ReactNode } from 'react';

import type { Moment } from './moment.ts';
import { PageHead } from './page-head.tsx';

type ListPageProps = {
  readonly testId: string;
  /** More classes of the page. */
  readonly className?: string;
  readonly backTestId: string;
  readonly nav: ReactNode;
  readonly deskMoment: Moment;
  readonly onBack: () => void;
  /** What stands beside the list: counters and what they are of. */
  readonly beside: ReactNode;
  /** The list and its chosen row. */
  readonly children: ReactNode;
  /** Windows over the page. */
  readonly over?: ReactNode;
  readonly onDrag?: DragEventHandler;
};

/** The frame of a page that is worked through by lists: counters at the left, the list and its chosen row at the right. */
export function ListPage(props: ListPageProps) {
  const { testId, className, backTestId, nav, deskMoment, onBack, onDrag } = props;
  return (
    <div
      className={`users claims${className === undefined ? '' : ` ${className}`}`}
      data-testid={testId}
    >
      <PageHead nav={nav} deskMoment={deskMoment} backTestId={backTestId} onBack={onBack} />
      <main onDragOver={onDrag} onDrop={onDrag}>
        <aside>{props.beside}</aside>
        <section className="claim-room">{props.children}</section>
      </main>
      {props.over}
    </div>
  );
}
