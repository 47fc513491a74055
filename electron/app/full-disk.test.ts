import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ContractName } from '../../shared/contracts/contract-names.ts';
import { statementCommand } from '../cli/documents.ts';
import { listClaims } from '../claims/list-claims.ts';
import { documentFiles } from '../documents/document-files.ts';
import { startDocumentMaker } from '../documents/document-maker.ts';
import { writeHospitalFilesNow } from '../hospital-exchange/write-hospital-files.ts';
import type { LivePayer } from '../settlement/ask-live-payers.ts';
import { settleVisit } from '../settlement/settle-visit.ts';
import { verifyFolder } from '../settlement/verify-folder.ts';
import type { Application } from './application.ts';
import { mountSmallDisk } from './full-disk.test-support.ts';
import { openServices } from './open-services.ts';
import type { Services } from './services.ts';
import { readSettings } from './settings.ts';
import { startApplication } from './start-application.ts';

const visit = 'ZY20171110001';
const nextVisit = 'ZY20171103002';

// A real filesystem of 64 MB; where mounting is not permitted nothing stands in for it and the tests say so.
const disk = mountSmallDisk(64);
afterAll(() => {
  disk?.remove();
});

/** How long a test may take before it gives up; never a promise of speed. */
const patienceMs = 300_000;

