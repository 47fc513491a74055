/**
 * What of one SQL statement a PostgreSQL server would not take, or would take to mean something else. It looks at
 * words, not at grammar: it is for the statements of this folder, which a test gathers.
 */
export function notPortable(statement: string): readonly string[] {
  const code = withoutTexts(statement);
  const found: string[] = [];
  for (const [pattern, problem] of foreignWords) if (pattern.test(code)) found.push(problem);
  for (const like of code.matchAll(/(\S+)\s+(?:not\s+)?like\b/gi)) {
    if (!/\)$/.test(like[1] ?? '') || !isLower(code, like.index + (like[1] ?? '').length)) {
      found.push('like without lower(…): it looks at the case of letters there');
    }
  }
  for (const { before, after } of subqueries(code)) {
    if (/\b(?:from|join)\s*$/i.test(before) && !/^\s*as\s+\w/i.test(after)) {
      found.push('a subquery without a name');
    }
  }
  for (const exists of code.matchAll(/\bexists\s*\(/gi)) {
    const before = code.slice(0, exists.index);
    if (!/\b(?:where|and|or|not|when|on|having|if)\s*\(*\s*$/i.test(before)) {
      found.push('exists(…) as a value: a boolean there, a number here');
    }
  }
  return found;
}

const foreignWords: readonly (readonly [RegExp, string])[] = [
  [/\b(?:rowid|oid|_rowid_)\b/i, 'rowid'],
  [/\bjson\w*\s*\(|->>?/i, 'SQL inside JSON'],
  [/\bjson_each\b/i, 'SQL inside JSON'],
  [/\bglob\b/i, 'glob'],
  [/\bpragma\b/i, 'PRAGMA'],
  [/\binsert\s+or\b|\breplace\s+into\b|\bupdate\s+or\b/i, 'insert or …: on conflict'],
  [/\bstrict\b|\bwithout\s+rowid\b|\bautoincrement\b/i, 'a table of SQLite’s own form'],
  [
    /\b(?:ifnull|iif|group_concat|total|printf|instr|hex|unixepoch|julianday|strftime|datetime|last_insert_rowid|changes|typeof)\s*\(/i,
    'a function of SQLite’s own',
  ],
  [/\b(?:max|min)\s*\([^()]*,/i, 'max or min of several values: greatest, least'],
  [/\blimit\s+\S+\s*,/i, 'limit with a comma: offset'],
  [/==/, '=='],
  [/\bis\s+(?:not\s+)?(?!not\b|null\b|true\b|false\b|distinct\b|unknown\b)\S/i, 'is with a value'],
  [/\bsqlite_\w+/i, 'a table of SQLite’s own'],
  [/\bcollate\s+nocase\b/i, 'collate nocase'],
  [/\bcast\s*\([^()]*\bas\s+(?:text|blob|integer)\s*\)\s*[<>=]/i, 'an order by cast'],
  [/\bbegin\s+(?:immediate|exclusive)\b/i, 'begin immediate'],
];

/** The statement with every quoted text emptied, so that what a text says is not taken for code. */
function withoutTexts(statement: string): string {
  return statement.replace(/'(?:[^']|'')*'/g, "''");
}

/** Whether the parenthesis that ends at a place was opened behind `lower`. */
function isLower(code: string, end: number): boolean {
  let depth = 0;
  for (let at = end - 1; at >= 0; at -= 1) {
    if (code[at] === ')') depth += 1;
    if (code[at] === '(') depth -= 1;
    if (depth === 0) return /\blower\s*$/i.test(code.slice(0, at));
  }
  return false;
}

/** Every `(select …)` with what stands before and after it. */
function subqueries(code: string): readonly { before: string; after: string }[] {
  const found: { before: string; after: string }[] = [];
  for (const opening of code.matchAll(/\(\s*(?:select|with|values)\b/gi)) {
    let depth = 0;
    for (let at = opening.index; at < code.length; at += 1) {
      if (code[at] === '(') depth += 1;
      if (code[at] === ')') depth -= 1;
      if (depth > 0) continue;
      found.push({ before: code.slice(0, opening.index), after: code.slice(at + 1) });
      break;
    }
  }
  return found;
}
