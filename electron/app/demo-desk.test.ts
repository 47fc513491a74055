import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import type { ContractName } from '../../shared/contracts/contract-names.ts';
import { contracts, type InputOf, type OutputOf } from '../../shared/contracts/contracts.ts';
import { demoCalls } from '../ipc/demo.ts';
import type { Application } from './application.ts';
import { openServices } from './open-services.ts';
import { startApplication } from './start-application.ts';

describe('the tray of a demo', () => {
  const folder = mkdtempSync(join(tmpdir(), 'demo-desk-'));
  const home = join(folder, 'desk');
  const options = { home, wanted: null, whenMissing: 'make-demo', environment: {} } as const;
  const moods: string[] = [];
  const payers = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      moods.push(`${request.method ?? ''} ${request.url ?? ''} ${Buffer.concat(parts).toString()}`);
      response.end('{"ok":true}');
    });
  });
  let desk: Application;

  beforeAll(async () => {
    await new Promise<void>((listening) => {
      payers.listen(0, '127.0.0.1', listening);
    });
    const opened = await openServices(options);
    if (!opened.ok) throw new Error(opened.refusal.code);
    const url = `http://127.0.0.1:${String((payers.address() as AddressInfo).port)}`;
    await opened.value.store.transact(({ folderFacts }) => folderFacts.set('payers-url', url));
    await opened.value.close();
    const started = await startApplication(options);
    if (!started.ok) throw new Error(started.refusal.code);
    desk = started.value;
  });
  afterAll(async () => {
    await desk.close();
    payers.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function ask<Name extends ContractName>(
    name: Name,
    input: InputOf<Name>,
  ): Promise<OutputOf<Name>> {
    const answer = await desk.callFromWindow(name, input);
    if (!answer.ok) throw new Error(`${name}: ${answer.refusal.code}`);
    return contracts[name].output.parse(answer.value) as OutputOf<Name>;
  }
  const codeOf = async (name: ContractName, input: unknown): Promise<string | null> => {
    const answer = await desk.callFromWindow(name, input);
    return answer.ok ? null : answer.refusal.code;
  };
  /** Whose only stay the key for reading leads to. */
  const patientOfF2 = async (): Promise<string> => {
    const card = await ask('card:read', {});
    if (card.kind !== 'person') throw new Error(`F2 led to ${card.kind}`);
    const [only, ...others] = card.unsettled;
    if (only === undefined || others.length > 0) throw new Error('F2 led to no one stay');
    return only.visitId;
  };
  const settle = async (visitId: string): Promise<void> => {
    const { bill, result } = await ask('settlement:preview', { visitId });
    await ask('settlement:settle-visit', {
      visitId,
      billVersion: bill.version,
      patientPaysFen: result.patientPaysFen,
      tenders:
        result.due.toCollectFen === 0 ? [] : [{ kind: 'cash', amountFen: result.due.toCollectFen }],
    });
  };

  it('leads with the first key for reading to a patient who waits, and after them to the next', async () => {
    expect(await ask('demo:tray', {})).toMatchObject({ card: null, hasReader: true, paper: 'in' });
    const queue = await ask('visits:list-unsettled', { after: null, limit: 50 });
    const ready = queue.visits.filter(({ blockerCount }) => blockerCount === 0);
    const place = (visitId: string): number =>
      ready.findIndex((visit) => visit.visitId === visitId);
    const first = await patientOfF2();
    expect(place(first)).toBeGreaterThanOrEqual(0);
    expect(await patientOfF2()).toBe(first);
    await settle(first);
    expect(place(await patientOfF2())).toBeGreaterThan(place(first));
  });

  it('lays the cards that a newcomer wants to see refused, and the desk says why', async () => {
    await ask('demo:use', { act: 'lay', card: 'stranger', visitId: null });
    expect(await ask('card:read', {})).toMatchObject({
      kind: 'person',
      unsettled: [],
      settled: [],
    });
    await ask('demo:use', { act: 'lay', card: 'expired', visitId: null });
    expect(await ask('card:read', {})).toMatchObject({ refusal: { code: 'card-expired' } });
    await ask('demo:use', { act: 'lay', card: 'unreadable', visitId: null });
    expect(await ask('card:read', {})).toMatchObject({ kind: 'refused' });
    expect((await ask('demo:use', { act: 'lift' })).card).toBeNull();
    expect(await patientOfF2()).toBeTypeOf('string');
    expect((await ask('demo:tray', {})).card).toBe('patient');
  });

  it('lays the card of the patient who is named, and says where it has none', async () => {
    await ask('demo:use', { act: 'lay', card: 'patient', visitId: 'ZY20171018003' });
    expect(await patientOfF2()).toBe('ZY20171018003');
    const other = { act: 'lay', card: 'patient', visitId: 'ZY-of-nobody' };
    expect(await codeOf('demo:use', other)).toBe('demo-no-card');
  });

  it('scans the last slip, and a code that means nothing here', async () => {
    await ask('demo:use', { act: 'scan', what: 'last-slip' });
    expect(await ask('card:latest', {})).toMatchObject({ kind: 'own-visit' });
    await ask('demo:use', { act: 'scan', what: 'unknown-code' });
    expect(await ask('card:latest', {})).toMatchObject({ kind: 'refused' });
  });

  it('takes the paper out of its printer, which the desk sees, and puts it back', async () => {
    const printerState = async () => (await ask('desk:state', {})).printer.state;
    await vi.waitFor(async () => {
      expect(await printerState()).toBe('ready');
    });
    await ask('demo:use', { act: 'paper', paper: 'out' });
    await vi.waitFor(async () => {
      expect(await printerState()).not.toBe('ready');
    });
    await ask('demo:use', { act: 'paper', paper: 'in' });
    await vi.waitFor(async () => {
      expect(await printerState()).toBe('ready');
    });
  });

  it('changes the mood of the simulated payers, and says so where they are not there', async () => {
    const busy = await ask('demo:use', { act: 'payers', mood: 'busy' });
    expect(busy.payers).toBe('busy');
    expect(moods).toEqual(['POST /faults {"faults":["busy"]}']);
    await new Promise((closed) => payers.close(closed));
    expect(await codeOf('demo:use', { act: 'payers', mood: 'silent' })).toBe('demo-payers-away');
    expect((await ask('demo:tray', {})).payers).toBe('busy');
  });

  it('is not there in a live folder, whoever asks', async () => {
    const tellPages = vi.fn();
    const live = demoCalls({ demoTray: null, tellPages });
    expect(await live['demo:tray']()).toMatchObject({ refusal: { code: 'not-a-demo' } });
    const laid = await live['demo:use']({ act: 'lift' });
    expect(laid).toMatchObject({ refusal: { code: 'not-a-demo' } });
    expect(tellPages).not.toHaveBeenCalled();
  });
});
