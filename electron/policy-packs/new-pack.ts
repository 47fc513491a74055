import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import {
  isMap,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
  visit,
  type Document,
  type YAMLMap,
} from 'yaml';
import { accepted, refused, type Result, type Words } from '../../shared/domain/result.ts';
import { readNamedFile } from '../base/foreign-folder.ts';
import { packFolders, loadPacks, type LoadedPack } from './load-packs.ts';
import { newPackRefusal } from './new-pack-refusals.ts';
import { includedFile } from './pack-includes.ts';
import { packRefusal } from './pack-refusals.ts';
import { plainStay, usualCases, type StayFile } from './usual-cases.ts';
import { visitFileBytesMax } from './read-visit-file.ts';
import { visitWithEveryField } from './visit-with-every-field.ts';

export type NewPack = {
  readonly pack: string;
  readonly folder: string;
  readonly files: readonly string[];
  /** Cases whose amounts are still to be worked out, and figures whose source is still to be named. */
  readonly toFill: { readonly cases: number; readonly figures: number };
};

export type NewPackCode = 'not-a-pack-id' | 'pack-exists' | 'unknown-pack' | 'pack-place';

const firstVersion = '1.0.0';

/**
 * Begins a pack of one's own like one that is there: its text with a comment on each part, a usual visit, one with
 * every field, and the usual cases. The rules and figures are those of the other one, each marked as assumed: what holds
 * here is in a document that only the officer has. All files are there, or none.
 */
export async function makeNewPack(order: {
  readonly id: string;
  /** `ID` or `ID@VERSION`; without a version the newest. */
  readonly like: string;
  /** The folder of packs it goes into; made if need be. */
  readonly into: string;
  readonly home: string;
}): Promise<Result<NewPack, NewPackCode>> {
  const { id, into } = order;
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(id) || id.length > 64) {
    return refused(newPackRefusal('not-a-pack-id', { id }));
  }
  if (existsSync(join(into, id))) {
    return refused(newPackRefusal('pack-exists', { folder: join(into, id) }));
  }
  const found = await packLike(order.like, order.home);
  if (!found.ok) return found;
  const like = found.value;
  const stay = plainStay(stayOf(like));
  const cases = usualCases(like.compiled.document, stay);
  const list = [...cases.list, caseOfEveryField];
  const likeText = await readFile(like.file, 'utf8');
  const included = includedFile(like.file, likeText);
  const shared = included === null ? null : await readFile(included, 'utf8');
  const { text, figures } = textOf(like, id, { likeText, shared }, list);
  const files = new Map([
    ['pack.yaml', text],
    ['cases/stay.json', jsonText(stay)],
    ['cases/every-field.json', jsonText(visitWithEveryField(stay))],
  ]);
  const problem = await writeAll(join(into, id), files);
  if (problem !== null)
    return refused(newPackRefusal('pack-place', { folder: into, why: problem }));
  const folder = join(into, id, firstVersion);
  return accepted({
    pack: `${id}@${firstVersion}`,
    folder,
    files: [...files.keys()].map((name) => join(folder, name)),
    toFill: { cases: cases.toWorkOut + 1, figures },
  });
}

/** The newest version of a pack, or the one named. */
async function packLike(name: string, home: string): Promise<Result<LoadedPack, 'unknown-pack'>> {
  const { packs, problems } = await loadPacks({ folders: packFolders(home) });
  const found = packs
    .filter(({ compiled: { id, version } }) => [id, `${id}@${version}`].includes(name))
    .toSorted((a, b) => (a.compiled.inForceFrom < b.compiled.inForceFrom ? -1 : 1))
    .at(-1);
  if (found !== undefined) return accepted(found);
  const known = packs.map(({ compiled: { id, version } }) => `${id}@${version}`);
  return refused(packRefusal('unknown-pack', { pack: name, known, problems }));
}

/** The visit of a case that the pack is for. */
function stayOf({ compiled, file }: LoadedPack): StayFile {
  const { cases } = compiled.document;
  const covered = cases.filter(({ expect }) => !('notCovered' in expect));
  const first = covered.find((each) => each.with === undefined) ?? covered[0] ?? cases[0];
  if (first === undefined) throw new Error(`${file} has no case`);
  const visit = readNamedFile(join(dirname(file), first.visit), visitFileBytesMax);
  return JSON.parse(visit.toString('utf8')) as StayFile;
}

const caseOfEveryField = {
  case: '每个字段都写上的就诊：删去不用的，再当别的案例的底稿（a visit with every field, to take away from）',
  visit: 'cases/every-field.json',
  expect: { notWorkedOut: true },
};

const jsonText = (content: object): string => `${JSON.stringify(content, null, 2)}\n`;

/** Beside first, then under its name: half a pack would be a broken one. */
async function writeAll(
  folder: string,
  files: ReadonlyMap<string, string>,
): Promise<string | null> {
  const beside = join(dirname(folder), `.${randomUUID().slice(0, 8)}.part`);
  try {
    for (const [name, content] of files) {
      const file = join(beside, firstVersion, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content, { flag: 'wx' });
    }
    await rename(beside, folder);
    return null;
  } catch (problem) {
    await rm(beside, { recursive: true, force: true }).catch(() => undefined);
    return problem instanceof Error ? problem.message : String(problem);
  }
}

