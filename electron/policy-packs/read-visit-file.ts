import { readFile } from 'node:fs/promises';
import { settlementInputFromVisitJson, type ReadVisit } from '../../shared/contracts/visit-json.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { utf8Text } from './utf8-text.ts';
import { jsonErrorLine } from './json-error-line.ts';

/** A visit of twenty thousand lines has some eight million bytes; more than this is another file. */
const visitFileBytesMax = 50_000_000;

/** Reads a file with one Visit JSON (UTF-8). A file that cannot be read or is no JSON is refused like a wrong one. */
export async function readVisitFile(file: string): Promise<Result<ReadVisit>> {
  const data = await readVisitData(file);
  return data.ok ? settlementInputFromVisitJson(data.value) : data;
}

/** The same before it is known whether it is a visit: plain data. */
export async function readVisitData(file: string): Promise<Result<unknown>> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return refused({
      code: 'cannot-read-file',
      place: file,
      message: {
        zh: `读不了文件 ${file}（${code}）。没有结算，没有收钱。`,
        en: `The file ${file} cannot be read (${code}). Nothing was settled, no money moved.`,
      },
      remedy: { zh: '检查路径和权限', en: 'Check the path and whether it may be read' },
    });
  }
  if (bytes.length > visitFileBytesMax) return notJson(file, 1);
  const text = utf8Text(bytes);
  if (text === null) return notUtf8(file);
  const json = text.replace(/^\uFEFF/, '');
  try {
    return accepted<unknown>(JSON.parse(json));
  } catch {
    return notJson(file, jsonErrorLine(json));
  }
}

function notUtf8(file: string): Result<never> {
  return refused({
    code: 'not-utf8',
    place: file,
    message: {
      zh: `文件 ${file} 不是 UTF-8 编码，姓名等汉字会读错。没有结算，没有收钱。`,
      en: `The file ${file} is not in UTF-8; names in it would be misread. Nothing was settled, no money moved.`,
    },
    remedy: {
      zh: '在编辑器中另存为 UTF-8 编码（GBK 文件也要转换）',
      en: 'Save it anew as UTF-8; a GBK file has to be converted',
    },
  });
}

function notJson(file: string, line: number): Result<never> {
  return refused({
    code: 'not-json',
    place: `${file}:${line}`,
    message: {
      zh: `文件 ${file} 第 ${line} 行起不是正确的 JSON。没有结算，没有收钱。`,
      en: `The file ${file} is not JSON from line ${line} on. Nothing was settled, no money moved.`,
    },
    remedy: {
      zh: '检查文件是否完整、是否为 UTF-8 编码的 JSON',
      en: 'Check that the file is whole and is JSON in UTF-8',
    },
  });
}
