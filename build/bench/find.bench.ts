import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { openStore } from '../../electron/database/open-store.ts';
import { receivedBill } from '../../electron/database/received-bill.test-support.ts';
import { hasRightCheckDigit } from '../../shared/domain/citizen-number.ts';
import { plainInput } from '../../shared/policy/visits.test-support.ts';
import { figures, print } from './print-figures.ts';

// What the finder takes on many visits, of which one in a hundred is unsettled: `find.bench.ts [VISITS]`.

const visitsAtOnce = 500;
const surnames = Array.from('王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗');
const given = Array.from('伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅');

async function bench(count: number): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'find-bench-'));
  const store = await openStore({ file: path.join(folder, 'settlement.db'), key: randomBytes(32) });
  const stay = plainInput(1000);
  const at = '2017-11-27T10:15:00.000+08:00';
  const pick = (from: readonly string[], index: number): string => from[index % from.length] ?? '';
  for (let first = 0; first < count; first += visitsAtOnce) {
    await store.transact(async ({ persons, visits }) => {
      for (let index = first; index < Math.min(first + visitsAtOnce, count); index += 1) {
        const name = pick(surnames, index) + pick(given, index * 7) + pick(given, index * 13 + 5);
        const number = citizenNumber(index);
        const day = String(1 + (index % 27)).padStart(2, '0');
        const input = {
          ...stay,
          person: { ...stay.person, name, idNumber: number },
          visit: {
            ...stay.visit,
            ...{ id: `ZY2017${String(index).padStart(8, '0')}`, dischargedOn: `2017-11-${day}` },
            ...{ admissionNumber: `2017${String(index).padStart(6, '0')}` },
            ...{ bed: String(index % 60), department: { code: 'D', name: pick(wards, index) } },
          },
        };
        const visitId = input.visit.id;
        const personId = await persons.upsertFromVisit({
          ...{ newId: `P${String(index)}`, person: input.person, visitId, at },
        });
        const bill = { ...receivedBill(input), personId, personPinyin: '', receivedAt: at };
        await visits.saveBill({ ...bill, source: 'bench', newSetAsideId: `S${String(index)}` });
        if (index % 100 !== 0) await visits.setState(visitId, 'settled');
      }
    });
  }
  print('visits', String(count));
  for (const [what, texts] of [
    ['a whole ID number', [citizenNumber(count - 1), citizenNumber(7)]],
    ['a part of an ID number', [citizenNumber(count - 1).slice(8), '0001']],
    ['a part of an admission number', ['17012345', '2017']],
    ['a name', ['王伟', '罗', '李芳娜']],
    ['pinyin', ['wang', 'z', 'lifangna', 'yangjing']],
    ['initials', ['ww', 'lf', 'zjq']],
    ['ward and bed', ['骨科 12', '内科 3床', '呼吸内科12床']],
    ['nobody', ['欧阳娜娜', 'xqzzy', '99999999']],
  ] as const) {
    const took: number[] = [];
    for (const text of texts) {
      for (let time = 0; time < 5; time += 1) {
        const began = performance.now();
        await store.read(({ visits }) => visits.search(text, 51));
        took.push(performance.now() - began);
      }
    }
    print(what, figures(took));
  }
  await store.close();
  await rm(folder, { recursive: true });
}

const wards = ['骨科', '呼吸内科', '心血管内科', '普外科', '妇产科'];

function citizenNumber(index: number): string {
  const seventeen = `430626${String(1930 + (index % 80))}0${String(1 + (index % 9))}1${String(index % 10)}${String(Math.floor(index / 80) % 1000).padStart(3, '0')}`;
  const last = Array.from('0123456789X').find((digit) => hasRightCheckDigit(seventeen + digit));
  return seventeen + (last ?? '');
}

await bench(Number(process.argv[2] ?? '100000'));
