import { z } from 'zod';

import { hasRightCheckDigit } from '../../shared/domain/citizen-number.ts';
import { insurances, personCategories } from '../../shared/domain/person.ts';
import type { Result } from '../../shared/domain/result.ts';
import type { IntakeCode } from './intake-refusals.ts';
import { readRegisterFile, rowProblem, type Numbered } from './read-register-file.ts';

/** The columns of a person register. */
export const registerColumns = [
  { path: 'idNumber', zh: '身份证号' },
  { path: 'name', zh: '姓名' },
  { path: 'category', zh: '人员类别' },
  { path: 'from', zh: '认定日期' },
  { path: 'until', zh: '截止日期' },
  { path: 'insurance', zh: '参保类型' },
  { path: 'insuredPlace', zh: '参保地' },
] as const;

/** An ID number whose check digit is right. */
export const idNumberOfRegister = z.string().refine(hasRightCheckDigit);

const registerRowSchema = z.strictObject({
  idNumber: idNumberOfRegister,
  name: z.string().min(1).max(100),
  category: z.enum(personCategories),
  from: z.iso.date().optional(),
  until: z.iso.date().optional(),
  insurance: z.enum(insurances).optional(),
  insuredPlace: z
    .string()
    .regex(/^\d{6}$/)
    .optional(),
});

/** One recognition of one person, as a register writes it. */
export type RegisterRow = Numbered<z.infer<typeof registerRowSchema>>;

/** The rows of a person register; one bad row refuses the whole file. */
export function personsOfFile(file: string): Result<readonly RegisterRow[], IntakeCode> {
  return readRegisterFile(file, {
    columns: registerColumns,
    row: registerRowSchema,
    check: (rows) =>
      rows
        .filter(({ from = '', until = '9999' }) => from > until)
        .map(({ row }) => rowProblem(row, '截止日期早于认定日期', 'until is before from', 'until')),
  });
}
