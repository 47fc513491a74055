import type { SimulatedReader } from '../../drivers/card-reader/simulated-reader.ts';
import { decodeSettlementInput } from '../../shared/contracts/stored-visit.ts';
import { demoBusinessDate, demoDocuments } from '../intake/demo-data.ts';

/** A card as the built-in simulated reader takes it. */
export type DemoCard = Parameters<SimulatedReader['placeCard']>[0];

/** Of somebody who has no stay at this hospital. */
export const strangersCard: DemoCard = {
  name: '卢远桥',
  sex: 'female',
  ethnicity: '01',
  birthDate: '1988-06-23',
  address: '江西省九江市濂溪区十里大道8号',
  idNumber: '36040219880623204X',
  issuer: '九江市公安局',
  validFrom: '2016-08-02',
  validUntil: '2099-08-02',
};

/** From this age on a resident ID card has no end of validity. */
const longTermAge = 46;

/**
 * The resident ID card of the person of a demo visit, to be placed on the built-in simulated reader; null
 * where the demo has no such visit. Cards stay valid whatever the machine's date: a demo must not expire.
 */
export async function demoCardOfVisit(visitId: string): Promise<DemoCard | null> {
  for (const document of await demoDocuments()) {
    const { visit, person } = decodeSettlementInput(document);
    if (visit.id !== visitId) continue;
    const isOld = ageAtDemo(person.birthDate) >= longTermAge;
    return {
      name: person.name,
      sex: person.sex,
      ethnicity: '01',
      birthDate: person.birthDate,
      address: person.address ?? '湖南省平江县汉昌镇',
      idNumber: person.idNumber,
      issuer: person.insuredPlace === '430626' ? '平江县公安局' : '岳阳县公安局',
      validFrom: isOld ? '2014-03-20' : demoBusinessDate,
      validUntil: isOld ? '长期' : '2099-11-27',
    };
  }
  return null;
}

function ageAtDemo(birthDate: string): number {
  const years = Number(demoBusinessDate.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return demoBusinessDate.slice(5) < birthDate.slice(5) ? years - 1 : years;
}
