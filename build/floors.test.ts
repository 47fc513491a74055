import { describe, expect, it } from 'vitest';
import { brokenFloors, floorsOf } from './floors.ts';

const up = 'no import runs back up a floor';
const circle = 'no two rooms of a folder need each other';
const broken = (...imports: readonly (readonly [string, string])[]) =>
  brokenFloors(imports.map(([from, to]) => ({ from, to })));

describe('the floors of the house', () => {
  it.each([
    ['electron/claims/upload.ts', 'electron/app/open-services.ts'],
    ['electron/claims/upload.ts', 'electron/ipc/desk.ts'],
    ['electron/a-new-service/act.ts', 'electron/cli/command.ts'],
    ['electron/ipc/desk.ts', 'electron/app/services.ts'],
    ['electron/app/services.ts', 'electron/host/session.ts'],
    ['electron/database/store.ts', 'electron/claims/upload.ts'],
    ['electron/base/clock.ts', 'electron/security/mask.ts'],
    ['shared/policy/decide.ts', 'shared/pack-words/calculator.ts'],
    ['shared/domain/visit.ts', 'shared/contracts/visit-json.ts'],
    ['shared/money/fen.ts', 'shared/domain/visit.ts'],
    ['renderer/components/page-head.tsx', 'renderer/pages/desk/desk-flow.ts'],
    ['renderer/api/call.ts', 'renderer/components/money.tsx'],
    ['drivers/transport/serial-line.ts', 'drivers/card-reader/port.ts'],
    ['build/bootstrap/lock.mjs', 'build/outputs.ts'],
  ])('are broken by %s importing %s', (from, to) => {
    expect(broken([from, to])).toEqual([{ rule: up, from, to }]);
  });

  it('let every import down, along a floor, inside a room and to another part pass', () => {
    expect(
      broken(
        ['electron/main.ts', 'electron/base/clock.ts'],
        ['electron/hospital-exchange/watch-folder.ts', 'electron/intake/import-files.ts'],
        ['electron/base/clock.ts', 'electron/base/ids.ts'],
        ['electron/base/clock.ts', 'shared/pack-words/calculator.ts'],
        ['shared/contracts/visit-json.ts', 'shared/policy/decide.ts'],
      ),
    ).toEqual([]);
  });

  it('are broken by two services that need each other, though no file goes round in a circle', () => {
    const found = broken(
      ['electron/intake/a.ts', 'electron/claims/b.ts'],
      ['electron/claims/c.ts', 'electron/documents/d.ts'],
      ['electron/documents/e.ts', 'electron/intake/f.ts'],
      ['electron/settlement/g.ts', 'electron/intake/f.ts'],
    );
    expect(found.map(({ rule, from }) => [rule, from])).toEqual([
      [circle, 'electron/intake/a.ts'],
      [circle, 'electron/claims/c.ts'],
      [circle, 'electron/documents/e.ts'],
    ]);
  });

  it('are broken by a circle at any depth, and by a file and a folder that need each other', () => {
    expect(
      broken(
        ['shared/policy/rules/a.ts', 'shared/policy/compile/b.ts'],
        ['shared/policy/compile/c.ts', 'shared/policy/rules/d.ts'],
        ['drivers/card-reader/port.ts', 'drivers/card-reader/codes/x.ts'],
        ['drivers/card-reader/codes/y.ts', 'drivers/card-reader/port.ts'],
      ),
    ).toHaveLength(4);
  });

  it('know each room once', () => {
    for (const { floors, otherwise } of Object.values(floorsOf)) {
      const rooms = floors.flat();
      expect(new Set(rooms).size).toBe(rooms.length);
      expect(floors[otherwise]).toBeDefined();
    }
  });
});
