/** The desk of a folder, as a program that a test ends: it leaves as the host does, and the test holds its clock. */
import { startApplication } from '../../app/start-application.ts';
import { leaveWithin } from '../leave.ts';

/** What it says: it is open; it leaves, and within how long. */
export type DeskSays =
  { readonly says: 'open' } | { readonly says: 'leaving'; readonly ms: number };

const say = (words: DeskSays): void => {
  process.send?.(words);
};
const [home = ''] = process.argv.slice(2);
const started = await startApplication({
  ...{ home, wanted: null, whenMissing: 'refuse', environment: {} },
});
if (!started.ok) throw new Error(started.refusal.code);
const desk = started.value;
let timeIsUp: () => void = () => undefined;

process.on('message', (word) => {
  if (word === 'time is up') timeIsUp();
  if (word !== 'stop') return;
  const close = async (): Promise<void> => {
    await desk.pageSessions.endAll('stopped');
    await desk.close();
  };
  void leaveWithin(
    close,
    () => process.exit(0),
    (ms, act) => {
      timeIsUp = act;
      say({ says: 'leaving', ms });
      return () => undefined;
    },
  );
});
say({ says: 'open' });
