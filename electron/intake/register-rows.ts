import { z } from 'zod';

import { identityDocuments, sexes } from '../../shared/domain/closed-values.ts';
import { insurances, personCategories } from '../../shared/domain/person.ts';
import { writtenName } from '../../shared/domain/person-name.ts';
import type { Result } from '../../shared/domain/result.ts';
import type { IntakeCode } from './intake-refusals.ts';
import {
  numberOfRow,
  readRegisterFile,
  rowProblem,
  type Numbered,
  type RegisterRows,
} from './read-register-file.ts';

/** The columns of a person register. */
export const registerColumns = [
  { path: 'idNumber', zh: '身份证号' },
  { path: 'name', zh: '姓名' },
  { path: 'category', zh: '人员类别' },
  { path: 'from', zh: '认定日期' },
  { path: 'until', zh: '截止日期' },
  { path: 'insurance', zh: '参保类型' },
  { path: 'insuredPlace', zh: '参保地' },
  { path: 'document', zh: '证件类型' },
  { path: 'birthDate', zh: '出生日期' },
  { path: 'sex', zh: '性别' },
] as const;

/** A name as it is kept; a blank one is none. */
export const nameOfRegister = z.string().overwrite(writtenName).min(1).max(100);

/** One row of it. */
export const registerRowSchema = z.strictObject({
  idNumber: z.string(),
  name: nameOfRegister,
  category: z.enum(personCategories),
  from: z.iso.date().optional(),
  until: z.iso.date().optional(),
  insurance: z.enum(insurances).optional(),
  insuredPlace: z
    .string()
    .regex(/^\d{6}$/)
    .optional(),
  document: z.enum(identityDocuments).optional(),
  birthDate: z.iso.date().optional(),
  sex: z.enum(sexes).optional(),
});

/** One recognition of one person, as a register writes it. */
export type RegisterRow = Numbered<z.infer<typeof registerRowSchema>>;

export type PersonRows = RegisterRows<z.infer<typeof registerRowSchema>>;

/** The rows of a person register; a row is known by the number of its person. */
export function personsOfFile(file: string): Result<PersonRows, IntakeCode> {
  return readRegisterFile(file, {
    columns: registerColumns,
    row: registerRowSchema,
    numberOf: numberOfRow,
    keyOf: (_cells, idNumber) => idNumber,
    check: (rows) =>
      rows
        .filter(({ from = '', until = '9999' }) => from > until)
        .map(({ row }) => rowProblem(row, '截止日期早于认定日期', 'until is before from', 'until')),
  });
}
