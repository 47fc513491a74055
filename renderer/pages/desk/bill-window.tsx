import { Table } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { OutputOf } from '../../../shared/contracts/contracts.ts';
import type { VisitPreview } from '../../../shared/contracts/settlement.ts';
import { chargeCategoryNames } from '../../../shared/domain/value-names.ts';
import { isChargeCategory } from '../../../shared/domain/visit.ts';
import type { Call } from '../../api/call.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Money } from '../../components/money.tsx';

type BillLine = OutputOf<'visits:bill-lines'>['lines'][number];

type BillWindowProps = {
  readonly call: Call;
  readonly preview: VisitPreview;
  readonly language: 'zh' | 'en';
  readonly onClose: () => void;
};

/** The bill by category, its lines on demand; only the lines in sight are drawn. */
export function BillWindow({ call, preview, language, onClose }: BillWindowProps) {
  const { t } = useTranslation();
  const [category, setCategory] = useState<string | null>(null);
  const [lines, setLines] = useState<readonly BillLine[]>([]);
  const { visitId } = preview.visit;
  useEffect(() => {
    let current = true;
    void call('visits:bill-lines', { visitId, category }).then((answer) => {
      if (current && answer.ok) setLines(answer.value.lines);
    });
    return () => {
      current = false;
    };
  }, [call, visitId, category]);
  const groups = [
    { category: null, name: t('allCategories'), totalFen: preview.result.totalFen },
    ...preview.bill.categories.map((each) => ({
      ...each,
      name: `${categoryName(each.category, language)} ${String(each.lineCount)}`,
    })),
  ];
  return (
    <Dialog open width={1120} title={t('viewBill')} onCancel={onClose} footer={null}>
      <div data-testid="bill-lines">
        <div className="categories">
          {groups.map((each) => (
            <button
              key={each.category ?? ''}
              type="button"
              aria-pressed={category === each.category}
              onClick={() => {
                setCategory(each.category);
              }}
            >
              {each.name} · <Money fen={each.totalFen} unit={false} />
            </button>
          ))}
        </div>
        {preview.bill.lineCount === 0 ? (
          <p>{t('totalsOnly')}</p>
        ) : (
          <Table<BillLine>
            virtual
            size="small"
            rowKey="line"
            pagination={false}
            scroll={{ y: 360, x: 1040 }}
            dataSource={[...lines]}
            columns={[
              { title: t('line'), dataIndex: 'line', width: 56 },
              { title: t('date'), dataIndex: 'on', width: 104 },
              {
                title: t('item'),
                dataIndex: 'name',
                render: (_, line) =>
                  line.refundsLine === null ? line.name : `${line.name}（${t('refund')}）`,
              },
              {
                title: t('class'),
                width: 64,
                render: (_, line) => t(`class.${line.catalogueClass}`),
              },
              {
                title: t('quantity'),
                width: 96,
                align: 'right',
                render: (_, line) => `${line.quantity} ${line.unit}`,
              },
              { title: t('price'), dataIndex: 'unitPrice', width: 96, align: 'right' },
              {
                title: t('amount'),
                width: 112,
                align: 'right',
                render: (_, line) => <Money fen={line.amountFen} unit={false} />,
              },
              {
                title: t('inScope'),
                width: 112,
                align: 'right',
                render: (_, line) => <Money fen={line.eligibleFen} unit={false} />,
              },
            ]}
          />
        )}
      </div>
    </Dialog>
  );
}

/** What a charge category is called; the category itself where a newer program sends one we do not know. */
function categoryName(category: string, language: 'zh' | 'en'): string {
  if (!isChargeCategory(category)) return category;
  const name = chargeCategoryNames[category][language];
  return name.charAt(0).toUpperCase() + name.slice(1);
}
