import { parentPort } from 'node:worker_threads';

import { answerRequests } from '../../shared/threads/thread-requests.ts';
import { placeAnswers } from './answer-place-request.ts';

/** The thread that a disk, stick or share may hang for as long as it likes. */
const port = parentPort;
if (port === null) throw new Error('the second place is written to in a thread');

answerRequests(
  port,
  placeAnswers(() => new Date()),
);
