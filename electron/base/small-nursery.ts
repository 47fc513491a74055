import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the part of the heap where new objects begin at its first size, one megabyte, in every thread of the program.
 * V8 doubles it while much is made, up to 128 MB that no later collection gives back: of a desk's memory it was the
 * largest part, and held nothing. Collecting more often costs a statement some 4 % of its processor time. A flag
 * because a running program, and Electron's main process at all, can be given no option; imported before anything else,
 * because loading the program already makes it grow.
 */
setFlagsFromString('--semi-space-growth-factor=1');
