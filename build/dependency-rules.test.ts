import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cruiseTree, type Cruise } from './cruise.ts';
import { dependencyRules } from './dependency-rules.ts';

type RuleName = (typeof dependencyRules)[number]['name'];
type Plant = {
  readonly from: string;
  readonly to: string;
  /** Only types are taken. */
  readonly types?: true;
};

/** For every rule one import, written into a file of its own, that only a rule of that name may let pass. */
const plants: Record<RuleName, Plant> = {
  'shared imports only shared': { from: 'shared/domain/a.ts', to: 'drivers/card-reader/port.ts' },
  'shared uses no Node module': { from: 'shared/policy/b.ts', to: 'node:fs' },
  'of shared, only the shapes of records, contracts and the pack schema may use zod': {
    from: 'shared/domain/c.ts',
    to: 'zod',
  },
  'only contracts read and write by the shapes of records; all others take their types': {
    from: 'shared/domain/z.ts',
    to: 'shared/domain/shapes/visit-shape.ts',
  },
  'money and domain know nothing of policy or contracts': {
    from: 'shared/money/d.ts',
    to: 'shared/policy/decide.ts',
  },
  'the page imports only contracts, domain and money of shared': {
    from: 'renderer/pages/e.tsx',
    to: 'shared/policy/decide.ts',
  },
  'the page uses no Node module': { from: 'renderer/pages/f.tsx', to: 'node:fs' },
  'nothing but the page imports the page': {
    from: 'electron/ipc/g.ts',
    to: 'renderer/app/page.tsx',
  },
  'the preload imports only shared/contracts': {
    from: 'electron/preload.ts',
    to: 'shared/domain/person.ts',
  },
  'drivers import only drivers and shared helpers': {
    from: 'drivers/card-reader/i.ts',
    to: 'electron/base/clock.ts',
  },
  'devices know no money': { from: 'drivers/receipt-printer/j.ts', to: 'shared/money/fen.ts' },
  'only drivers/transport speaks to serial, HID and PC/SC libraries': {
    from: 'drivers/card-reader/k.ts',
    to: 'serialport',
  },
  'only electron/database speaks to the database libraries': {
    from: 'electron/settlement/l.ts',
    to: 'kysely',
  },
  "only electron/intake/sql speaks to the libraries of the hospital's database": {
    from: 'electron/database/l2.ts',
    to: 'mysql2',
  },
  'services never import ipc, main, preload, host or the command line': {
    from: 'electron/claims/m.ts',
    to: 'electron/host.ts',
  },
  'only main, host and the command line import the composition root': {
    from: 'electron/claims/root.ts',
    to: 'electron/app/start-application.ts',
  },
  'the database imports no service': {
    from: 'electron/database/n.ts',
    to: 'electron/claims/claim.ts',
  },
  'claim channels never import each other': {
    from: 'electron/claims/channels/national/o.ts',
    to: 'electron/claims/channels/sftp/send.ts',
  },
  'only the application puts claim channels to work: everybody else knows their port': {
    from: 'electron/claims/planted-upload.ts',
    to: 'electron/claims/channels/national/national-channel.ts',
  },
  'a claim channel knows the port and profiles, not the acts of claims': {
    from: 'electron/claims/channels/sftp/planted-channel.ts',
    to: 'electron/claims/upload-claims.ts',
  },
  'the payers simulator imports nothing of ours': {
    from: 'electron/payers-simulator/p.ts',
    to: 'shared/domain/person.ts',
  },
  'a device simulator imports nothing from the part it stands for': {
    from: 'drivers/card-reader/simulator/q.ts',
    to: 'drivers/card-reader/parse.ts',
  },
  'only main.ts and preload.ts import electron': {
    from: 'electron/security/r.ts',
    to: 'electron',
  },
  'a reference calculation uses neither the engine nor its money': {
    from: 'shared/policy/pingjiang.reference.ts',
    to: 'shared/money/fen.ts',
  },
  'the arithmetic of cases is worked out without the engine and its money': {
    from: 'shared/policy/case-arithmetic/planted.ts',
    to: 'shared/money/fen.ts',
  },
  'what ships imports no test code': {
    from: 'electron/reports/t.ts',
    to: 'shared/policy/pingjiang.reference.ts',
  },
  'what runs beside the page uses no development package': {
    from: 'electron/reports/u.ts',
    to: 'fast-check',
  },
  'every imported package is declared in package.json': {
    from: 'electron/reports/v.ts',
    to: 'acorn',
  },
  'every import leads somewhere': { from: 'electron/reports/w.ts', to: './not-there.ts' },
  'no import goes round in a circle': {
    from: 'electron/reports/x.ts',
    to: 'electron/reports/y.ts',
  },
};

