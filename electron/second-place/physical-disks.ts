import { readdirSync, realpathSync, existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * The disks on which a file system of this device number is, as the kernel names them (`sda`, `nvme0n1`): the whole disk
 * of a partition, and those under an encrypted or joined volume. Empty where the system does not say: a share, a
 * file system without a device of its own, another system than Linux.
 */
export function physicalDisks(device: number, sysfs = '/sys'): readonly string[] {
  try {
    return disksUnder(realpathSync(join(sysfs, 'dev/block', numberOf(device))));
  } catch {
    return [];
  }
}

function disksUnder(device: string): readonly string[] {
  if (existsSync(join(device, 'partition'))) return [basename(dirname(device))];
  const under = join(device, 'slaves');
  const slaves = existsSync(under) ? readdirSync(under) : [];
  if (slaves.length === 0) return [basename(device)];
  return slaves.flatMap((name) => disksUnder(realpathSync(join(under, name))));
}

/** As Linux packs them: twelve bits of the major number over eight of the minor, the rest of both above. */
function numberOf(device: number): string {
  const bits = BigInt(device);
  const major = ((bits >> 8n) & 0xfffn) | ((bits >> 32n) & ~0xfffn);
  const minor = (bits & 0xffn) | ((bits >> 12n) & 0xffffff00n);
  return `${String(major)}:${String(minor)}`;
}
