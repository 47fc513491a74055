import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { compileInstaller, type CompiledInstaller } from './compile-installer.ts';

const root = path.resolve(import.meta.dirname, '../..');
const ours = readFileSync(path.join(root, 'build/resources/installer.nsh'), 'utf8');
/** What Windows 7 and 8 are told, as our script has it and as it stands in an installer: in UTF-16. */
const chinese = '结算窗口需要 Windows 10 或更新的 64 位系统，这台电脑的 Windows 太旧';
const english = 'This Windows is too old (such as 7 or 8); nothing was installed.';

const folder = mkdtempSync(path.join(tmpdir(), 'installer-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Compiled with another text, or other bytes, in place of our include. */
function compiledWith(name: string, include: string | Uint8Array): CompiledInstaller {
  const own = path.join(folder, name);
  mkdirSync(own);
  const file = path.join(own, 'include.nsh');
  writeFileSync(file, include);
  return compileInstaller({ root, folder: own, options: [`-c.nsis.include=${file}`] });
}

const holds = ({ file }: CompiledInstaller, text: string): boolean =>
  readFileSync(file).includes(Buffer.from(text, 'utf16le'));

describe('the installer for Windows', () => {
  it('is compiled, and tells an old Windows in both languages that nothing was installed', () => {
    const own = path.join(folder, 'as it is');
    mkdirSync(own);
    const compiled = compileInstaller({ root, folder: own });
    expect(compiled.problem).toBeNull();
    for (const text of [chinese, english]) expect(holds(compiled, text)).toBe(true);
  });

  it('has those words from our include alone: under a name nobody calls they are gone', () => {
    const compiled = compiledWith('another name', ours.replace('customInit', 'customBegin'));
    expect(compiled.problem).toBeNull();
    expect(holds(compiled, chinese)).toBe(false);
  });

  it.each([
    ['a branch that is not closed', ours.replace('${EndIf}', ''), /IfNot|_LogicLib|EndIf/],
    [
      'a test there is not',
      ours.replace('AtLeastWin10', 'AtLeastWindowsTen'),
      /Error in macro customInit/,
    ],
    [
      'a command there is not',
      ours.replace('SetErrorLevel 1', 'SetErrorLevels 1'),
      /SetErrorLevels/,
    ],
    ['bytes that are no UTF-8', Buffer.from(`; \xff\n${ours}`, 'latin1'), /UTF-?8|encoding/i],
  ])('is not compiled with %s', (name, include, said) => {
    expect(compiledWith(name, include).problem).toMatch(said);
  });
});
