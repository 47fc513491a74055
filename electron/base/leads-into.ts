import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';

/** Where a path really leads: every link in it followed, as far as its parts are there. */
export function realWay(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch {
    const above = dirname(whole);
    return above === whole ? whole : join(realWay(above), basename(whole));
  }
}

/** Whether a path leads to a folder or into it, whatever links it goes by. */
export function leadsInto(path: string, folder: string): boolean {
  const way = relative(realWay(folder), realWay(path));
  return way !== '..' && !/^\.\.[/\\]/.test(way) && !isAbsolute(way);
}
