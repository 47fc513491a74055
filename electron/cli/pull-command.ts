import { readSettings } from '../app/settings.ts';
import { pullVisits, type PullWanted } from '../intake/sql/pull-visits.ts';
import { callerIn, done, refusedWith, textOption, wrongUsage, type Command } from './command.ts';

/** Takes in from the hospital's database what changed there, everything again, or one visit. */
export const pullCommand: Command = {
  name: 'pull',
  usage: '[--visit VISIT-ID | --from-start]',
  options: { visit: { type: 'string' }, 'from-start': { type: 'boolean' } },
  words: [0, 0],
  roles: ['it-clerk'],
  folder: 'opened',
  run: async (call, services, callers) => {
    const visitId = textOption(call, 'visit');
    const isFromStart = call.options['from-start'] === true;
    if (visitId === '' || (visitId !== undefined && isFromStart)) {
      return wrongUsage(
        '--visit 后写一个就诊号；它不和 --from-start 一起用。',
        'Name a visit behind --visit; it does not go with --from-start.',
      );
    }
    const wanted: PullWanted =
      visitId === undefined
        ? { kind: isFromStart ? 'from-start' : 'changed' }
        : { kind: 'visit', visitId };
    const settings = await readSettings(services.store, services.folder);
    const takenInBy = callerIn(callers).userId;
    const pulled = await pullVisits({ ...services, takenInBy }, settings, wanted);
    return pulled.ok
      ? done(pulled.value, pulled.value.refused.length === 0)
      : refusedWith(pulled.refusal);
  },
};
