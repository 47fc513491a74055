/** How often the desk looks whether its starter still lives. */
const lookEveryMs = 500;

/**
 * Ends the desk when whoever started it is gone: a killed `npm start` must leave no desk behind. The starter
 * is this process's parent, and any process whose id the bootstrap handed on in `SETTLEMENT_STARTER_PIDS`.
 */
export function endWithStarter(environment: NodeJS.ProcessEnv, onGone: () => void): () => void {
  const parent = process.ppid;
  const starters = (environment['SETTLEMENT_STARTER_PIDS'] ?? '')
    .split(',')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid > 1);
  const timer = setInterval(() => {
    if (process.ppid === parent && starters.every(isAlive)) return;
    clearInterval(timer);
    onGone();
  }, lookEveryMs);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (problem) {
    // A process of another user is there although it may not be signalled.
    return (problem as NodeJS.ErrnoException).code === 'EPERM';
  }
}
