import { Table } from 'antd';
import type { ColumnsType } from 'antd/es/table';
import { useEffect, useLayoutEffect, useRef, useState, type ComponentRef } from 'react';

type LongListProps<Row> = {
  readonly rows: readonly Row[];
  readonly idOf: (row: Row) => string;
  readonly chosenId: string | null;
  readonly columns: ColumnsType<Row>;
  readonly emptyText: string;
  /** So wide the columns are at least. */
  readonly least: number;
  /** What tests and people who look into the page find a row by. */
  readonly marksOf: (row: Row) => Readonly<Record<`data-${string}`, string>>;
  readonly onChoose: (row: Row) => void;
  /** The last rows are in sight. */
  readonly onEnd: () => void;
};

/** Height of the head of the list, and how near its end more is asked for. */
const headPx = 40;
const nearEndPx = 400;

/** A list of which only the rows in sight are drawn, however many there are; the chosen one is kept in sight. */
export function LongList<Row extends object>({
  rows,
  idOf,
  chosenId,
  columns,
  emptyText,
  least,
  marksOf,
  onChoose,
  onEnd,
}: LongListProps<Row>) {
  const around = useRef<HTMLDivElement>(null);
  const table = useRef<ComponentRef<typeof Table>>(null);
  const [height, setHeight] = useState(0);
  useLayoutEffect(() => {
    const room = around.current;
    if (room === null) return undefined;
    const watch = new ResizeObserver(() => {
      setHeight(Math.max(0, room.clientHeight - headPx));
    });
    watch.observe(room);
    return () => {
      watch.disconnect();
    };
  }, []);
  useEffect(() => {
    if (chosenId !== null) table.current?.scrollTo({ key: chosenId });
  }, [chosenId]);
  return (
    <div className="claim-list" ref={around}>
      <Table<Row>
        ref={table}
        virtual
        size="small"
        rowKey={idOf}
        pagination={false}
        scroll={{ y: height, x: least }}
        dataSource={[...rows]}
        locale={{ emptyText }}
        onScroll={({ currentTarget }) => {
          const { scrollHeight, scrollTop, clientHeight } = currentTarget;
          if (scrollHeight - scrollTop - clientHeight < nearEndPx) onEnd();
        }}
        rowClassName={(row) => (idOf(row) === chosenId ? 'chosen' : '')}
        onRow={(row) => ({
          ...marksOf(row),
          'aria-current': idOf(row) === chosenId ? 'true' : undefined,
          onClick: () => {
            onChoose(row);
          },
        })}
        columns={columns}
      />
    </div>
  );
}
