import { describe, expect, it } from 'vitest';

import { visitsOfCsv } from './visits-of-csv.ts';

function receivedOf(text: string) {
  const reading = visitsOfCsv(text);
  if (reading.kind === 'refused') throw new Error(reading.problem.code);
  return reading.visits.map(({ received }) => received);
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
