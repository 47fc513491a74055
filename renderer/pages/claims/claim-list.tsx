import { Table } from 'antd';
import { useEffect, useLayoutEffect, useRef, useState, type ComponentRef } from 'react';
import { useTranslation } from 'react-i18next';

import type { ClaimRow } from '../../../shared/contracts/claims.ts';
import { Money } from '../../components/money.tsx';
import { dayAndMinute } from '../../components/shanghai-time.ts';

type ClaimListProps = {
  readonly claims: readonly ClaimRow[];
  readonly language: 'zh' | 'en';
  readonly chosen: ClaimRow | null;
  readonly onChoose: (claim: ClaimRow) => void;
  /** The last rows are in sight. */
  readonly onEnd: () => void;
};

/** Height of the head of the list, and how near its end more is asked for. */
const headPx = 40;
const nearEndPx = 400;

/** The claims of a group; only the rows in sight are drawn, however many there are. */
export function ClaimList({ claims, language, chosen, onChoose, onEnd }: ClaimListProps) {
  const { t } = useTranslation();
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
  const chosenId = chosen?.claimId ?? null;
  useEffect(() => {
    if (chosenId !== null) table.current?.scrollTo({ key: chosenId });
  }, [chosenId]);
  return (
    <div className="claim-list" ref={around}>
      <Table<ClaimRow>
        ref={table}
        virtual
        size="small"
        rowKey="claimId"
        pagination={false}
        scroll={{ y: height, x: 760 }}
        dataSource={[...claims]}
        locale={{ emptyText: t('claimsNone') }}
        onScroll={({ currentTarget }) => {
          const { scrollHeight, scrollTop, clientHeight } = currentTarget;
          if (scrollHeight - scrollTop - clientHeight < nearEndPx) onEnd();
        }}
        rowClassName={({ claimId }) => (claimId === chosenId ? 'chosen' : '')}
        onRow={(claim) => ({
          'data-testid': 'claim-row',
          'data-claim': claim.claimId,
          'data-state': claim.state,
          'aria-current': claim.claimId === chosenId ? 'true' : undefined,
          onClick: () => {
            onChoose(claim);
          },
        })}
        columns={[
          { title: t('claimSettlement'), dataIndex: 'settlementNumber', width: 168 },
          {
            title: t('claimPatient'),
            width: 88,
            render: (_, { maskedName }) => <bdi>{maskedName}</bdi>,
          },
          {
            title: t('claimPayer'),
            width: 128,
            ellipsis: true,
            render: (_, { name }) => name[language],
          },
          {
            title: t('amount'),
            width: 112,
            align: 'right',
            render: (_, { claimedFen }) => <Money fen={claimedFen} unit={false} />,
          },
          {
            title: t('claimMade'),
            width: 104,
            render: (_, { createdAt }) => dayAndMinute(createdAt),
          },
          {
            title: t('claimProblem'),
            ellipsis: true,
            render: (_, { problem, attempts }) =>
              problem === null ? (
                <span className="soft">{attempts === 0 ? t('claimNotTried') : ''}</span>
              ) : (
                <bdi>{problem.words === '' ? problem.code : problem.words}</bdi>
              ),
          },
        ]}
      />
    </div>
  );
}
