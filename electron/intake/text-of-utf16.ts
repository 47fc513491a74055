import { inMemory, type FileBytes } from './file-bytes.ts';
import { intakeProblem, type IntakeProblem } from './intake-problem.ts';
import { intakeRefusal, type IntakeCode } from './intake-refusals.ts';
import { tooLarge } from './too-large.ts';

/** Such a file is made another one as a whole, in memory. */
const utf16BytesMax = 64 * 1024 * 1024;

/**
 * A file as all others here are: one in UTF-16, which a spreadsheet writes as "Unicode text", as the same in UTF-8 with its
 * mark. Only the mark at the beginning tells it; without one it is refused by its zeros.
 */
export function withoutUtf16(
  file: FileBytes,
): FileBytes | { readonly problem: IntakeProblem<IntakeCode> } {
  const [first, second] = file.read(0, 2);
  const isLittle = first === 0xff && second === 0xfe;
  const isBig = first === 0xfe && second === 0xff;
  if (!isLittle && !isBig) return file;
  if (file.size > utf16BytesMax) return tooLarge('64 MB (UTF-16)');
  const text = new TextDecoder(isLittle ? 'utf-16le' : 'utf-16be').decode(file.read(0, file.size));
  const damaged = text.indexOf('\uFFFD');
  if (damaged >= 0 || file.size % 2 === 1) {
    const line = text.slice(0, damaged < 0 ? undefined : damaged).split('\n').length;
    const refusal = intakeRefusal('undecodable-bytes', { line });
    return { problem: intakeProblem(refusal, { place: `line ${String(line)}` }) };
  }
  return inMemory(Buffer.from(`\uFEFF${text}`), () => {
    file.close();
  });
}
