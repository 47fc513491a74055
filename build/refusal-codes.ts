import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import ts from 'typescript';

/** A file's path and its text. */
export type SourceFile = { readonly path: string; readonly text: string };

/** A code that refusals, or problems of packs, carry: where its words are, and every place that raises it. */
export type RefusalCode = {
  readonly area: string;
  readonly code: string;
  readonly declaredAt: readonly string[];
  readonly raisedAt: readonly string[];
};

export type RefusalCodes = {
  readonly codes: readonly RefusalCode[];
  /** What breaks the rules, each in words with its place. */
  readonly breaches: readonly string[];
};

/**
 * What declares a table of codes: of which area, and whether its name is the function that raises them. Codes are
 * told apart by area: `unknown-field` of a visit and of a pack are two.
 */
const makersOfTables: ReadonlyMap<string, { readonly area: Area; readonly makes: boolean }> =
  new Map([
    ['declareRefusals', { area: 'refusals', makes: true }],
    ['declareCodes', { area: 'refusals', makes: false }],
    ['declareProblems', { area: 'packs', makes: true }],
    ['declareProblemCodes', { area: 'packs', makes: false }],
  ]);

type Area = 'refusals' | 'packs';

/** Where a code that the schema names by its literal is one of packs. */
const foldersOfPacks = /^(?:shared\/policy|shared\/pack-checks|electron\/policy-packs)\//;

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
 * Reads every code of refusals and of problems of packs out of the sources. A code is declared in one table of its
 * area and raised by its literal; what a type, a contract or a comment promises of refusals must be declared too.
 */
export function refusalCodes(sources: readonly SourceFile[]): RefusalCodes {
  const files = sources.map(({ path, text }) =>
    ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true),
  );
  const tables = files.flatMap(tablesOf);
  const found = files.map((file) => readFile(file, tables));
  const breaches = found.flatMap((each) => each.breaches);
  const declared = Map.groupBy(
    [...tables.flatMap(({ codes }) => codes), ...found.flatMap((each) => each.declared)],
    keyOf,
  );
  const raised = Map.groupBy(
    found.flatMap((each) => each.raised),
    keyOf,
  );
  for (const { code, at } of found.flatMap((each) => each.promised)) {
    if (declared.has(keyOf({ area: 'refusals', code }))) continue;
    breaches.push(`${at}: ${code} is promised and declared nowhere`);
  }
  const codes = [...declared].map(([key, places]) => {
    const [{ area, code } = { area: '', code: key }] = places;
    const declaredAt = places.map(({ at }) => at);
    if (declaredAt.length > 1) {
      breaches.push(`${code} is declared more than once: ${declaredAt.join(', ')}`);
    }
    const raisedAt = (raised.get(key) ?? []).map(({ at }) => at);
    if (raisedAt.length === 0) breaches.push(`${declaredAt.join(', ')}: ${code} is never raised`);
    return { area, code, declaredAt, raisedAt };
  });
  return { codes: codes.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)), breaches };
}

type Place = { readonly area: string; readonly code: string; readonly at: string };

const keyOf = ({ area, code }: Pick<Place, 'area' | 'code'>): string => `${area} ${code}`;

type TableOfCodes = {
  readonly name: string;
  readonly area: Area;
  /** Whether its name is the function that raises them (`declareRefusals`). */
  readonly makes: boolean;
  readonly codes: readonly Place[];
};

