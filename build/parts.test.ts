import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { partPath } from '../electron/base/part-path.ts';
import parts from './parts.json' with { type: 'json' };

describe('the parts that are started by path', () => {
  it.each(Object.entries(parts))('%s has its source', (_name, source) => {
    expect(existsSync(source)).toBe(true);
  });

  it.each([
    'database-worker',
    'intake-worker',
    'sql-worker',
    'document-worker',
    'payers-simulator',
    'second-place-worker',
    'password-worker',
    'certificate-worker',
    'replay-worker',
    'list-file-worker',
  ] as const)('%s is found at the place the build takes it from', (name) => {
    expect(partPath(name)).toBe(path.resolve(parts[name]));
  });
});
