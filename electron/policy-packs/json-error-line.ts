const token =
  /\s*(?:("(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|([[\]{},:]))/y;

/** What may come next at a point of a JSON text. */
type Expecting =
  'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end' | 'nothing';

/**
 * The line on which a text stops being JSON, for a text `JSON.parse` has refused. The engine's own
 * message names a position only for some mistakes and quotes the text, which may be personal.
 */
export function jsonErrorLine(text: string): number {
  const open: ('[' | '{')[] = [];
  let expecting: Expecting = 'value';
  let position = 0;
  for (;;) {
    token.lastIndex = position;
    const match = token.exec(text);
    if (match === null) return lineAt(text, position);
    const [whole, string, literal, sign] = match;
    const next = afterToken(expecting, open, string !== undefined, literal !== undefined, sign);
    if (next === null) return lineAt(text, token.lastIndex - whole.trimStart().length);
    expecting = next;
    position = token.lastIndex;
  }
}

function afterToken(
  expecting: Expecting,
  open: ('[' | '{')[],
  isString: boolean,
  isLiteral: boolean,
  sign: string | undefined,
): Expecting | null {
  const mayBeValue = expecting === 'value' || expecting === 'value-or-end';
  const mayBeKey = expecting === 'key' || expecting === 'key-or-end';
  const mayEnd = expecting !== 'value' && expecting !== 'key' && expecting !== 'colon';
  const top = open.at(-1);
  if (isString && mayBeKey) return 'colon';
  if (isString || isLiteral) return mayBeValue ? afterValue(open) : null;
  switch (sign) {
    case ':':
      return expecting === 'colon' ? 'value' : null;
    case ',':
      if (expecting !== 'comma-or-end') return null;
      return top === '{' ? 'key' : 'value';
    case '{':
    case '[':
      if (!mayBeValue) return null;
      open.push(sign);
      return sign === '{' ? 'key-or-end' : 'value-or-end';
    case '}':
    case ']':
      if (!mayEnd || top !== (sign === '}' ? '{' : '[')) return null;
      open.pop();
      return afterValue(open);
    default:
      return null;
  }
}

function afterValue(open: readonly string[]): Expecting {
  return open.length === 0 ? 'nothing' : 'comma-or-end';
}

/** Counted to the first sign that is not white space: that is where the reader looks. */
function lineAt(text: string, position: number): number {
  const spaces = /^\s*/.exec(text.slice(position))?.[0].length ?? 0;
  return text.slice(0, position + spaces).split('\n').length;
}
