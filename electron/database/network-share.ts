import { existsSync, readFileSync, realpathSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Filesystems on which locks and shared memory of programs on different machines cannot be trusted, by `f_type` of
 * statfs(2). The numbers are Linux's, from `include/uapi/linux/magic.h`, and for filesystems that are not in the kernel's
 * list from their own sources, named behind them. SQLite says of all of them that its WAL "does not work over a network
 * filesystem" (wal.html, howtocorrupt.html §2.1).
 */
const shareKinds: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x564c, 'NCP'],
  [0x01021997, '9p'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'kAFS'],
  [0x73757245, 'Coda'],
  [0x00c36400, 'Ceph'],
  [0x7461636f, 'OCFS2'],
  [0x01161970, 'GFS2'], // fs/gfs2, include/uapi/linux/gfs2_ondisk.h
  [0x0bd00bd0, 'Lustre'], // lustre/include/uapi/linux/lustre/lustre_user.h
  [0x47504653, 'GPFS'], // coreutils src/stat.c
  [0x19830326, 'BeeGFS'], // coreutils src/stat.c
  [0xaad7aaea, 'PanFS'], // coreutils src/stat.c
  [0x786f4256, 'vboxsf'], // fs/vboxsf/super.c
  [0xbacbacbc, 'vmhgfs'], // coreutils src/stat.c
  [0x7c7c6673, 'prl_fs'], // coreutils src/stat.c
]);

/** All that runs in user space (FUSE_SUPER_MAGIC): sshfs, rclone, virtiofs, but also NTFS on a local disk. */
const fuse = 0x65735546;

/** Filesystems in user space that are over a disk of this machine alone, by the mount's type. */
const localFuse = new Set(['fuseblk', 'fuse.fuse-overlayfs']);

/** What a virtual machine gets from the machine around it: a share, but of one and the same desk. */
const hostShares = new Set(['9p', 'virtiofs', 'vboxsf', 'vmhgfs', 'fuse.vmhgfs-fuse', 'prl_fs']);

/** A share by the name of its kind; `host`: it is the machine's around this virtual one. */
export type Share = { readonly kind: string; readonly from: 'network' | 'host' };

/** What the machine says of a path; tests put another in its place. */
export type Filesystems = {
  /** `f_type` of the filesystem a path that exists is on. */
  readonly typeOf: (path: string) => number;
  /** The text of /proc/self/mountinfo; empty where there is none. */
  readonly mounts: () => string;
  /** A path with links and, on Windows, drive letters of shares resolved. */
  readonly realPath: (path: string) => string;
};

const machine: Filesystems = {
  typeOf: (path) => statfsSync(path).type,
  mounts: () => (process.platform === 'linux' ? readFileSync('/proc/self/mountinfo', 'utf8') : ''),
  realPath: (path) => realpathSync.native(path),
};

/**
 * The share a folder is on, or will be on once it is made; null where it is on a disk of this machine. A filesystem in
 * user space counts as a share unless it is known as one of a local disk: nobody vouches for its locks.
 */
export function shareOf(folder: string, filesystems: Filesystems = machine): Share | null {
  const kind = shareKindOf(folder, filesystems);
  return kind === null ? null : { kind, from: hostShares.has(kind) ? 'host' : 'network' };
}

function shareKindOf(folder: string, filesystems: Filesystems): string | null {
  const path = filesystems.realPath(nearestThere(folder));
  if (path.startsWith('\\\\') && !path.startsWith('\\\\?\\') && !path.startsWith('\\\\.\\')) {
    return 'SMB';
  }
  // Some of the numbers have the highest bit set, and are negative on 32 bits.
  const type = filesystems.typeOf(path) >>> 0;
  if (type !== fuse) return shareKinds.get(type) ?? null;
  const kind = mountedAs(path, filesystems.mounts());
  return kind !== null && localFuse.has(kind) ? null : (kind ?? 'FUSE');
}

function nearestThere(folder: string): string {
  let path = resolve(folder);
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path);
  return path;
}

/** The type of the mount a path is under: of the longest mount point, and of those the last. */
function mountedAs(path: string, mounts: string): string | null {
  let best: { readonly point: string; readonly kind: string } | null = null;
  for (const line of mounts.split('\n')) {
    // 36 35 98:0 /root /point options [optional]… - type source options
    const [mount = '', filesystem = ''] = line.split(' - ');
    const point = (mount.split(' ')[4] ?? '').replace(/\\(\d{3})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    );
    const kind = filesystem.split(' ')[0];
    if (point === '' || kind === undefined) continue;
    const isUnder = path === point || path.startsWith(point === '/' ? '/' : `${point}/`);
    if (isUnder && point.length >= (best?.point.length ?? 0)) best = { point, kind };
  }
  return best?.kind ?? null;
}