/** Imports that look close to a forbidden one and are allowed. */
const lawful: readonly Plant[] = [
  { from: 'shared/contracts/visit.ts', to: 'zod' },
  { from: 'shared/domain/shapes/visit-shape.ts', to: 'zod' },
  { from: 'shared/contracts/visit.ts', to: 'shared/domain/shapes/visit-shape.ts' },
  { from: 'shared/domain/visit.ts', to: 'shared/domain/shapes/visit-shape.ts', types: true },
  { from: 'shared/policy/pack/pack-schema.ts', to: 'zod' },
  { from: 'shared/policy/decide.ts', to: 'shared/money/fen.ts' },
  { from: 'shared/policy/decide.test.ts', to: 'fast-check' },
  { from: 'shared/policy/decide.test.ts', to: 'node:fs' },
  { from: 'shared/policy/decide.test.ts', to: 'shared/policy/pingjiang.reference.ts' },
  { from: 'renderer/app/page.tsx', to: 'shared/contracts/visit.ts' },
  { from: 'renderer/app/page.tsx', to: 'react' },
  { from: 'electron/main.ts', to: 'electron' },
  { from: 'electron/main.ts', to: 'electron/claims/claim.ts' },
  { from: 'drivers/transport/serial.ts', to: 'serialport' },
  { from: 'drivers/card-reader/parse.ts', to: 'drivers/transport/serial.ts' },
  { from: 'drivers/card-reader/parse.ts', to: 'shared/domain/person.ts' },
  { from: 'drivers/card-reader/simulator/plate.ts', to: 'drivers/card-reader/port.ts' },
  { from: 'drivers/card-reader/simulator/plate.test.ts', to: 'drivers/card-reader/parse.ts' },
  { from: 'electron/database/open.ts', to: 'kysely' },
  { from: 'electron/database/open.ts', to: 'electron/base/clock.ts' },
  { from: 'electron/claims/channels/channels.ts', to: 'electron/claims/channels/sftp/send.ts' },
  { from: 'electron/app/open-services.ts', to: 'electron/claims/channels/channels.ts' },
  { from: 'electron/claims/channels/sftp/send.ts', to: 'electron/claims/channel.ts' },
  { from: 'electron/claims/channels/sftp/send.ts', to: 'electron/claims/returns.ts' },
  { from: 'electron/claims/channels/sftp/send.ts', to: 'electron/base/clock.ts' },
  { from: 'electron/payers-simulator/ledger.ts', to: 'node:http' },
  { from: 'electron/cli/settle.ts', to: 'electron/claims/claim.ts' },
];

const trees: string[] = [];

function plantTree(imports: readonly Plant[]): string {
  const tree = mkdtempSync(path.join(tmpdir(), 'dependency-rules-'));
  trees.push(tree);
  symlinkSync(path.resolve('node_modules'), path.join(tree, 'node_modules'));
  symlinkSync(path.resolve('package.json'), path.join(tree, 'package.json'));
  const files = new Map<string, string>();
  const isFile = (name: string): boolean => /^(shared|drivers|electron|renderer)\//.test(name);
  for (const { to } of imports) if (isFile(to)) files.set(to, 'export {};\n');
  for (const { from, to, types } of imports) {
    const target = isFile(to) ? relativeImport(from, to) : to;
    const taken = types === true ? 'export type * from ' : 'import ';
    files.set(from, `${files.get(from) ?? ''}${taken}'${target}';\n`);
  }
  for (const [name, text] of files) {
    mkdirSync(path.join(tree, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(tree, name), text);
  }
  return tree;
}

function relativeImport(from: string, to: string): string {
  const target = path.posix.relative(path.posix.dirname(from), to);
  return target.startsWith('.') ? target : `./${target}`;
}

describe('the rules of who may import whom', () => {
  let planted: Cruise;
  let clean: Cruise;

  beforeAll(async () => {
    const closesTheCircle: Plant = { from: 'electron/reports/y.ts', to: 'electron/reports/x.ts' };
    planted = await cruiseTree(plantTree([...Object.values(plants), closesTheCircle]));
    clean = await cruiseTree(plantTree(lawful));
  });

  afterAll(() => {
    for (const tree of trees) rmSync(tree, { recursive: true });
  });

  it('look at every file', () => {
    expect(planted.looked).toBeGreaterThan(dependencyRules.length);
    expect(clean.looked).toBeGreaterThan(10);
  });

  it.each(dependencyRules.map((rule) => rule.name))('catch a breach of: %s', (name) => {
    const breaches = planted.violations.filter((violation) => violation.rule === name);
    expect(breaches.map((breach) => breach.from)).toContain(plants[name].from);
  });

  it('hold the floors of the house to the same imports', () => {
    const rules = planted.violations.map(({ rule }) => rule);
    expect(rules).toContain('no import runs back up a floor');
  });

  it('leave lawful imports alone', () => {
    expect(clean.violations).toEqual([]);
  });

  it('see nothing and say so when a tree has no sources', async () => {
    const empty = mkdtempSync(path.join(tmpdir(), 'dependency-rules-'));
    trees.push(empty);
    await expect(cruiseTree(empty)).rejects.toThrow('No sources');
  });
});
