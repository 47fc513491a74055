import { join } from 'node:path';

import type { BatchProfile } from './batch-profile.ts';
import type { SftpServer } from './sftp-server.test-support.ts';

/** The profile of the payer behind a test's server. */
export function profileOf(server: SftpServer): BatchProfile {
  return {
    ...{ profile: 'insurer', protocol: 'batch-file', destinations: ['medical-assistance'] },
    ...{ address: server.address, user: server.user, keyFile: server.keyFile },
    hostKeys: [server.hostKey],
    inbox: join(server.home, 'in'),
    outbox: join(server.home, 'out'),
    done: join(server.home, 'done'),
    ...{ hash: 'sha256', claimsAtOnce: 500, takesSameFileAgain: true },
    deadlines: { connect: 20_000, step: 20_000 },
  };
}
