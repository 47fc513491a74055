import { databaseThreads } from './database-thread.ts';
import { keptOrNewThread } from './kept-threads.test-support.ts';

// Vitest's setup file of the unit tests. That a thread ends with its program is tried with whole programs.
databaseThreads.start = keptOrNewThread;
