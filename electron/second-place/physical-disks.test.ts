import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { physicalDisks } from './physical-disks.ts';

/** As the kernel packs a device's numbers: `makedev` of glibc, for numbers below its first limits and above. */
const device = (major: number, minor: number): number =>
  Number(
    (BigInt(minor) & 0xffn) |
      ((BigInt(major) & 0xfffn) << 8n) |
      ((BigInt(minor) & ~0xffn) << 12n) |
      ((BigInt(major) & ~0xfffn) << 32n),
  );

describe('the disks under a file system', () => {
  let sysfs: string;
  beforeEach(() => {
    sysfs = mkdtempSync(join(tmpdir(), 'sysfs-'));
    mkdirSync(join(sysfs, 'dev/block'), { recursive: true });
    disk('sda', '8:0');
    disk('sdb', '8:16');
    partition('sda', 'sda1', '8:1');
    partition('sda', 'sda2', '8:2');
    partition('sdb', 'sdb1', '8:17');
    // A disk of many partitions has numbers of the second kind.
    disk('nvme0n1', '259:0');
    partition('nvme0n1', 'nvme0n1p300', '259:300');
  });
  afterEach(() => {
    rmSync(sysfs, { recursive: true, force: true });
  });

  function disk(name: string, number: string, slaves: readonly string[] = []): void {
    const folder = join(sysfs, 'devices', name);
    mkdirSync(join(folder, 'slaves'), { recursive: true });
    symlinkSync(folder, join(sysfs, 'dev/block', number));
    for (const slave of slaves) {
      symlinkSync(join(sysfs, 'devices', slave), join(folder, 'slaves', slave.replace(/.*\//, '')));
    }
  }

  function partition(of: string, name: string, number: string): void {
    const folder = join(sysfs, 'devices', of, name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'partition'), '1\n');
    symlinkSync(folder, join(sysfs, 'dev/block', number));
  }

  it('is one for two partitions, and another for another disk', () => {
    expect(physicalDisks(device(8, 1), sysfs)).toEqual(['sda']);
    expect(physicalDisks(device(8, 2), sysfs)).toEqual(['sda']);
    expect(physicalDisks(device(8, 17), sysfs)).toEqual(['sdb']);
    expect(physicalDisks(device(259, 300), sysfs)).toEqual(['nvme0n1']);
  });

  it('is the disk itself where it has no partitions', () => {
    expect(physicalDisks(device(8, 16), sysfs)).toEqual(['sdb']);
  });

  it('is found under an encrypted volume, and all of them under a joined one', () => {
    disk('dm-0', '254:0', ['sda/sda2']);
    disk('dm-1', '254:1', ['sda/sda1', 'sdb/sdb1']);
    disk('dm-2', '254:2', ['dm-0']);
    expect(physicalDisks(device(254, 0), sysfs)).toEqual(['sda']);
    expect(physicalDisks(device(254, 1), sysfs)).toEqual(['sda', 'sdb']);
    expect(physicalDisks(device(254, 2), sysfs)).toEqual(['sda']);
  });

  it('is not known of a share, of a file system in memory, of another system', () => {
    expect(physicalDisks(device(0, 45), sysfs)).toEqual([]);
    expect(physicalDisks(device(8, 1), join(sysfs, 'nowhere'))).toEqual([]);
  });
});
