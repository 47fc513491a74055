import { decodeVisitAndPerson } from '../../../shared/contracts/stored-visit.ts';
import { writtenNumber } from '../../../shared/domain/identity-number.ts';
import type { Person } from '../../../shared/domain/person.ts';
import { writtenName } from '../../../shared/domain/person-name.ts';
import type { Visit } from '../../../shared/domain/visit.ts';
import { recordIn, type StoredKind } from './stored-kind.ts';

/** A visit and its person as the hospital's system sent them: exactly what will be decided on. */
export type VisitAndPerson = { readonly visit: Visit; readonly person: Person };

/**
 * A visit and its person: `{ "visit": …, "person": … }` of the contract.
 *
 * - 0: as it was encoded after intake, the defaults filled in; the bill's hash is over that text.
 * - 1: as it was received; the bill's hash is over what was received.
 * - 2: the earlier parts of a stay may be given in full.
 */
export const visitDocument: StoredKind<VisitAndPerson> = {
  id: 'visit',
  name: { zh: '就诊', en: 'visit' },
  newest: 2,
  // What was encoded is also a form in which a visit may be received; nor has what came later changed another field.
  steps: [(json) => json, (json) => json],
  decode: decodeVisitDocument,
};

/** What intake reads as one number or name, however it was written, is one here too; what it refuses today stays. */
function decodeVisitDocument(json: unknown): VisitAndPerson {
  const { visit, person } = recordIn(json);
  const { idNumber, name, ...others } = recordIn(person);
  return decodeVisitAndPerson({
    visit,
    person: {
      ...others,
      name: typeof name === 'string' ? writtenName(name) : name,
      idNumber: numberOf(idNumber, others['document']),
    },
  });
}

function numberOf(received: unknown, document: unknown): unknown {
  // However it was said that there is none.
  if (document === 'none') return '';
  return typeof received === 'string' ? writtenNumber(received) : received;
}

/** What of a received Visit JSON is stored: the visit and its person, the year apart. */
export function visitDocumentOf(received: unknown): unknown {
  const { visit, person } = recordIn(received);
  return { visit, person };
}
