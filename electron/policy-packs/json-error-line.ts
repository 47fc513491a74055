import { visit } from 'jsonc-parser';

/**
 * The line (from 1) on which a text stops being JSON, for a text `JSON.parse` has refused. The message of
 * `JSON.parse` names a position only for some mistakes and quotes the text, which may be personal.
 */
export function jsonErrorLine(text: string): number {
  const errors: number[] = [];
  let reached = 0;
  const noteDepth = (offset: number): void => {
    reached = offset;
  };
  try {
    visit(
      text,
      {
        onError: (_, offset) => {
          errors.push(offset);
        },
        onObjectBegin: noteDepth,
        onArrayBegin: noteDepth,
      },
      { disallowComments: true, allowTrailingComma: false },
    );
  } catch (problem) {
    // Nested thousands deep, which no visit is: the parser has run out of stack, and reads no further.
    if (!(problem instanceof RangeError)) throw problem;
  }
  return text.slice(0, errors[0] ?? reached).split('\n').length;
}
