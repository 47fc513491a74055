import type { Charge, Paper, PaperPerson } from './paper.reference.ts';

const text = (fen: bigint): string =>
  `${String(fen / 100n)}.${String(fen % 100n).padStart(2, '0')}`;

/** The visit as the hospital's system sends it (contract: Visit JSON). */
export function visitJsonOf(
  paper: Paper,
  person: PaperPerson,
  granted: string | undefined,
): unknown {
  const { hospital: at, certificate, chronic } = paper;
  return {
    visit: {
      id: paper.id,
      kind: paper.kind,
      admittedOn: paper.admitted,
      dischargedOn: paper.discharged,
      hospital: {
        code: at.code,
        name: '某医院',
        level: at.level,
        ...(at.place === null ? {} : { place: at.place }),
        ...(at.type === null ? {} : { type: at.type }),
        ...(at.grade === null ? {} : { grade: at.grade }),
      },
      diagnoses: [{ code: `${paper.diagnosis}00`, name: '诊断', principal: true }],
      procedures: paper.operations.map((code) => ({ code: `${code}00`, name: '手术' })),
      referral:
        certificate === null
          ? null
          : {
              certificate: 'ZZ1',
              issuedOn: certificate.issued,
              fromHospitalLevel: certificate.from,
              previousVisitId: certificate.previous,
              deductiblePaid: text(certificate.deductible),
            },
      charges: paper.charges.flatMap((charge, index) =>
        chargeLinesOf(charge, index, paper.admitted),
      ),
      deposit: '0.00',
      ...(paper.emergency ? { emergency: true } : {}),
      ...(paper.filed === null ? {} : { outOfArea: { filed: paper.filed } }),
      ...(chronic === null
        ? {}
        : { chronicDisease: { code: `${chronic.code}00`, certificateFrom: chronic.from } }),
      ...(granted === undefined || paper.granted === null
        ? {}
        : {
            approvals: [
              {
                step: granted,
                form: '申请表',
                number: 'P1',
                decision: 'approved',
                amount: text(paper.granted),
                on: paper.admitted,
              },
            ],
          }),
    },
    person: {
      name: '张三',
      idNumber: idNumberOf(person.born),
      birthDate: person.born,
      sex: 'male',
      insurance: person.insurance,
      categories: person.categories.map(({ name, from, until }) => ({
        name,
        ...(from === null ? {} : { from }),
        ...(until === null ? {} : { until }),
      })),
      insuredPlace: person.insured,
      ...(person.employment === null ? {} : { employment: person.employment }),
    },
  };
}

/** A number with the right check digit: nobody's. */
function idNumberOf(born: string): string {
  const digits = `430626${born.replaceAll('-', '')}001`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((all, weight, index) => all + weight * Number(digits[index]), 0);
  return `${digits}${'10X98765432'.charAt(sum % 11)}`;
}

/** A charge as up to three lines: what is in scope, what is paid first of it, what is outside the catalogue. */
function chargeLinesOf(charge: Charge, index: number, on: string): readonly object[] {
  const kinds = [
    ['A', '0.00', charge.inScope],
    ['B', '1.00', charge.firstPaid],
    ['C', '0.00', charge.outside],
  ] as const;
  return kinds
    .map(([catalogueClass, firstSelfPayRatio, amount], at) => ({
      line: index * 3 + at + 1,
      code: `${charge.code}${String(index)}`,
      name: '项目',
      category: charge.category,
      ...{ catalogueClass, firstSelfPayRatio, priceCeiling: null, unit: '次' },
      ...{ quantity: '1', unitPrice: text(amount), amount: text(amount), on },
    }))
    .filter(({ amount }) => amount !== '0.00');
}
