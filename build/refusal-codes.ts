import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

/** A file's path and its text. */
export type SourceFile = { readonly path: string; readonly text: string };

/** A code that refusals carry: where its words are, and every place that raises it. */
export type RefusalCode = {
  readonly code: string;
  readonly declaredAt: readonly string[];
  readonly raisedAt: readonly string[];
};

export type RefusalCodes = {
  readonly codes: readonly RefusalCode[];
  /** What breaks the rules, each in words with its place. */
  readonly breaches: readonly string[];
};

const makersOfTables = new Set(['declareRefusals', 'declareCodes']);

/** The sources of the program itself: no tests, no stand-ins of payers, no copies kept to compare with. */
export function programSources(root: string): readonly SourceFile[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', '*.tsx'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  });
  return listed
    .split('\n')
    .filter((path) => /^(?:electron|drivers|renderer|shared)\//.test(path))
    .filter((path) => !/\.test\.|test-support|\/testing\/|\/dev\/|\/e2e\//.test(path))
    .filter((path) => !/payers-simulator\/|\/references\/|\/simulator\//.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/**
 * Reads every refusal code out of the sources. A code is declared in one table (`declareRefusals`, `declareCodes`)
 * and raised by its literal; what a type, a contract or a comment promises must be declared too.
 */
export function refusalCodes(sources: readonly SourceFile[]): RefusalCodes {
  const files = sources.map(({ path, text }) =>
    ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true),
  );
  const tables = files.flatMap(tablesOf);
  const declared = Map.groupBy(
    tables.flatMap(({ codes }) => codes),
    ({ code }) => code,
  );
  const makers = new Set(tables.filter(({ makes }) => makes).map(({ name }) => name));
  const loose = new Set(
    tables.filter(({ makes }) => !makes).flatMap(({ codes }) => codes.map(({ code }) => code)),
  );
  const raised = new Map<string, string[]>();
  const breaches: string[] = [];
  for (const file of files) {
    const found = readFile(file, makers, loose);
    breaches.push(...found.breaches);
    for (const { code, at } of found.raised) raised.set(code, [...(raised.get(code) ?? []), at]);
    for (const { code, at } of found.promised) {
      if (!declared.has(code)) breaches.push(`${at}: ${code} is promised and declared nowhere`);
    }
  }
  for (const [code, places] of declared) {
    const at = places.map((place) => place.at);
    if (at.length > 1) breaches.push(`${code} is declared more than once: ${at.join(', ')}`);
    if (!raised.has(code)) breaches.push(`${at.join(', ')}: ${code} is never raised`);
  }
  const codes = [...declared]
    .map(([code, places]) => ({
      code,
      declaredAt: places.map(({ at }) => at),
      raisedAt: raised.get(code) ?? [],
    }))
    .sort((a, b) => (a.code < b.code ? -1 : 1));
  return { codes, breaches };
}

type Place = { readonly code: string; readonly at: string };

type TableOfCodes = {
  readonly name: string;
  /** Whether its name is the function that raises them (`declareRefusals`). */
  readonly makes: boolean;
  readonly codes: readonly Place[];
};

function tablesOf(file: ts.SourceFile): readonly TableOfCodes[] {
  const tables: TableOfCodes[] = [];
  visit(file, (node) => {
    const table = tableIn(node);
    if (table === null || !ts.isVariableDeclaration(node.parent)) return;
    tables.push({
      name: node.parent.name.getText(file),
      makes: table.expression.getText(file) === 'declareRefusals',
      codes: table.properties.flatMap((property) =>
        property.name === undefined || ts.isComputedPropertyName(property.name)
          ? []
          : [{ code: textOfName(property.name), at: placeOf(file, property) }],
      ),
    });
  });
  return tables;
}

function textOfName(name: Exclude<ts.PropertyName, ts.ComputedPropertyName>): string {
  return name.text;
}

/** The table a call declares; null where the node is no such call. */
function tableIn(node: ts.Node) {
  if (!ts.isCallExpression(node) || !makersOfTables.has(node.expression.getText())) return null;
  const [given] = node.arguments;
  if (given === undefined) return null;
  const table = ts.isSatisfiesExpression(given) ? given.expression : given;
  if (!ts.isObjectLiteralExpression(table)) return null;
  return { expression: node.expression, properties: table.properties };
}

function readFile(
  file: ts.SourceFile,
  makers: ReadonlySet<string>,
  loose: ReadonlySet<string>,
): { raised: Place[]; promised: Place[]; breaches: string[] } {
  const raised: Place[] = [];
  const promised: Place[] = [...promisedInComments(file)];
  const breaches: string[] = [];
  const declares = /\bdeclareRefusals\(/.test(file.text);
  visit(file, (node) => {
    if (ts.isCallExpression(node) && makers.has(node.expression.getText(file))) {
      const literals = literalsOf(node.arguments[0]);
      if (literals === null) {
        breaches.push(`${placeOf(file, node)}: a code is raised by its literal`);
      }
      for (const literal of literals ?? []) {
        raised.push({ code: literal.text, at: placeOf(file, literal) });
      }
    }
    if (ts.isStringLiteral(node) && loose.has(node.text) && isValue(node)) {
      raised.push({ code: node.text, at: placeOf(file, node) });
    }
    if (ts.isObjectLiteralExpression(node)) {
      const undeclared = undeclaredRefusal(node);
      if (undeclared !== null) {
        breaches.push(`${placeOf(file, node)}: ${undeclared} is raised without being declared`);
      }
    }
    promised.push(...promisedBy(file, node));
    if (declares && speaksOfMoney(node)) {
      breaches.push(
        `${placeOf(file, node)}: whether money moved is said by \`money\`, not in the message`,
      );
    }
  });
  return { raised, promised, breaches };
}

/** A text that says of itself whether money moved: the sentence would stand there twice, or differ. */
function speaksOfMoney(node: ts.Node): boolean {
  const isText = ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
  return isText && /没有(?:动|收|退)钱|\bno money moved/i.test(node.getText());
}

/** The literals an argument can be; null where it is computed. */
function literalsOf(node: ts.Expression | undefined): readonly ts.StringLiteral[] | null {
  if (node === undefined) return null;
  if (ts.isStringLiteral(node)) return [node];
  if (ts.isParenthesizedExpression(node)) return literalsOf(node.expression);
  if (!ts.isConditionalExpression(node)) return null;
  const [whenTrue, whenFalse] = [literalsOf(node.whenTrue), literalsOf(node.whenFalse)];
  return whenTrue === null || whenFalse === null ? null : [...whenTrue, ...whenFalse];
}

/** Whether a literal is handed on: not a type, not a name of a property, not only compared with. */
function isValue(node: ts.StringLiteral): boolean {
  const { parent } = node;
  if (ts.isLiteralTypeNode(parent) || ts.isCaseClause(parent) || ts.isImportDeclaration(parent)) {
    return false;
  }
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isBinaryExpression(parent)) {
    return parent.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken;
  }
  return ts.isCallExpression(parent) || ts.isConditionalExpression(parent);
}

/** The code of a refusal written out by hand: an object with a literal code and a message in both languages. */
function undeclaredRefusal(node: ts.ObjectLiteralExpression): string | null {
  const of = (name: string) =>
    node.properties.find(
      (each): each is ts.PropertyAssignment =>
        ts.isPropertyAssignment(each) && each.name.getText() === name,
    )?.initializer;
  const [code, message] = [of('code'), of('message')];
  if (code === undefined || message === undefined || isPackProblem(node)) return null;
  // SQLite's and Node's own codes are in capitals and have no words of ours.
  return ts.isStringLiteral(code) && /^[a-z-]+$/.test(code.text) ? code.text : null;
}

/** Remarks on a pack's file are lists for its author, not refusals of an act. */
function isPackProblem(node: ts.ObjectLiteralExpression): boolean {
  const names = node.properties.map((each) => each.name?.getText());
  return names.includes('line') || names.includes('path') || names.includes('file');
}

/** Codes named by `Result<…, 'code'>`, `Refusal<'code'>`, a type `…Code`, or the `refusals` of a contract. */
function promisedBy(file: ts.SourceFile, node: ts.Node): readonly Place[] {
  const place = (literal: ts.StringLiteral) => ({
    code: literal.text,
    at: placeOf(file, literal),
  });
  if (ts.isTypeReferenceNode(node)) {
    const name = node.typeName.getText(file);
    const [first, second] = node.typeArguments ?? [];
    const codes = name === 'Result' ? second : name === 'Refusal' ? first : undefined;
    return codes === undefined ? [] : literalTypesIn(codes).map(place);
  }
  if (ts.isPropertyAssignment(node) && node.name.getText(file) === 'refusals') {
    const list = node.initializer;
    if (!ts.isArrayLiteralExpression(list)) return [];
    return list.elements.filter((each) => ts.isStringLiteral(each)).map(place);
  }
  return [];
}

function literalTypesIn(type: ts.TypeNode): readonly ts.StringLiteral[] {
  if (ts.isUnionTypeNode(type)) return type.types.flatMap(literalTypesIn);
  return ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal) ? [type.literal] : [];
}

/** Codes a comment says are refused: the names in backquotes of a sentence that says so. */
function promisedInComments(file: ts.SourceFile): readonly Place[] {
  return [...file.text.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap(({ 0: comment, index }) =>
    [
      ...comment.matchAll(/\b[Rr]efuse[sd]?(?: as)?\s(?:[\s*]|`[a-z]+(?:-[a-z]+)+`|,|and|or)+/g),
    ].flatMap((sentence) =>
      [...sentence[0].matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, code = '']) => ({
        code,
        at: `${file.fileName}:${String(file.getLineAndCharacterOfPosition(index).line + 1)}`,
      })),
    ),
  );
}

function visit(node: ts.Node, each: (node: ts.Node) => void): void {
  each(node);
  ts.forEachChild(node, (child) => {
    visit(child, each);
  });
}

function placeOf(file: ts.SourceFile, node: ts.Node): string {
  const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
  return `${file.fileName}:${String(line + 1)}`;
}

if (import.meta.main) {
  const { codes, breaches } = refusalCodes(programSources(join(import.meta.dirname, '..')));
  for (const { code, declaredAt, raisedAt } of codes) {
    process.stdout.write(`${code}\n  declared ${declaredAt.join(' ')}\n`);
    for (const at of raisedAt) process.stdout.write(`  raised   ${at}\n`);
  }
  for (const breach of breaches) process.stderr.write(`${breach}\n`);
  process.exitCode = breaches.length === 0 ? 0 : 1;
}