describe.skipIf(disk === null)(
  'a disk that is full or only read (a mounted tmpfs)',
  { timeout: patienceMs },
  () => {
    if (disk === null) return;
    const home = join(disk.path, 'desk');
    const options = { home, wanted: null, whenMissing: 'make-demo', environment: {} } as const;
    const reserve = join(home, 'reserve');

    // Made once, with nothing left to hand over or to print: what is on its way when the disk is full is finished out of
    // the reserve. Each test begins with a copy.
    const made = join(tmpdir(), `full-disk-${String(process.pid)}`);
    beforeAll(async () => {
      const services = await opened(made);
      const { 'hospital-out': folder } = await readSettings(services.store, services.folder);
      if (folder === null) throw new Error('a demo hands its results over');
      mkdirSync(folder, { recursive: true });
      await writeHospitalFilesNow({ ...services, folder });
      const at = '2017-11-27T10:00:00.000+08:00';
      await services.store.transact(async ({ printJobs }) => {
        for (const { id } of await printJobs.inState('queued', 1000)) {
          await printJobs.withdraw(id, at);
        }
      });
      await services.close();
    }, patienceMs);
    afterAll(() => {
      rmSync(made, { recursive: true, force: true });
    });
    beforeEach(() => {
      disk.empty();
      rmSync(home, { recursive: true, force: true });
      cpSync(made, home, { recursive: true });
    });

    async function opened(at = home): Promise<Services> {
      const services = await openServices({ ...options, home: at });
      if (!services.ok) throw new Error(services.refusal.code);
      return services.value;
    }

    async function started(at = home): Promise<Application> {
      const desk = await startApplication({ ...options, home: at });
      if (!desk.ok) throw new Error(desk.refusal.code);
      return desk.value;
    }

    const call = (desk: Application, name: ContractName, input: unknown) =>
      desk.callFromWindow(name, input);
    const settleAt = (desk: Application, visitId: string, billVersion: number, fen: number) =>
      call(desk, 'settlement:settle-visit', {
        visitId,
        billVersion,
        patientPaysFen: fen,
        tenders: [],
      });

    it('takes a desk nothing: it answers, refuses before money moves, and goes on when there is room', async () => {
      const desk = await started();
      try {
        const before = await call(desk, 'desk:state', {});
        expect(before).toMatchObject({ value: { readingOnly: null, logUnwrittenSince: null } });
        expect(statSync(reserve).size).toBeGreaterThan(1 << 20);
        disk.fill();
        for (const visitId of [visit, nextVisit]) {
          expect(await settleAt(desk, visitId, 1, 135_800)).toMatchObject({
            ok: false,
            refusal: { code: 'disk-no-room' },
          });
        }
        expect(await call(desk, 'desk:state', {})).toMatchObject({
          value: { readingOnly: { code: 'disk-no-room' } },
        });
        // What is refused uses up nothing of what others need to finish.
        expect(existsSync(reserve)).toBe(true);
        // Looking up goes on.
        const found = await call(desk, 'visits:find', { text: visit });
        expect(found).toMatchObject({
          value: { visits: [{ visitId: visit, state: 'unsettled' }] },
        });
        disk.empty();
        expect(await settleAt(desk, visit, 1, 135_800)).toMatchObject({
          value: { already: false },
        });
        disk.fill();
        // What stands is answered on a full disk, too: nobody is asked to pay again.
        expect(await settleAt(desk, visit, 1, 135_800)).toMatchObject({ value: { already: true } });
        disk.empty();
        const after = await call(desk, 'desk:state', {});
        expect(after).toMatchObject({ value: { readingOnly: null, logUnwrittenSince: null } });
        expect(statSync(reserve).size).toBeGreaterThan(1 << 20);
      } finally {
        await desk.close();
      }
      const services = await opened();
      expect(await verifyFolder(services)).toMatchObject({ ok: true });
      await services.close();
    });

    it('fills while a payer answers: the settlement is kept out of the reserve, then none begins', async () => {
      const services = await opened();
      let asked = 0;
      const payer: LivePayer = ({ shares }) => {
        asked += 1;
        disk.fill();
        return Promise.resolve(
          Object.fromEntries(shares.map((each) => [each.step, each.amountFen])),
        );
      };
      const settled = await settleVisit(
        { ...services, livePayers: new Map([['basic-medical-insurance', payer]]) },
        { visitId: visit, by: 'cashier1' },
      );
      expect(asked).toBe(1);
      expect(settled).toMatchObject({ ok: true, value: { already: false } });
      expect(existsSync(reserve)).toBe(false);
      const next = settleVisit(services, { visitId: nextVisit, by: 'cashier1' });
      await expect(next).rejects.toMatchObject({ reason: { code: 'disk-no-room' } });
      expect(await verifyFolder(services)).toMatchObject({ ok: true });
      disk.empty();
      expect(services.store.noRoom()).toBeNull();
      expect(existsSync(reserve)).toBe(true);
      await services.close();
    });

    it('is full when a program starts, first with a reserve, then to the last byte: it reads, over a copy that goes again', async () => {
      disk.fill();
      const first = await opened();
      expect(first.store.readingOnly()).toBeNull();
      expect(first.store.noRoom()?.code).toBe('disk-no-room');
      await first.close();
      expect(existsSync(reserve)).toBe(false);
      disk.fill();
      const services = await opened();
      expect(services.store.readingOnly()?.code).toBe('disk-no-room');
      expect(await verifyFolder(services)).toMatchObject({ ok: true });
      expect(copies()).toHaveLength(1);
      await services.close();
      expect(copies()).toEqual([]);
    });

    it('is only read: verify, claims, a statement and the desk work, and not a byte is changed', async () => {
      // A program that was killed leaves its last settlement in the log of the database, not in the file.
      const killed = join(disk.path, 'killed');
      const running = await opened();
      const settled = await settleVisit(running, { visitId: visit, by: 'cashier1' });
      if (!settled.ok) throw new Error(settled.refusal.code);
      const { settlementId } = settled.value.settlement;
      cpSync(home, killed, { recursive: true });
      await running.close();
      expect(statSync(join(killed, 'settlement.db-wal')).size).toBeGreaterThan(0);
      const mounted = disk.readOnly(killed);
      const untouched = digestOf(killed);

      const services = await opened(mounted);
      expect(services.store.readingOnly()).toMatchObject({ code: 'disk-read-only' });
      expect(copies()).toHaveLength(1);
      expect(await verifyFolder(services)).toMatchObject({ ok: true });
      const claims = await listClaims(services, {});
      if (!claims.ok) throw new Error(claims.refusal.code);
      expect(claims.value.map((claim) => claim.visitId)).toContain(visit);
      const outFile = join(disk.path, 'statement.pdf');
      const maker = startDocumentMaker();
      const { store, clock, folder } = services;
      const files = documentFiles(folder.home, folder.key);
      const documents = { store, clock, maker, files, demo: true };
      const who = 'cashier1';
      expect(await statementCommand(documents, { settlementId, outFile, who })).toMatchObject({
        ok: true,
      });
      expect(readFileSync(outFile, 'latin1').slice(0, 5)).toBe('%PDF-');
      await maker.close();
      await services.close();
      expect(copies()).toEqual([]);

      const desk = await started(mounted);
      expect(await call(desk, 'desk:state', {})).toMatchObject({
        value: { readingOnly: { code: 'disk-read-only' } },
      });
      const found = await call(desk, 'visits:find', { text: visit });
      expect(found).toMatchObject({ value: { visits: [{ visitId: visit, state: 'settled' }] } });
      expect(await settleAt(desk, nextVisit, 1, 1)).toMatchObject({
        ok: false,
        refusal: { code: 'disk-read-only' },
      });
      await desk.close();
      expect(digestOf(killed)).toEqual(untouched);
      expect(copies()).toEqual([]);
    });
  },
);

/** Private copies of this process that are there now. */
function copies(): readonly string[] {
  const own = `settlement-window-copy-${String(process.pid)}-`;
  return ['/dev/shm', tmpdir()]
    .filter((place) => existsSync(place))
    .flatMap((place) => readdirSync(place).filter((name) => name.startsWith(own)));
}

function digestOf(folder: string): readonly string[] {
  return globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => `${file} ${createHash('sha256').update(readFileSync(file)).digest('hex')}`);
}
