import { accepted, refused } from '../../shared/domain/result.ts';
import { demoRefusal } from '../demo/demo-refusals.ts';
import type { DeskParts } from './desk-parts.ts';
import type { CallHandlers } from './handle-call.ts';

/** The tray of a demo: in a live folder there is none, whoever asks. */
export function demoCalls({ demoTray, tellPages }: Pick<DeskParts, 'demoTray' | 'tellPages'>) {
  return {
    'demo:tray': () =>
      Promise.resolve(
        demoTray === null ? refused(demoRefusal('not-a-demo')) : accepted(demoTray.show()),
      ),
    'demo:use': async (act) => {
      if (demoTray === null) return refused(demoRefusal('not-a-demo'));
      const used = await demoTray.use(act);
      if (used.ok) tellPages('devices');
      return used;
    },
  } satisfies Pick<CallHandlers, 'demo:tray' | 'demo:use'>;
}
