import { z } from 'zod';

import { profileFields } from '../../payer-profile.ts';
import { certificates } from './certificate-type.ts';
import { fieldNames } from './claim-fields.ts';

/** A code of the national list of funds (`fund_pay_type`); a text is the same for every insured. */
const fundCode = z.string().regex(/^\d{6}$/, 'not a fund code of six digits');
const fundCodes = z.union([
  fundCode.transform((code) => ({ employee: code, others: code })),
  z.strictObject({ employee: fundCode, others: fundCode }),
]);
const code = (length: number) => z.string().min(1).max(length);
const milliseconds = z.int().min(1).max(600_000);

/** What differs between payers that speak the national protocol: data, never code. */
export const nationalProfile = z.strictObject({
  ...profileFields,
  protocol: z.literal('national'),
  /** Where messages are posted, below the payers' address. */
  path: z.string().regex(/^\/\S*$/, 'not a path that begins with /'),
  /** The transaction (`infno`) of a one-stop claim: the national interface has none of its own. */
  transaction: z.string().regex(/^[0-9A-Z]{4}$/, 'not a transaction of four characters'),
  /** The transaction that takes a claim back; absent: this payer takes nothing back by a message. */
  undoTransaction: z
    .string()
    .regex(/^[0-9A-Z]{4}$/, 'not a transaction of four characters')
    .exactOptional(),
  /** `recer_sys_code`, `infver` and `opter_type` of the envelope. */
  receiverSystem: code(10),
  interfaceVersion: code(6),
  operatorType: z.enum(['1', '2', '3']),
  /** `med_type` by kind of visit and `insutype` by insurance. */
  medicalTypes: z.strictObject({ inpatient: code(6), outpatient: code(6) }),
  insuranceTypes: z.strictObject({ employee: code(6), resident: code(6), none: code(6) }),
  /** `psn_cert_type` by document, where this payer's codes differ from the national list. */
  certificateTypes: z.partialRecord(z.enum(certificates), code(6)).default({}),
  /** `fund_pay_type` by payer, and of payers that have no code. */
  fundCodes: z.record(z.string(), fundCodes),
  otherFundCode: fundCode,
  /** Greatest lengths, in characters, of fields where this payer's differ from the national list. */
  fieldLengths: z.partialRecord(z.enum(fieldNames), z.int().positive()),
  /** Words beside code 0 that are no error; none at all never are. */
  successWords: z.array(z.string().min(1)),
  /** Codes that say nothing about the claim: the way to the payer is shut, or it is busy; it is tried again. */
  wayIsShut: z.array(z.string().min(1)),
  /** The same in words, where the payer gives no code: an answer that contains one of them says nothing. */
  busyWords: z.array(z.string().min(1)),
  /** Codes by which the payer says it has something of this claim already: no ground to take it back. */
  hasItAlready: z.array(z.string().min(1)),
  /**
   * Codes by which the payer says that it has not booked a claim which the answer names (`output.msgid` and
   * `output.claim_id`). After an attempt whose outcome is not known nothing else rejects it.
   */
  namesNotBooked: z.array(z.string().min(1)),
  /**
   * The payer's refusals say which message and claim they are of. Then one that does not may have been given to another
   * claim by a line that mixes answers, and nothing takes the place of the claim by it.
   */
  refusalsNameTheirClaim: z.boolean(),
  /** How long connecting, the first header and the rest of an answer may take, in milliseconds. */
  deadlines: z.strictObject({ connect: milliseconds, headers: milliseconds, body: milliseconds }),
});

export type NationalProfile = z.infer<typeof nationalProfile>;