/** What each part of a pack is for, as a comment above it. */
const partWords: Readonly<Record<string, Words>> = {
  id: {
    zh: '政策的名称：地方和年份，小写字母、数字、连字符；文件夹同名',
    en: 'The name: place and year; the folder is called the same',
  },
  locality: { zh: '哪个地方', en: 'Which place' },
  scheme: { zh: '什么待遇', en: 'Which benefit' },
  inForceFrom: {
    zh: '第一天，和不再执行的第一天（null：没有终止）；按出院日选政策',
    en: 'The first day, and the first day it no longer holds (null: not ended); the day of discharge counts',
  },
  decidingDay: {
    zh: '人员身份和年龄看哪一天：admission 入院，discharge 出院',
    en: 'The day on which category and age are looked at',
  },
  appliesTo: {
    zh: '管哪些人、哪些就诊：参保地区划、险种、住院或门诊、人员类别；不在此列的不套用本政策',
    en: 'Whose visits: divisions of the insured place, insurance, kind, categories; nobody else is served by it',
  },
  sources: {
    zh: '文件：每份写一次，各数字和支付环节用 source: { document: 名称, article: 条款 } 引用',
    en: 'The documents, each once; figures and steps name them as source: { document, article }',
  },
  payers: { zh: '谁付钱', en: 'Who pays' },
  parameters: {
    zh: "数字：金额和比例都是带引号的文字，'750.00' 是元，'86' 是百分之八十六",
    en: "The figures: text in quotes, '750.00' is yuan, '86' is per cent",
  },
  steps: {
    zh: '支付环节，按付款的先后；没有写死的数字，都用上面的名称',
    en: 'The steps in the order in which they pay; figures by the names above',
  },
  cases: {
    zh: '案例：按文件手工算出金额，把 notWorkedOut 换成金额和算式；不要照抄程序算出的数',
    en: 'The cases: work the amounts out from the document by hand and put them in the place of notWorkedOut, with the arithmetic; never copy what the program comes to',
  },
};

function textOf(
  { compiled }: LoadedPack,
  id: string,
  { likeText, shared }: { readonly likeText: string; readonly shared: string | null },
  cases: readonly object[],
): { readonly text: string; readonly figures: number } {
  const document = parseDocument(likeText);
  if (shared !== null) writeOut(document, parseDocument(shared));
  const of = `${compiled.id}@${compiled.version}`;
  document.commentBefore = [
    ` ${id}：照 ${of} 起草。所有数字都标为“假定”，请逐个按本地文件改正并写明出处，再删去 assumed 和 reason。`,
    ` Begun like ${of}. Every figure is marked as assumed: correct each from the local document, name the source, and take assumed and reason away.`,
  ].join('\n');
  document.set('id', id);
  document.set('version', firstVersion);
  document.delete('accepts');
  const figures = assumeAll(document, of);
  document.set('sources', document.createNode([sourceToName]));
  document.set('cases', document.createNode(cases));
  comment(document);
  return { text: document.toString({ lineWidth: 0, singleQuote: true }), figures };
}

/** What a pack shares with others written out in it: a pack of another place shares nothing with them. */
function writeOut(document: Document, shared: Document): void {
  document.delete('include');
  for (const { key, value } of (shared.contents as unknown as YAMLMap).items) {
    const own: unknown = document.get(key);
    const node = isMap(value) || isSeq(value) ? value : null;
    if (node === null) continue;
    if (isMap(own) && isMap(node)) own.items.unshift(...node.items);
    else if (isSeq(own) && isSeq(node)) own.items.unshift(...node.items);
    else document.set(key, node);
  }
}

const sourceToName = {
  id: 'local-notice',
  title: { zh: '（文件名称和文号）', en: '(title and number of the document)' },
  publisher: '（发文机关）',
};

/**
 * What is named as a source, or was assumed with a reason, says nothing of another place or year: figures and lists
 * become assumptions to be checked, and a step, which must name its source, the one that is still to be filled in.
 */
function assumeAll(document: Document, of: string): number {
  let figures = 0;
  const toBeChecked = { zh: `沿用 ${of} 的，待核对`, en: `As in ${of}, to be checked` };
  visit(document, {
    Map: (_, map, parents) => {
      if (map.has('about') && map.has('reason')) {
        map.set('reason', document.createNode(toBeChecked));
        return;
      }
      const isStep = isMap(map.get('source')) && isWithin(parents, 'steps');
      if (!isStep && !isMap(map.get('source')) && map.get('assumed') !== true) return;
      figures += 1;
      if (isStep) {
        map.set('source', document.createNode(articleToName));
        return;
      }
      map.delete('source');
      map.set('assumed', true);
      map.set('reason', document.createNode(toBeChecked));
    },
  });
  return figures;
}

const articleToName = { document: sourceToName.id, article: '（第几条）' };

/** Whether one of the nodes above is the part of the pack of this name. */
function isWithin(parents: readonly unknown[], part: string): boolean {
  return parents.some(
    (node) => isPair(node) && isScalar(node.key) && String(node.key.value) === part,
  );
}

function comment(document: Document): void {
  const { items } = document.contents as unknown as YAMLMap;
  for (const { key } of items) {
    if (!isScalar(key)) continue;
    const words = partWords[String(key.value)];
    if (words === undefined) continue;
    key.commentBefore = ` ${words.zh}\n ${words.en}`;
    key.spaceBefore = true;
  }
}
