import { parentPort } from 'node:worker_threads';

import { answerRequests } from '../../shared/threads/thread-requests.ts';
import type { Sheet } from '../workbooks/write-workbook.ts';
import { listFileBytes, type ListFormat } from './list-file.ts';

export type ListFileOrder = { readonly sheet: Sheet; readonly format: ListFormat };

/** A workbook of some ten thousand rows takes seconds: too long for the thread that reads cards and keeps money. */
const port = parentPort;
if (port === null) throw new Error('the worker of list files is started as a worker thread');

answerRequests(port, ({ sheet, format }: ListFileOrder) => listFileBytes(sheet, format));
