import path from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take long by waiting or by starting whole programs; they begin first, so that none of them is left at
 * the end with a core idle beside it. Kept from the list of slowest files that a run ends with.
 */
const long = [
  'electron/e2e/doors.test.ts',
  'electron/e2e/policy-page.test.ts',
  'electron/e2e/sign-in.test.ts',
  'drivers/card-reader/pcsc/pcsc-reader.test.ts',
  'electron/e2e/devices-page.test.ts',
  'electron/e2e/discharge.test.ts',
  'electron/e2e/npm-start.test.ts',
  'build/kill-test/kill-host.test.ts',
  'electron/e2e/identification.test.ts',
  'electron/e2e/port-taken.test.ts',
  'electron/e2e/pack-approval.test.ts',
  'build/soak/soak-host.test.ts',
  'electron/e2e/electron-stand-in/electron-stand-in.test.ts',
];

/** Long by what they calculate: the first of their own project. */
const longOfProject: readonly string[] = [
  'electron/cli/hostile-arguments.test.ts',
  'electron/settlement/verify-folder.test.ts',
  'electron/cli/plain-text.test.ts',
  'electron/replay/shadow-run.test.ts',
  'electron/cli/documents.test.ts',
];

/** By project, so that files which share a process follow each other; in each the longest first. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const projects = [...new Set(this.ctx.projects.map(({ name }) => name))];
    const place = ({ moduleId, project }: TestSpecification): number => {
      const file = path.relative(this.ctx.config.root, moduleId).replaceAll(path.sep, '/');
      const first = long.indexOf(file);
      if (first !== -1) return first;
      const inProject = longOfProject.includes(file) ? 0 : 1;
      return long.length + 2 * projects.indexOf(project.name) + inProject;
    };
    return sorted.toSorted((one, other) => place(one) - place(other));
  }
}
