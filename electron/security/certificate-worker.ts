import { parentPort } from 'node:worker_threads';

import { answerRequests } from '../../shared/threads/thread-requests.ts';
import type { KeyRequest } from './certificate-keys.ts';
import { findKey, type FoundKey } from './find-key.ts';
import { provesKey } from './prove-key.ts';

/** A stick may not answer, and a key file is made by others and may ask for much work; the desk does not stand still for either. */
const port = parentPort;
if (port === null) throw new Error('the certificate worker is started as a worker thread');

answerRequests(port, (request: KeyRequest): FoundKey | null | Promise<boolean> =>
  request.kind === 'find' ? findKey(request) : provesKey(request),
);
