/**
 * Node opens a debugger on loopback for whoever comes when a process gets SIGUSR1, as some tools send it by habit; every
 * user of the machine could then read the key. A signal that somebody listens to is not Node's any more. For the start of a
 * program.
 */
export function openNoDebugger(): void {
  if (process.platform !== 'win32') process.on('SIGUSR1', () => undefined);
}
