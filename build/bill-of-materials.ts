import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What the page imports: it is bundled into it, so it leaves with the program although it is no dependency of it. */
export const packedIntoPage = ['antd', 'i18next', 'react', 'react-dom', 'react-i18next'] as const;

/** A bill of materials, as CycloneDX 1.5 writes one; only what is looked at here. */
export type BillOfMaterials = {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: { readonly 'bom-ref': string; readonly name: string } };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
};

export type Component = {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses?: readonly unknown[];
};

/**
 * Everything that leaves with the program: its dependencies, what is bundled into the page, and Electron, with
 * versions, licences and hashes, as the lock file has them. Throws where npm cannot say.
 */
export function billOfMaterials(root: string, production: readonly string[]): BillOfMaterials {
  // What is bundled into the page is listed as development; a build may have set NODE_ENV, by which npm leaves it out.
  const words = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--include=dev'];
  const ran = npm(words, root);
  if (ran.status !== 0) throw new Error(`npm sbom: ${ran.stderr}`);
  const whole = JSON.parse(ran.stdout) as BillOfMaterials;
  const own = whole.metadata.component['bom-ref'];
  const needs = new Map(whole.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
  const nameOf = new Map(whole.components.map((each) => [each['bom-ref'], each.name]));
  const wanted = new Set<string>([...production, ...packedIntoPage]);
  const direct = needs.get(own) ?? [];
  // A peer that one of them could make use of and that is here as a tool of ours does not leave with it.
  const tools = new Set(direct.filter((ref) => !wanted.has(nameOf.get(ref) ?? '')));
  const packed = new Set<string>();
  const open = direct.filter((ref) => wanted.has(nameOf.get(ref) ?? ''));
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    if (packed.has(ref) || tools.has(ref)) continue;
    packed.add(ref);
    open.push(...(needs.get(ref) ?? []));
  }
  // The runtime itself; the packages of the same name only fetch it.
  for (const ref of direct) if (nameOf.get(ref) === 'electron') packed.add(ref);
  return {
    ...whole,
    metadata: { ...whole.metadata, component: { ...whole.metadata.component, name: ownName(own) } },
    components: whole.components
      .filter((each) => packed.has(each['bom-ref']))
      .map((each) => ({ ...each, licenses: licencesOf(each) })),
    dependencies: whole.dependencies
      .filter(({ ref }) => ref === own || packed.has(ref))
      .map(({ ref, dependsOn }) => ({
        ref,
        dependsOn: dependsOn.filter((each) => packed.has(each)),
      })),
  };
}

/** Licences that a package has in a file and does not name in its manifest. */
const licencesInFiles: Readonly<Record<string, string>> = {
  'png-js': 'MIT',
  // Optional parts of ssh2 in machine code, which it works without; the licence of each is MIT.
  ...{ ssh2: 'MIT', buildcheck: 'MIT', 'cpu-features': 'MIT' },
};

function licencesOf({ name, licenses }: Component): readonly unknown[] {
  if (licenses !== undefined && licenses.length > 0) return licenses;
  const id = licencesInFiles[name];
  return id === undefined ? [] : [{ license: { id } }];
}

/** npm names the folder; the reference has the package's own name before its version. */
const ownName = (ref: string): string => ref.slice(0, ref.lastIndexOf('@'));

/** Writes the bill of materials beside what is packed. */
export function writeBillOfMaterials(root: string, production: readonly string[]): string {
  const file = path.join(root, 'out/dist/settlement-window.cdx.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(billOfMaterials(root, production), null, 2)}\n`);
  return file;
}

/** Longer than a registry takes to answer; a machine without one is not kept waiting. */
const auditMs = 20_000;

/**
 * Prints what is known to be wrong with packages that leave with the program. For people to weigh: it fails
 * nothing, and a machine without the registry says that it did not look.
 */
export function printAdvisories(root: string): void {
  const ran = npm(['audit', '--omit=dev', '--package-lock-only'], root, auditMs);
  const answered =
    ran.status !== null && !/audit endpoint|ENOTFOUND|ECONN|EAI_AGAIN/.test(ran.stderr);
  console.error(
    answered
      ? ran.stdout.trim()
      : '没有查到已知漏洞：连不上 npm 的公告服务 (known advisories were not looked up: no answer).',
  );
}

function npm(words: readonly string[], root: string, timeout?: number) {
  // Under `npm run` the npm that runs is named; it may be another than the one in the path.
  const script = process.env['npm_execpath'];
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
  const limited = timeout === undefined ? options : { ...options, timeout };
  return script?.endsWith('.js') === true
    ? spawnSync(process.execPath, [script, ...words], limited)
    : spawnSync('npm', [...words], { ...limited, shell: process.platform === 'win32' });
}

if (import.meta.main) printAdvisories(path.resolve(import.meta.dirname, '..'));
