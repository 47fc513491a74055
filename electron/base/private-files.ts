/**
 * From now on what this program makes is its user's alone, whatever the machine's habit: a log, a lock, a journal of
 * SQLite. What is for others is opened to them by name where it is made. For the start of a program: a test's process is
 * shared.
 */
export function keepFilesPrivate(): void {
  if (process.platform !== 'win32') process.umask(0o077);
}
