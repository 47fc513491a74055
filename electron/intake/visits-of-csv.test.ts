import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';

import { fileOf } from './file-bytes.test-support.ts';
import { visitsOfCsv } from './visits-of-csv.ts';

function receivedOf(text: string) {
  const reading = visitsOfCsv(fileOf(text));
  if (reading.kind === 'refused') throw new Error(reading.problem.code);
  return [...reading.visits()].map(({ received }) => received);
}

const plain =
  'visit.id,person.name,yearToDate.year,charge.amount\nZY1,张三,2017,10\nZY1,张三,2017,2\n';

describe('what is received of a visit in a CSV', () => {
  it('is its filled cells by path, each line its own, the year apart', () => {
    expect(receivedOf(plain)).toMatchObject([
      {
        bill: {
          cells: { 'visit.id': 'ZY1', 'person.name': '张三' },
          charges: [{ 'charge.amount': '10' }, { 'charge.amount': '2' }],
        },
        year: { 'yearToDate.year': '2017' },
      },
    ]);
  });

  it('is the same with other headers, columns in another order, and empty ones', () => {
    const other = '金额,床号,姓名,累计年度,就诊号\n10,,张三,2017,ZY1\n2,,张三,2017,ZY1\n';
    const [one] = receivedOf(plain);
    const [same] = receivedOf(other);
    expect([same?.bill, same?.year]).toEqual([one?.bill, one?.year]);
  });

  it('is another one with a cell more or other lines', () => {
    const [one] = receivedOf(plain);
    const [more] = receivedOf(plain.replace('2017,2', '2017,2.00'));
    expect(more?.bill).not.toEqual(one?.bill);
  });
});

describe('a CSV read in pieces', () => {
  const rows = Array.from({ length: 40 }, (_, row) => {
    const visit = row % 3;
    return `ZY${String(visit)},张${String(visit)},"甲,${String(row)}\n""乙"" ",${String(row)}`;
  });
  const headers = 'visit.id,person.name,charge.name,charge.amount';
  const whole = `${headers}\n${rows.join('\n')}\n`;

  it.each([
    ['line feeds', whole],
    ['carriage returns with line feeds', [headers, ...rows].join('\r\n')],
    ['carriage returns', [headers, ...rows].join('\r')],
    [
      'both, mixed',
      `${headers}\r\n${rows.slice(0, 20).join('\n')}\r\n${rows.slice(20).join('\r')}`,
    ],
    ['empty rows between and a mark', `\uFEFF${headers}\n\n${rows.join('\n,,,\n\n')}\n\n`],
  ])('is the same however its pieces fall, with %s', (name, text) => {
    const expected = receivedOf(whole);
    for (const encoded of [
      Buffer.from(text),
      iconv.encode(text.replace('\uFEFF', ''), 'gb18030'),
    ]) {
      for (const piece of [1, 2, 3, 7, 64, 1000]) {
        const reading = visitsOfCsv(fileOf(encoded, piece));
        if (reading.kind === 'refused') throw new Error(`${name} ${reading.problem.code}`);
        const visits = [...reading.visits()];
        expect(visits.map(({ received }) => received)).toEqual(expected);
        expect(visits.flatMap(({ problems }) => problems)).toEqual([]);
      }
    }
  });

  it.each([
    ['a quote that is never closed', `${whole}ZY9,x,"a,1\nZY9,x,b,2\n`, 42],
    ['a quote inside a quoted cell', `${whole}ZY9,x,"a"b,1\n`, 42],
  ])('is refused as a whole with %s, and its row is named', (_name, text, row) => {
    const reading = visitsOfCsv(fileOf(text, 100));
    if (reading.kind !== 'refused') throw new Error('taken');
    expect(reading.problem).toMatchObject({ code: 'damaged-csv', row });
  });

  it('holds no more than one visit of a file in which rows of all visits take turns', () => {
    let most = 0;
    const file = fileOf(whole);
    const counted = {
      ...file,
      read: (from: number, until: number) => {
        most = Math.max(most, until - from);
        return file.read(from, until);
      },
    };
    const reading = visitsOfCsv(counted);
    if (reading.kind === 'refused') throw new Error(reading.problem.code);
    // The header is looked for in a piece of its own; from here on it is visits.
    most = 0;
    expect([...reading.visits()]).toHaveLength(3);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(100);
  });
});
