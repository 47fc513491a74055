/**
 * A file call that the system never answers holds a thread, and the runtime waits for its threads when the program
 * ends. Everything else is closed by then: the program ends as if it were killed. Its exit code is lost with it. `hangs`: whether it still does then.
 */
export function endDespiteHanging(hangs: () => boolean = () => true): void {
  process.once('exit', () => {
    if (hangs()) process.kill(process.pid, 'SIGKILL');
  });
}
