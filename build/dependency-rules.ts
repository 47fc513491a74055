import type { IForbiddenRuleType } from 'dependency-cruiser';

/** Tests, second calculations, what only tests use, and the end-to-end programs. */
export const testCode =
  '\\.(test|bench|test-support|reference)\\.tsx?$|(^|/)testing/|^electron/e2e/';

/** Who may look at anything: tests at what they test, and the tools. */
const anywhere = `${testCode}|^build/`;

/** Folders of electron/ that are not services but doors or the place where everything is put together. */
const notServices = 'app|ipc|cli|e2e';

const npm = (names: string): string => `node_modules/(${names})(/|$)`;

/**
 * Who may import whom. The name of a rule is the sentence its breaker reads; build/dependency-rules.test.ts
 * plants a violation of every one.
 */
export const dependencyRules = [
  {
    name: 'shared imports only shared',
    severity: 'error',
    from: { path: '^shared/', pathNot: anywhere },
    to: { pathNot: `^shared/|${npm('zod')}`, dependencyTypesNot: ['core'] },
  },
  {
    name: 'shared uses no Node module',
    severity: 'error',
    from: { path: '^shared/', pathNot: anywhere },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'of shared, only the shapes of records, contracts and the pack schema may use zod',
    severity: 'error',
    from: {
      path: '^shared/',
      pathNot: `^shared/domain/shapes/|^shared/contracts/|^shared/policy/pack/|${anywhere}`,
    },
    to: { path: npm('zod') },
  },
  {
    // The types of a record come from its one declaration; what decides and what shows takes nothing else of it.
    name: 'only contracts read and write by the shapes of records; all others take their types',
    severity: 'error',
    from: { pathNot: `^shared/(domain/shapes|contracts)/|${anywhere}` },
    to: { path: '^shared/domain/shapes/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'money and domain know nothing of policy or contracts',
    severity: 'error',
    from: { path: '^shared/(money|domain)/', pathNot: anywhere },
    to: { path: '^shared/(policy|policy-packs|contracts)/' },
  },
  {
    name: 'the page imports only contracts, domain and money of shared',
    severity: 'error',
    from: { path: '^renderer/', pathNot: anywhere },
    to: {
      path: '^(shared|electron|drivers|build)/',
      pathNot: '^shared/(contracts|domain|money)/',
    },
  },
  {
    name: 'the page uses no Node module',
    severity: 'error',
    from: { path: '^renderer/', pathNot: anywhere },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'nothing but the page imports the page',
    severity: 'error',
    from: { pathNot: `^renderer/|${anywhere}` },
    to: { path: '^renderer/' },
  },
  {
    name: 'the preload imports only shared/contracts',
    severity: 'error',
    from: { path: '^electron/preload\\.ts$' },
    to: { pathNot: `^shared/contracts/|${npm('electron')}` },
  },
  {
    name: 'drivers import only drivers and shared helpers',
    severity: 'error',
    from: { path: '^drivers/', pathNot: anywhere },
    to: { path: '^(electron|renderer|build)/' },
  },
  {
    name: 'devices know no money',
    severity: 'error',
    from: { path: '^drivers/', pathNot: anywhere },
    to: { path: '^shared/(money|policy|policy-packs|contracts)/' },
  },
  {
    name: 'only drivers/transport speaks to serial, HID and PC/SC libraries',
    severity: 'error',
    from: { pathNot: '^drivers/transport/' },
    to: { path: npm('serialport|@serialport/[^/]+|node-hid|smartcard') },
  },
  {
    name: 'only electron/database speaks to the database libraries',
    severity: 'error',
    // A test that plays the attacker opens, cuts and exchanges files by the library itself.
    from: { pathNot: '^electron/database/|\\.test\\.ts$' },
    to: { path: npm('better-sqlite3|better-sqlite3-multiple-ciphers|kysely') },
  },
  {
    name: "only electron/intake/sql speaks to the libraries of the hospital's database",
    severity: 'error',
    from: { pathNot: '^electron/intake/sql/' },
    to: { path: npm('pg|mysql2') },
  },
  {
    name: 'services never import ipc, main, preload, host or the command line',
    severity: 'error',
    from: { path: '^electron/[^/]+/', pathNot: `^electron/(${notServices})/|${anywhere}` },
    to: { path: '^electron/(ipc/|cli/|(main|preload|host|cli)\\.ts$)' },
  },
  {
    name: 'only main, host and the command line import the composition root',
    severity: 'error',
    from: {
      path: '^electron/',
      pathNot: `^electron/(app/|host/|cli/|(main|host|cli)\\.ts$)|${anywhere}`,
    },
    to: { path: '^electron/app/' },
  },
  {
    name: 'the database imports no service',
    severity: 'error',
    from: { path: '^electron/database/', pathNot: anywhere },
    to: { path: '^electron/[^/]+/', pathNot: '^electron/(database|base)/' },
  },
  {
    name: 'claim channels never import each other',
    severity: 'error',
    from: { path: '^electron/claims/channels/([^/]+)/' },
    to: {
      path: '^electron/claims/channels/[^/]+/',
      pathNot: '^electron/claims/channels/$1/',
    },
  },
  {
    name: 'only the application puts claim channels to work: everybody else knows their port',
    severity: 'error',
    from: {
      path: '^(electron|drivers|shared|renderer)/',
      pathNot: `^electron/app/|^electron/claims/channels/|${testCode}`,
    },
    to: { path: '^electron/claims/channels/' },
  },
  {
    name: 'a claim channel knows the port and profiles, not the acts of claims',
    severity: 'error',
    from: { path: '^electron/claims/channels/', pathNot: testCode },
    to: {
      path: '^electron/claims/[^/]+\\.ts$',
      pathNot: '^electron/claims/(channel|returns|undoing|payer-profile)\\.ts$',
    },
  },
  {
    name: 'the payers simulator imports nothing of ours',
    severity: 'error',
    from: { path: '^electron/payers-simulator/', pathNot: anywhere },
    to: {
      path: '^(shared|electron|drivers|renderer|build)/',
      pathNot: '^electron/payers-simulator/',
    },
  },
  {
    name: 'a device simulator imports nothing from the part it stands for',
    severity: 'error',
    from: { path: '^drivers/([^/]+)/[a-z0-9/-]*simulator', pathNot: anywhere },
    to: {
      path: '^drivers/$1/',
      // The interface both fulfil is no part of either.
      pathNot: '^drivers/$1/([a-z0-9/-]*simulator|port\\.ts$)',
    },
  },
  {
    name: 'only main.ts and preload.ts import electron',
    severity: 'error',
    from: { pathNot: '^electron/(main|preload)(\\.test)?\\.ts$|^electron/e2e/' },
    to: { path: npm('electron') },
  },
  {
    name: 'a reference calculation uses neither the engine nor its money',
    severity: 'error',
    from: { path: '\\.reference\\.ts$' },
    to: { path: '^shared/(policy|money)/' },
  },
  {
    name: 'the arithmetic of cases is worked out without the engine and its money',
    severity: 'error',
    from: { path: '^shared/policy/case-arithmetic/', pathNot: anywhere },
    to: { path: '^shared/', pathNot: '^shared/policy/case-arithmetic/' },
  },
  {
    name: 'what ships imports no test code',
    severity: 'error',
    from: { path: '^(shared|drivers|electron|renderer)/', pathNot: anywhere },
    to: { path: '\\.(test|bench|test-support|reference)\\.tsx?$|/testing/|^electron/e2e/' },
  },
  {
    name: 'what runs beside the page uses no development package',
    severity: 'error',
    from: { path: '^(shared|drivers|electron)/', pathNot: anywhere },
    to: {
      dependencyTypes: ['npm-dev'],
      dependencyTypesNot: ['type-only'],
      pathNot: npm('electron'),
    },
  },
  {
    name: 'every imported package is declared in package.json',
    severity: 'error',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'every import leads somewhere',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no import goes round in a circle',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
] as const satisfies readonly IForbiddenRuleType[];
