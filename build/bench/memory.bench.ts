import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { soakHost } from '../soak/soak-host.ts';

// What the desk's program holds while it settles 5,000 visits over loopback, one after the other: resident memory with
// its threads, what is left of the main thread's objects, open files, SQLite's log, and how long preview and confirm take then.

const settlements = Number(process.argv[2] ?? '5000');
const folder = mkdtempSync(path.join(tmpdir(), 'memory-bench-'));
try {
  console.log(
    'settled   resident MB   heap MB   handles   wal MB   processor ms each   preview p95 ms   confirm p95 ms',
  );
  await soakHost({
    folder,
    settlements,
    sampleEvery: Math.max(50, Math.round(settlements / 20)),
    onSample: (sample) => {
      const { settled, residentMb, heapKb, handles, walMb, processorMs } = sample;
      console.log(
        [
          String(settled).padStart(7),
          String(residentMb).padStart(13),
          (heapKb / 1024).toFixed(1).padStart(9),
          String(handles).padStart(9),
          String(walMb).padStart(8),
          String(processorMs).padStart(19),
          String(sample.previewP95Ms).padStart(16),
          String(sample.settleP95Ms).padStart(16),
        ].join(' '),
      );
    },
    nodeOptions: process.argv.slice(3),
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
