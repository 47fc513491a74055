import type { StayFile } from './usual-cases.ts';

/**
 * A visit file that has every field a visit may have, but for the totals, which stand where a bill has no charge lines:
 * for whoever writes cases and would rather take away than look up. `stay` gives person, hospital and days.
 */
export function visitWithEveryField({ visit, person, yearToDate }: StayFile): object {
  const { kind, admittedOn, dischargedOn, hospital, diagnoses } = visit;
  const on = dischargedOn;
  const codeAndName = { code: 'X001', name: '（名称）' };
  return {
    visit: {
      ...{
        id: 'ZY0002',
        kind,
        admittedOn,
        dischargedOn,
        hospital: { grade: 2, type: 'general', place: person['insuredPlace'], ...hospital },
      },
      diagnoses,
      procedures: [{ code: '45.7300', name: '（手术名称）', on }],
      referral: {
        ...{ certificate: 'ZZ0001', issuedOn: admittedOn, fromHospitalLevel: 'township' },
        ...{ previousVisitId: 'ZY0000', deductiblePaid: '0.00' },
      },
      charges: [
        {
          ...{
            line: 1,
            code: 'A001',
            name: '（项目名称）',
            category: 'treatment',
            catalogueClass: 'B',
          },
          ...{ firstSelfPayRatio: '0.10', priceCeiling: '100.00', unit: '次' },
          ...{
            quantity: '2',
            unitPrice: '60.00',
            amount: '120.00',
            on,
            at: `${on}T09:30:00+08:00`,
          },
          ...{ nationalCode: '001234567890123', orderedBy: codeAndName, department: codeAndName },
          restrictedUse: false,
        },
        {
          ...{
            line: 2,
            code: 'A001',
            name: '（退费）',
            category: 'treatment',
            catalogueClass: 'B',
          },
          ...{ firstSelfPayRatio: '0.10', priceCeiling: '100.00', unit: '次' },
          ...{ quantity: '-1', unitPrice: '60.00', amount: '-60.00', on, refundsLine: 1 },
        },
      ],
      deposit: '100.00',
      deposits: [{ receipt: 'YJ0001', amount: '100.00', on: admittedOn, tender: 'cash' }],
      blockers: [{ code: 'order-open', text: '未停医嘱' }],
      ...{ admissionNumber: '0000000001', medicalRecordNumber: 'B0000001' },
      ...{ department: codeAndName, bed: '1', attendingDoctor: codeAndName },
      ...{ dischargeWay: 'by-order', outcome: 'improved' },
      injury: { cause: '（受伤原因）', thirdParty: 'none' },
      insurer: { personNumber: '0000000001', visitId: '0000000001' },
      emergency: false,
      outOfArea: { filed: 'none', filedOn: admittedOn },
      chronicDisease: { code: 'M01', certificateFrom: admittedOn, until: on },
      approvals: [
        {
          ...{ step: 'assistance', form: '（表名）', number: '1', decision: 'approved' },
          ...{ amount: '0.00', on: admittedOn },
        },
      ],
      earlierParts: {
        ...{ parts: 1, total: '0.00', eligible: '0.00', deductiblePaid: '0.00' },
        ...{ patientPays: '0.00', hospitalBears: '0.00', byStep: {} },
      },
      payerFigures: {
        ...{ from: '（哪个支付方）', receivedOn: on },
        ...{ shares: [{ payer: 'basic-medical-insurance', amount: '0.00' }], patientPays: '60.00' },
      },
    },
    person: {
      ...{
        document: 'citizen',
        employment: 'working',
        contractedDoctor: false,
        disabilityLevel: 4,
      },
      ...{ phone: '13800000000', address: '（住址）', contact: '（联系人）' },
      ...person,
      categories: [{ name: 'registered-poor', from: admittedOn, until: on }],
    },
    yearToDate: { ...yearToDate, total: '0.00' },
    sent: { version: 1, at: `${on}T10:00:00+08:00` },
  };
}
