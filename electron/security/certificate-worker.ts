import { parentPort } from 'node:worker_threads';

import { answerRequests } from '../../shared/threads/thread-requests.ts';
import { provesKey } from './prove-key.ts';

/** A key file is made by others and may ask for as much work as it likes; the desk does not stand still for it. */
const port = parentPort;
if (port === null) throw new Error('the certificate worker is started as a worker thread');

answerRequests(port, provesKey);
