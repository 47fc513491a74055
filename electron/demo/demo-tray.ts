import type { Tray, TrayAct, TrayCard, TrayScan } from '../../shared/contracts/demo.ts';
import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import type { SimulatedReader } from '../../drivers/card-reader/simulated-reader.ts';
import type { SimulatedPaper } from '../../drivers/receipt-printer/open-printer.ts';
import { postMessage } from '../base/post-message.ts';
import type { Store } from '../database/store.ts';
import { demoCardOfVisit, strangersCard, type DemoCard } from './demo-cards.ts';
import { demoVisitIds } from '../intake/demo-data.ts';
import { demoRefusal } from './demo-refusals.ts';

/** What the tray of a demo works on: its own devices, as far as they are the ones that are set. */
export type DemoTrayParts = {
  readonly store: Store;
  readonly reader: SimulatedReader | null;
  readonly paper: SimulatedPaper | null;
  /** The program looks at its printer at once, not with its next round. */
  readonly lookAtPrinter: () => void;
  readonly takeScan: (text: string) => void;
  /** Where the simulated payers listen; null: none are set. */
  readonly payersUrl: () => Promise<string | null>;
};

export type DemoTray = {
  show(): Tray;
  use(act: TrayAct): Promise<Result<Tray, DemoTrayCode>>;
  /**
   * The key for reading was pressed: where nothing lies on the plate, or the card of somebody who needs it no longer,
   * the hand lays down the next patient's first.
   */
  layForReading(): Promise<void>;
};

type DemoTrayCode =
  'demo-reader-other' | 'demo-no-card' | 'demo-no-slip' | 'demo-printer-other' | 'demo-payers-away';

/** The faults of the simulated payers that make a mood. */
const faultsOfMood = { answering: [], busy: ['busy'], silent: ['lost-answer'] } as const;

/**
 * The hand of a demo: lays invented cards on its reader, holds slips before its scanner, changes its paper and the
 * mood of its payers. It only does what a person could do with real ones; what becomes of it is the program's. Made
 * for demo folders alone.
 */
export function demoTray(parts: DemoTrayParts): DemoTray {
  const { store, reader, paper, lookAtPrinter, takeScan, payersUrl } = parts;
  let lying: { readonly card: TrayCard; readonly visitId: string | null } | null = null;
  let mood: Tray['payers'] = null;

  const show = (): Tray => ({
    card: lying?.card ?? null,
    hasReader: reader !== null,
    paper: paper?.state() ?? null,
    payers: mood,
  });

  async function lay(card: TrayCard, named: string | null) {
    if (reader === null) return refused(demoRefusal('demo-reader-other'));
    const visitId = card === 'stranger' ? null : (named ?? (await nextWaiting(store)));
    const own = visitId === null ? null : await demoCardOfVisit(visitId);
    const laid = card === 'stranger' ? strangersCard : own;
    if (laid === null) return refused(demoRefusal('demo-no-card'));
    // A card that lies there is lifted first, as a hand would.
    reader.liftCard();
    reader.misbehave(card === 'unreadable' ? { readFails: true } : {});
    reader.placeCard(card === 'expired' ? expired(laid) : laid);
    lying = { card, visitId };
    return accepted(show());
  }

  function lift() {
    if (reader === null) return refused(demoRefusal('demo-reader-other'));
    reader.misbehave({});
    reader.liftCard();
    lying = null;
    return accepted(show());
  }

  async function scan(what: TrayScan) {
    if (what === 'unknown-code') {
      takeScan(codeOfNobody);
      return accepted(show());
    }
    const number = await lastSettlementNumber(store);
    if (number === null) return refused(demoRefusal('demo-no-slip'));
    takeScan(number);
    return accepted(show());
  }

  async function setMood(wanted: NonNullable<Tray['payers']>) {
    const url = await payersUrl();
    const faults = JSON.stringify({ faults: faultsOfMood[wanted] });
    const posted =
      url !== null && URL.canParse('/faults', url)
        ? await postMessage(new URL('/faults', url), faults, { deadlines: moodDeadlines })
        : null;
    if (posted?.kind !== 'answered' || posted.status !== 200) {
      return refused(demoRefusal('demo-payers-away', { url: url ?? '–' }));
    }
    mood = wanted;
    return accepted(show());
  }

  return {
    show,
    async use(act) {
      switch (act.act) {
        case 'lay':
          return lay(act.card, act.visitId);
        case 'lift':
          return lift();
        case 'scan':
          return scan(act.what);
        case 'paper':
          if (paper === null) return refused(demoRefusal('demo-printer-other'));
          paper.set(act.paper);
          lookAtPrinter();
          return accepted(show());
        case 'payers':
          return setMood(act.mood);
      }
    },
    async layForReading() {
      if (reader === null) return;
      if (lying !== null) {
        // What was laid there to see what happens is read as it lies.
        const { card, visitId } = lying;
        if (card !== 'patient' || visitId === null || (await waits(store, visitId))) return;
      }
      await lay('patient', null);
    },
  };
}

/** A demo waits for nobody long. */
const moodDeadlines = { connect: 2000, headers: 2000, body: 2000 };

/** A code of a parcel, say: it means nothing to a hospital. */
const codeOfNobody = 'PARCEL-0000-0000';

function expired(card: DemoCard): DemoCard {
  return { ...card, validFrom: '2006-05-01', validUntil: '2016-05-01' };
}

async function waits(store: Store, visitId: string): Promise<boolean> {
  const visit = await store.read(({ visits }) => visits.find(visitId));
  return visit?.state === 'unsettled';
}

/**
 * The first of the queue who has a card here, could be settled and has one stay alone, so that the card leads straight
 * to it; else the first who has a card. Null: nobody waits.
 */
async function nextWaiting(store: Store): Promise<string | null> {
  const ids = new Set(await demoVisitIds());
  const queue = await store.read(({ visits }) => visits.listUnsettled({ limit: queueMax }));
  const stays = new Map<string, number>();
  for (const { personId } of queue) stays.set(personId, (stays.get(personId) ?? 0) + 1);
  const withCard = queue.filter(({ visitId }) => ids.has(visitId));
  const plain = withCard.find(
    ({ personId, blockerCount }) => blockerCount === 0 && stays.get(personId) === 1,
  );
  return (plain ?? withCard[0])?.visitId ?? null;
}

/** A demo's queue is short; what a newcomer took in besides stands behind or before it. */
const queueMax = 200;

/** The number on the slip that was printed last. */
async function lastSettlementNumber(store: Store): Promise<string | null> {
  const ids = await demoVisitIds();
  return store.read(async ({ settlements }) => {
    let last: { readonly settledAt: string; readonly number: string } | null = null;
    for (const id of ids) {
      for (const settlement of await settlements.ofVisit(id)) {
        if (last === null || settlement.settledAt >= last.settledAt) last = settlement;
      }
    }
    return last?.number ?? null;
  });
}
