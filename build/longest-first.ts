import path from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take long by waiting or by starting whole programs; they begin first, so that none of them is left at
 * the end with a core idle beside it. Kept from the list of slowest files that a run ends with.
 */
const long = [
  'drivers/card-reader/pcsc/pcsc-reader.test.ts',
  'electron/e2e/discharge.test.ts',
  'build/kill-test/kill-host.test.ts',
  'electron/e2e/devices-page.test.ts',
  'electron/e2e/identification.test.ts',
  'electron/e2e/policy-page.test.ts',
  'electron/e2e/electron-stand-in/electron-stand-in.test.ts',
  'electron/e2e/npm-start.test.ts',
  'build/soak/soak-host.test.ts',
];

/** By project, so that files which share a process follow each other; in each the longest first. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const projects = [...new Set(this.ctx.projects.map(({ name }) => name))];
    const place = ({ moduleId, project }: TestSpecification): number => {
      const file = path.relative(this.ctx.config.root, moduleId).replaceAll(path.sep, '/');
      const first = long.indexOf(file);
      return first === -1 ? long.length + projects.indexOf(project.name) : first;
    };
    return sorted.toSorted((one, other) => place(one) - place(other));
  }
}
