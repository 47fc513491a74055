import { describe, expect, it } from 'vitest';

import { cautionsOf } from './folder-rights.ts';
import { othersIn, ownIdentifierIn, whoElseMay, type WindowsPrograms } from './windows-rights.ts';

const own = 'S-1-5-21-1004336348-1177238915-682003330-1001';
const colleague = 'S-1-5-21-1004336348-1177238915-682003330-1002';
/** As `icacls /save` writes them: a byte order mark, the name, the list, in lines of Windows. */
const saved = (list: string): string => `\uFEFF.settlement-window\r\nD:${list}\r\n`;
const ours = `(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;${own})`;

describe('the rights of a folder on Windows', () => {
  it.each([
    ['this user alone, cut off from what is above', `PAI${ours}`],
    ['this user alone, inherited from the own profile', `AI${ours.replaceAll('OICI', 'OICIID')}`],
    ['whoever owns it and makes things in it', `PAI${ours}(A;OICIIO;GA;;;CO)(A;;FA;;;OW)`],
    ['one who is refused everything', `PAI(D;OICI;FA;;;BU)${ours}`],
    ['one who may only look at attributes', `PAI${ours}(A;;0x100080;;;BU)`],
    [
      'the same by their identifiers',
      `PAI(A;;FA;;;S-1-5-18)(A;;FA;;;S-1-5-32-544)(A;;FA;;;${own})`,
    ],
  ])('let in nobody else: %s', (_what, list) => {
    expect(othersIn(saved(list), own)).toEqual([]);
  });

  it.each([
    ['C:\\ProgramData as it comes', `AI${ours}(A;OICIID;0x1200a9;;;BU)`, 'Users', 'read'],
    [
      'a folder directly under C:\\',
      `AI${ours}(A;OICIIOID;SDGXGWGR;;;AU)`,
      'Authenticated Users',
      'change',
    ],
    ['everybody, to read', `AI${ours}(A;OICI;FR;;;WD)`, 'Everyone', 'read'],
    ['everybody, by the identifier', `AI${ours}(A;OICI;FA;;;S-1-1-0)`, 'Everyone', 'change'],
    ['a colleague by name', `PAI${ours}(A;OICI;0x1301bf;;;${colleague})`, colleague, 'change'],
    ['who may take it over', `PAI${ours}(A;;WO;;;BU)`, 'Users', 'change'],
    ['no list at all', 'NO_ACCESS_CONTROL', 'Everyone', 'change'],
  ])('let in others: %s', (_what, list, who, may) => {
    expect(othersIn(saved(list), own)).toEqual([{ who, may }]);
  });

  it('add up where somebody has several entries', () => {
    const list = `AI${ours}(A;;FR;;;BU)(A;;FW;;;S-1-5-32-545)(A;;FR;;;BU)`;
    expect(othersIn(saved(list), own)).toEqual([{ who: 'Users', may: 'change' }]);
  });

  it('are not taken for good where the answer is not understood', () => {
    for (const text of ['', 'Access is denied.', saved('PAI'), saved(`PAI${ours}(A;;ZZ;;;BU)`)])
      expect(othersIn(text, own)).toBeNull();
    expect(ownIdentifierIn('拒绝访问。')).toBeNull();
    expect(ownIdentifierIn(`"desk-1\\收费员","${own}"\r\n`)).toBe(own);
  });
});

describe('a desk on Windows', () => {
  const programs = (list: string): WindowsPrograms => ({
    savedRights: (path) =>
      Promise.resolve(path.includes('home') ? saved(list) : saved(`PAI${ours}`)),
    ownIdentifier: () => Promise.resolve(`"desk-1\\cashier","${own}"\r\n`),
  });
  const settings = {
    ...{ 'hospital-in': null, 'hospital-out': null, 'payers-url': null, 'e-voucher-url': null },
  };
  const look = (windows: WindowsPrograms) =>
    cautionsOf({ home: 'C:\\home', keyFile: 'D:\\key', settings, windows });

  it('says who else may read or change the data, and the command that takes the rights away', async () => {
    expect(await look(programs(`PAI${ours}`))).toEqual([]);
    const [caution, ...more] = await look(programs(`AI${ours}(A;OICIID;0x1200a9;;;BU)`));
    expect(more).toEqual([]);
    expect(caution).toMatchObject({
      code: 'folder-open',
      words: { en: 'Users may read C:\\home' },
    });
    for (const words of [caution?.remedy.zh, caution?.remedy.en])
      expect(words).toContain('icacls "C:\\home" /inheritance:r');
  });

  it('says that nobody could look, where Windows does not answer', async () => {
    const fails = { ...programs(''), savedRights: () => Promise.reject(new Error('no')) };
    expect(await look(fails)).toMatchObject([
      { code: 'rights-unknown' },
      { code: 'rights-unknown' },
    ]);
    expect(await whoElseMay('C:\\home', programs('garbage'))).toBeNull();
  });
});