function tablesOf(file: ts.SourceFile): readonly TableOfCodes[] {
  const tables: TableOfCodes[] = [];
  visit(file, (node) => {
    const table = tableIn(node);
    if (table === null || !ts.isVariableDeclaration(node.parent)) return;
    const { area, makes } = table;
    tables.push({
      name: node.parent.name.getText(file),
      area,
      makes,
      codes: table.properties.flatMap((property) =>
        property.name === undefined || ts.isComputedPropertyName(property.name)
          ? []
          : [{ area, code: textOfName(property.name), at: placeOf(file, property) }],
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
  if (!ts.isCallExpression(node)) return null;
  const declares = makersOfTables.get(node.expression.getText());
  if (declares === undefined) return null;
  const [given] = node.arguments;
  if (given === undefined) return null;
  const table = ts.isSatisfiesExpression(given) ? given.expression : given;
  if (!ts.isObjectLiteralExpression(table)) return null;
  return { ...declares, properties: table.properties };
}

type FoundInFile = {
  /** Declared where they are raised. */
  readonly declared: Place[];
  readonly raised: Place[];
  readonly promised: Place[];
  readonly breaches: string[];
};

function readFile(file: ts.SourceFile, tables: readonly TableOfCodes[]): FoundInFile {
  const found: FoundInFile = {
    declared: [],
    raised: [],
    promised: [...promisedInComments(file)],
    breaches: [],
  };
  const { declared, raised, promised, breaches } = found;
  const declares = /\bdeclareRefusals\(/.test(file.text);
  const looseHere = tables.filter(
    ({ area, makes }) => !makes && (area === 'packs') === foldersOfPacks.test(file.fileName),
  );
  const loose = new Map(
    looseHere.flatMap(({ codes }) => codes.map(({ code, area }) => [code, area])),
  );
  visit(file, (node) => {
    for (const maker of makersCalled(file, node, tables)) {
      const literals = literalsOf(maker.given);
      if (literals === null) {
        breaches.push(`${placeOf(file, node)}: a code is raised by its literal`);
      }
      for (const { text: code, ...at } of literalPlaces(file, literals ?? [])) {
        raised.push({ area: maker.area, code, ...at });
      }
    }
    if (ts.isStringLiteral(node) && isValue(node)) {
      const area = loose.get(node.text);
      if (area !== undefined) raised.push({ area, code: node.text, at: placeOf(file, node) });
    }
    for (const onTheSpot of raisedOnTheSpot(file, node)) {
      const place = { ...onTheSpot, at: placeOf(file, node) };
      declared.push(place);
      raised.push(place);
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
  return found;
}

/** The function of a table that is called here, and what it is given as its code. */
function makersCalled(
  file: ts.SourceFile,
  node: ts.Node,
  tables: readonly TableOfCodes[],
): readonly { readonly area: Area; readonly given: ts.Expression | undefined }[] {
  if (!ts.isCallExpression(node)) return [];
  const name = node.expression.getText(file);
  const table = tables.find((each) => each.makes && each.name === name);
  if (table === undefined) return [];
  // A problem of a pack says first where it is.
  return [{ area: table.area, given: node.arguments[table.area === 'packs' ? 1 : 0] }];
}

const literalPlaces = (file: ts.SourceFile, literals: readonly ts.StringLiteral[]) =>
  literals.map((literal) => ({ text: literal.text, at: placeOf(file, literal) }));

/**
 * What has its words where it is raised: a fault of an arithmetic, which leans on nothing of the program, and a
 * warning. Warnings of two rooms may have one name.
 */
function raisedOnTheSpot(
  file: ts.SourceFile,
  node: ts.Node,
): readonly { readonly area: string; readonly code: string }[] {
  if (ts.isCallExpression(node) && node.expression.getText(file) === 'fault') {
    const [code] = node.arguments;
    return code !== undefined && ts.isStringLiteral(code)
      ? [{ area: 'packs', code: code.text }]
      : [];
  }
  if (!ts.isObjectLiteralExpression(node)) return [];
  const [code, text] = [valueOf(node, 'code'), valueOf(node, 'text')];
  if (code === undefined || text === undefined || !ts.isStringLiteral(code)) return [];
  if (!ts.isObjectLiteralExpression(text)) return [];
  return [{ area: `warnings of ${dirname(file.fileName)}`, code: code.text }];
}

/** What an object literal gives a property. */
function valueOf(node: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  return node.properties.find(
    (each): each is ts.PropertyAssignment =>
      ts.isPropertyAssignment(each) && each.name.getText() === name,
  )?.initializer;
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
  const [code, message] = [valueOf(node, 'code'), valueOf(node, 'message')];
  if (code === undefined || message === undefined) return null;
  // SQLite's and Node's own codes are in capitals and have no words of ours.
  return ts.isStringLiteral(code) && /^[a-z-]+$/.test(code.text) ? code.text : null;
}

/** Codes named by `Result<…, 'code'>`, `Refusal<'code'>`, a type `…Code`, or the `refusals` of a contract. */
function promisedBy(file: ts.SourceFile, node: ts.Node): readonly Place[] {
  const place = (literal: ts.StringLiteral) => ({
    area: 'refusals',
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
        area: 'refusals',
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
  for (const { area, code, declaredAt, raisedAt } of codes) {
    process.stdout.write(`${code} (${area})\n  declared ${declaredAt.join(' ')}\n`);
    for (const at of raisedAt) process.stdout.write(`  raised   ${at}\n`);
  }
  for (const breach of breaches) process.stderr.write(`${breach}\n`);
  process.exitCode = breaches.length === 0 ? 0 : 1;
}
