import { parentPort } from 'node:worker_threads';

import { answerRequests } from '../../shared/threads/thread-requests.ts';
import { answerHashing } from './argon2-in-phc.ts';

/** Making a password's hash takes as long as it is meant to; the desk does not stand still for it. */
const port = parentPort;
if (port === null) throw new Error('the password worker is started as a worker thread');

answerRequests(port, answerHashing);
