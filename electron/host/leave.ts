import { systemTimer, type Timer } from '../base/timer.ts';

/** `stop` promises five seconds. What is not closed by then is ended as the plug would: nothing acknowledged is lost. */
const leaveWithinMs = 4000;
const lookEveryMs = 20;

/**
 * Closes what is open and leaves by `exit` within the promised time, whatever still hangs: a share that does not answer, a
 * print, a slow reader.
 */
export async function leaveWithin(
  close: () => Promise<void>,
  exit: () => void,
  timer: Timer = systemTimer,
): Promise<void> {
  const giveUp = (): void => {
    // `exit` waits for its threads, and a thread that waits for a dead share never comes.
    process.kill(process.pid, 'SIGKILL');
  };
  timer(leaveWithinMs, giveUp);
  // What fails to close ends with the program.
  await close().catch(() => undefined);
  while (isReadingOrWriting()) {
    await new Promise<void>((resolve) => systemTimer(lookEveryMs, resolve));
  }
  exit();
}

/** Whether a file is still being read or written: `exit` would wait for it. */
function isReadingOrWriting(): boolean {
  return process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));
}
