import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { shareOf, type Filesystems } from './network-share.ts';

/** A machine where everything is on one filesystem, mounted there. */
const machineOf = (type: number, mounts = ''): Filesystems => ({
  typeOf: () => type,
  mounts: () => mounts,
  realPath: () => '/srv/desk',
});

const kindOn = (type: number, mounts?: string): string | undefined =>
  shareOf('/srv/desk', machineOf(type, mounts))?.kind;

// The numbers as `stat -f -c %t` of coreutils prints them on such mounts, by its own names for them.
const ofCoreutils: readonly (readonly [string, string | undefined])[] = [
  ['6969', 'NFS'],
  ['517b', 'SMB'],
  ['ff534d42', 'CIFS'],
  ['fe534d42', 'SMB2'],
  ['1021997', '9p'],
  ['5346414f', 'AFS'],
  ['c36400', 'Ceph'],
  ['bd00bd0', 'Lustre'],
  ['47504653', 'GPFS'],
  ['ef53', undefined], // ext2, ext3, ext4
  ['58465342', undefined], // xfs
  ['9123683e', undefined], // btrfs
  ['1021994', undefined], // tmpfs
  ['794c7630', undefined], // overlayfs
  ['5346544e', undefined], // ntfs, in the kernel
  ['2fc12fc1', undefined], // zfs
  ['4d44', undefined], // msdos
];

describe('a folder on a share', () => {
  it.each(ofCoreutils)('%s is %s', (hex, kind) => {
    expect(kindOn(Number.parseInt(hex, 16))).toBe(kind);
  });

  it('is seen where the number comes as a negative one of 32 bits', () => {
    expect(kindOn(0xff534d42 | 0)).toBe('CIFS');
  });

  it('is told from a local disk in user space by the mount it is under', () => {
    const line = (point: string, kind: string): string =>
      `36 25 0:51 / ${point} rw,relatime shared:1 - ${kind} somewhere rw,user_id=0`;
    const root = '21 1 8:1 / / rw - ext4 /dev/sda1 rw';
    const fuse = 0x65735546;
    expect(kindOn(fuse, [root, line('/srv', 'fuse.sshfs')].join('\n'))).toBe('fuse.sshfs');
    expect(kindOn(fuse, [root, line('/srv/desk', 'fuse.rclone')].join('\n'))).toBe('fuse.rclone');
    expect(kindOn(fuse, [root, line('/srv', 'fuseblk')].join('\n'))).toBeUndefined();
    // The longest mount point counts, and a name that only begins alike is another folder.
    const nested = [root, line('/srv', 'fuseblk'), line('/srv/desk', 'fuse.sshfs')];
    expect(kindOn(fuse, nested.join('\n'))).toBe('fuse.sshfs');
    const alike = [root, line('/srv', 'fuseblk'), line('/srv/des', 'fuse.sshfs')];
    expect(kindOn(fuse, alike.join('\n'))).toBeUndefined();
    // Mounted twice at one place: the last is the one that is seen.
    const twice = [line('/srv', 'fuseblk'), line('/srv', 'fuse.sshfs')];
    expect(kindOn(fuse, twice.join('\n'))).toBe('fuse.sshfs');
    // Nobody says what it is: nobody vouches for it.
    expect(kindOn(fuse, '')).toBe('FUSE');
  });

  it('is told from what the machine around a virtual one shares', () => {
    expect(shareOf('/srv/desk', machineOf(0x01021997))?.from).toBe('host');
    expect(shareOf('/srv/desk', machineOf(0x6969))?.from).toBe('network');
  });

  it('is seen through a drive letter and a path of Windows', () => {
    const windows = (real: string): Filesystems => ({ ...machineOf(0), realPath: () => real });
    expect(shareOf('Z:\\desk', windows('\\\\server\\share\\desk'))?.kind).toBe('SMB');
    expect(shareOf('C:\\desk', windows('C:\\desk'))).toBeNull();
    expect(shareOf('C:\\desk', windows('\\\\?\\C:\\desk'))).toBeNull();
  });

  it.runIf(process.platform === 'linux')('is not seen on the disks of this machine', () => {
    const folder = mkdtempSync(join(tmpdir(), 'share-'));
    try {
      expect(shareOf(folder)).toBeNull();
      // What is not there yet is looked at where it will be.
      expect(shareOf(join(folder, 'not', 'there', 'yet'))).toBeNull();
      const mounted = join(folder, 'tmpfs with a space');
      mkdirSync(mounted);
      const isMounted = spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', mounted]).status === 0;
      expect(shareOf(mounted)).toBeNull();
      if (isMounted) spawnSync('umount', [mounted]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
