import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { contracts } from '../../../shared/contracts/contracts.ts';
import type { CardOnPlate, VisitRow } from '../../../shared/contracts/desk.ts';
import type { SettlementView, VisitPreview } from '../../../shared/contracts/settlement.ts';
import { fen } from '../../../shared/money/fen.ts';
import cannedPreview from '../../dev/canned-preview.json' with { type: 'json' };
import cannedQueue from '../../dev/canned-queue.json' with { type: 'json' };
import { visitToLock } from './account-lock-flow.ts';
import type { DeskEvent, Effect } from './desk-events.ts';
import { deskStep, emptyDesk, tooSoonMs, type DeskFlow } from './desk-flow.ts';
import { keyAct, type KeyAct } from './key-act.ts';

const runs = 300 * Number(process.env['TEST_DEPTH'] ?? 1);
const preview = contracts['settlement:preview'].output.parse(cannedPreview);
const rows = contracts['visits:list-unsettled'].output.parse(cannedQueue).visits;
const { visitId } = preview.visit;
const ownRow = rows.find((row) => row.visitId === visitId);
const otherRow = rows.find((row) => row.visitId !== visitId);
if (ownRow === undefined || otherRow === undefined) throw new Error('the recorded queue is short');
const notReady = {
  code: 'visit-not-ready',
  message: { zh: '还不能结算', en: 'not ready' },
  remedy: { zh: '请病区处理', en: 'ask the ward' },
};

function card(
  sequence: number,
  unsettled: readonly VisitRow[],
  questions: Extract<CardOnPlate, { kind: 'person' }>['questions'] = [],
): CardOnPlate {
  return {
    kind: 'person',
    sequence,
    card: 'resident-id',
    readAt: '2017-11-27T09:00:00+08:00',
    elapsedMs: 40,
    maskedName: preview.person.maskedName,
    maskedIdNumber: preview.person.maskedIdNumber,
    unsettled: [...unsettled],
    settled: [],
    questions: [...questions],
    warnings: [],
  };
}

const settlement: SettlementView = {
  settlementId: 'S1',
  number: 'JS1',
  visitId,
  state: 'settled',
  settledAt: '2017-11-27T09:01:00+08:00',
  settledBy: '收费员一',
  businessDate: '2017-11-27',
  tenders: [{ kind: 'cash', amountFen: fen(135_800) }],
  printJobs: [],
  result: preview.result,
};

/** Plays events one after another from a desk; answers with the last desk and all that had to be done. */
function play(
  events: readonly DeskEvent[],
  from = emptyDesk,
): { flow: DeskFlow; effects: Effect[] } {
  const effects: Effect[] = [];
  let flow = from;
  for (const event of events) {
    const step = deskStep(flow, event);
    flow = step.flow;
    effects.push(...step.effects);
  }
  return { flow, effects };
}

const settles = (effects: readonly Effect[]) => effects.filter(({ kind }) => kind === 'settle');
const cardEvent = (visits: readonly VisitRow[], sequence = 1, asked = false): DeskEvent => ({
  type: 'card',
  card: card(sequence, visits),
  asked,
  atMs: 0,
});
const previewEvent = (change: Partial<VisitPreview> = {}, atMs = 0): DeskEvent => ({
  type: 'preview',
  visitId,
  preview: { ...preview, ...change },
  atMs,
});
const toPaying: readonly DeskEvent[] = [
  cardEvent([ownRow]),
  previewEvent(),
  { type: 'forward', atMs: 1000 },
];
const toConfirming: readonly DeskEvent[] = [...toPaying, { type: 'confirm', atMs: 2000 }];

describe('the flow of the desk', () => {
  it('takes the plain case from the card to the next patient', () => {
    const opened = play([cardEvent([ownRow])]);
    expect(opened.effects).toEqual([{ kind: 'load', visitId }]);
    const asked = play([...toConfirming, { type: 'forward', atMs: 2100 }]);
    expect(asked.flow.moment).toBe('settling');
    expect(settles(asked.effects)).toEqual([
      {
        kind: 'settle',
        visitId,
        billVersion: preview.bill.version,
        patientPaysFen: 135_800,
        tenders: [],
        despiteAccount: false,
      },
    ]);
    const done = play([{ type: 'settled', settlement, atMs: 3000 }, { type: 'next-patient' }], {
      ...asked.flow,
    });
    expect(done.flow.moment).toBe('waiting');
    expect(done.effects).toEqual([{ kind: 'look-at-card' }]);
  });

  it('settles once however often Enter is pressed', () => {
    const enter: DeskEvent = { type: 'forward', atMs: 9000 };
    const { effects } = play([...toConfirming, enter, enter, enter, { type: 'confirm', atMs: 1 }]);
    expect(settles(effects)).toHaveLength(1);
  });

  it('does not move on by an Enter that was meant for what stood there before', () => {
    const early = play([
      cardEvent([ownRow]),
      previewEvent({}, 5000),
      { type: 'forward', atMs: 5000 + tooSoonMs - 1 },
    ]);
    expect(early.flow.moment).toBe('checking');
    const late = play([
      cardEvent([ownRow]),
      previewEvent({}, 5000),
      { type: 'forward', atMs: 5000 + tooSoonMs },
    ]);
    expect(late.flow.moment).toBe('paying');
  });

  it('goes back to checking when the bill changed under the question', () => {
    const result = { ...preview.result, patientPaysFen: fen(140_250) };
    const { flow, effects } = play([
      ...toConfirming,
      previewEvent({ result }, 3000),
      { type: 'forward', atMs: 3100 },
    ]);
    expect(flow.moment).toBe('checking');
    expect(settles(effects)).toEqual([]);
  });

  it('never lets a visit that is not ready come to paying; Enter asks for it again', () => {
    const { flow, effects } = play([
      cardEvent([ownRow]),
      previewEvent({ confirmRefusal: notReady }),
      { type: 'forward', atMs: 1000 },
      { type: 'confirm', atMs: 2000 },
    ]);
    expect(flow.moment).toBe('loading');
    expect(effects.map(({ kind }) => kind)).toEqual(['load', 'load']);
  });

  it('lets the cashier choose with the arrows when there are several visits', () => {
    const { flow, effects } = play([
      cardEvent([ownRow, otherRow]),
      { type: 'move', by: 1 },
      { type: 'move', by: 1 },
      { type: 'forward', atMs: 1000 },
    ]);
    expect(flow.moment).toBe('loading');
    expect(effects).toEqual([{ kind: 'load', visitId: otherRow.visitId }]);
  });

  const question = {
    visitId,
    code: 'name-differs' as const,
    text: { zh: '是同一个人吗', en: 'the same person?' },
  };
  const setAside = (thenLoad: boolean) =>
    ({ kind: 'set-question-aside', visitId, thenLoad }) as const;
  const doubtful = (visits: readonly VisitRow[]): DeskEvent => ({
    type: 'card',
    card: card(1, visits, [question]),
    asked: false,
    atMs: 0,
  });

  it('opens a visit that does not fit the card only when the answer is kept', () => {
    const asking = play([doubtful([ownRow])]);
    expect(asking.flow).toMatchObject({ moment: 'asking', visitId: null, question });
    expect(asking.effects).toEqual([]);
    const early = play([{ type: 'forward', atMs: tooSoonMs - 1 }], asking.flow);
    expect(early.effects).toEqual([]);
    const answered = play([{ type: 'forward', atMs: 1000 }], asking.flow);
    expect(answered.flow.moment).toBe('asking');
    expect(answered.effects).toEqual([{ kind: 'confirm-person', question }]);
    const kept = play([{ type: 'person-confirmed', visitId }], answered.flow);
    expect(kept.flow).toMatchObject({ moment: 'loading', question: null });
    expect(kept.effects).toEqual([{ kind: 'load', visitId }]);
    const left = play([{ type: 'back', atMs: 1000 }], asking.flow);
    expect(left.flow.moment).toBe('waiting');
    // The program hears that nobody said yes: then the visit may be settled without the card.
    expect(left.effects).toContainEqual(setAside(false));
  });

  it('sets a question aside whenever it leaves the screen without its yes, and only then', () => {
    const asking = play([doubtful([ownRow])]).flow;
    const leaving: readonly DeskEvent[] = [
      { type: 'next-patient' },
      { type: 'open-visit', visitId: otherRow.visitId },
      { type: 'choose', visits: [otherRow], atMs: 1000 },
      cardEvent([otherRow], 2),
    ];
    for (const event of leaving) {
      expect(play([event], asking).effects, event.type).toContainEqual(setAside(false));
    }
    for (const event of [{ type: 'move', by: 1 }, doubtful([ownRow])] as const) {
      expect(play([event], asking).effects, event.type).toEqual([]);
    }
  });

  it('settles without the card where its question waits, when the cashier says so', () => {
    const confirmRefusal = { ...notReady, code: 'identity-question-open' };
    const open = play([cardEvent([ownRow]), previewEvent({ confirmRefusal })]).flow;
    expect(open.moment).toBe('checking');
    expect(play([{ type: 'forward', atMs: tooSoonMs - 1 }], open).effects).toEqual([]);
    const said = play([{ type: 'forward', atMs: 1000 }], open);
    expect(said.flow.moment).toBe('loading');
    expect(said.effects).toEqual([setAside(true)]);
  });

  it('asks about the visit that was chosen, also by a click, and not about another', () => {
    const choosing = play([doubtful([otherRow, ownRow])]).flow;
    expect(choosing.moment).toBe('choosing');
    const other = play([{ type: 'open-visit', visitId: otherRow.visitId }], choosing);
    expect(other.flow.moment).toBe('loading');
    const own = play([{ type: 'open-visit', visitId }], choosing);
    expect(own.flow).toMatchObject({ moment: 'asking', question });
    const clicked = play([{ type: 'open-visit', visitId }], own.flow);
    expect(clicked.flow).toMatchObject({ moment: 'asking', question });
    expect(clicked.effects).toEqual([]);
  });

  it('opens what a slip of our own names, and never over a patient', () => {
    const slip: DeskEvent = {
      type: 'card',
      card: { kind: 'own-visit', sequence: 2, visitId: otherRow.visitId },
      asked: false,
      atMs: 0,
    };
    expect(play([slip]).effects).toEqual([{ kind: 'load', visitId: otherRow.visitId }]);
    expect(play([...toPaying, slip]).flow).toMatchObject({ moment: 'paying', visitId });
  });

  it('keeps who came for the patient while this visit is open, and forgets with it', () => {
    const proxy = { maskedName: '李*', maskedIdNumber: '430626********0059' };
    const noted = play([...toPaying, { type: 'proxy', visitId, proxy }]);
    expect(noted.flow.proxy).toEqual(proxy);
    expect(play([{ type: 'back', atMs: 1 }], noted.flow).flow.proxy).toEqual(proxy);
    expect(play([{ type: 'next-patient' }], noted.flow).flow.proxy).toBeNull();
    const late = play([...toPaying, { type: 'proxy', visitId: otherRow.visitId, proxy }]);
    expect(late.flow.proxy).toBeNull();
  });

  it('opens a card laid down meanwhile only after the patient who is open', () => {
    const during = play([...toPaying, cardEvent([otherRow], 2)]);
    expect(during.flow.visitId).toBe(visitId);
    const after = play([{ type: 'next-patient' }, cardEvent([otherRow], 2)], during.flow);
    expect(after.flow.visitId).toBe(otherRow.visitId);
    // The card of the patient just served, still lying there, opens nobody.
    const same = play([...toPaying, { type: 'next-patient' }, cardEvent([ownRow], 1)]);
    expect(same.flow.moment).toBe('waiting');
  });

  it('says what to do when F2 finds no card, and reads again on Enter', () => {
    const asked = play([
      { type: 'card', card: { kind: 'no-card', sequence: 3 }, asked: true, atMs: 0 },
    ]);
    expect(asked.flow).toMatchObject({ moment: 'problem', refusal: { code: 'nothing-on-reader' } });
    expect(play([{ type: 'forward', atMs: 1000 }], asked.flow).effects).toEqual([
      { kind: 'read-card' },
    ]);
  });

  it('says so until the cashier looks for the patient by hand, and takes nothing else off the screen', () => {
    const asked = play([
      { type: 'card', card: { kind: 'no-card', sequence: 3 }, asked: true, atMs: 0 },
    ]).flow;
    const looking = play([{ type: 'find' }], asked).flow;
    expect(looking).toMatchObject({ moment: 'waiting', refusal: null, cardSequence: 3 });
    const paying = play(toPaying).flow;
    expect(play([{ type: 'find' }], paying).flow).toBe(paying);
    // A refusal about a patient who is open is no note of the reader.
    const refusal = { code: 'x', message: { zh: '', en: '' }, remedy: { zh: '', en: '' } };
    const open = play([{ type: 'refused', visitId, refusal, atMs: 5 }], play(toPaying).flow).flow;
    expect(play([{ type: 'find' }], open).flow).toBe(open);
  });

  it('reads the card again on Enter at the empty desk', () => {
    const { flow, effects } = play([{ type: 'forward', atMs: 1000 }]);
    expect(flow.moment).toBe('waiting');
    expect(effects).toEqual([{ kind: 'read-card' }]);
  });

  it('goes back one face at a time and loses nothing', () => {
    const back: DeskEvent = { type: 'back', atMs: 1 };
    const faces = [play(toConfirming).flow];
    for (let step = 0; step < 3; step++) {
      faces.push(deskStep(faces.at(-1) ?? emptyDesk, back).flow);
    }
    expect(faces.map(({ moment }) => moment)).toEqual([
      'confirming',
      'paying',
      'checking',
      'waiting',
    ]);
  });

  it('shows a settlement made elsewhere instead of the button', () => {
    const { flow, effects } = play([
      ...toConfirming,
      previewEvent({ settlement }),
      { type: 'forward', atMs: 9000 },
    ]);
    expect(flow.moment).toBe('settled');
    expect(settles(effects)).toEqual([]);
  });
});

describe('any sequence of keys and events', () => {
  const acts: readonly KeyAct[] = ['forward', 'confirm', 'back', 'next', 'up', 'down'];
  const event = (atMs: number): fc.Arbitrary<DeskEvent> =>
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc
          .constantFrom<KeyAct>('forward', 'confirm', ...acts)
          .map((act) => eventOfKey(act, atMs)),
      },
      { weight: 2, arbitrary: fc.constant(previewEvent({}, atMs)) },
      {
        weight: 1,
        arbitrary: fc.constant(previewEvent({ bill: { ...preview.bill, version: 2 } }, atMs)),
      },
      { weight: 1, arbitrary: fc.constant(previewEvent({ confirmRefusal: notReady }, atMs)) },
      { weight: 1, arbitrary: fc.constant(cardEvent([ownRow], atMs + 1)) },
      {
        weight: 1,
        arbitrary: fc.constant<DeskEvent>({
          type: 'settled',
          settlement,
          atMs,
        }),
      },
      {
        weight: 1,
        arbitrary: fc.constant<DeskEvent>({ type: 'refused', visitId, refusal: notReady, atMs }),
      },
      { weight: 1, arbitrary: fc.constant<DeskEvent>({ type: 'open-visit', visitId }) },
    );
  const story = fc
    .array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 60 })
    .chain((gaps) => {
      let atMs = 0;
      return fc.tuple(...gaps.map((gap) => event((atMs += gap))));
    });

  const start = fc.constantFrom(emptyDesk, play(toPaying).flow);

  it('asks to settle only what was shown, read back and confirmed, at those figures', () => {
    let settled = 0;
    fc.assert(
      fc.property(start, story, (from, events) => {
        let flow = from;
        for (const each of events) {
          const before = flow;
          const step = deskStep(flow, each);
          flow = step.flow;
          for (const effect of step.effects) {
            if (effect.kind !== 'settle') continue;
            settled += 1;
            expect(each.type).toBe('forward');
            expect(before.moment).toBe('confirming');
            expect(before.preview?.confirmRefusal).toBeNull();
            expect(effect.patientPaysFen).toBe(before.preview?.result.patientPaysFen);
            expect(effect.billVersion).toBe(before.preview?.bill.version);
            expect(flow.moment).toBe('settling');
          }
        }
      }),
      { numRuns: runs },
    );
    // Stories that never come to the money would prove nothing.
    expect(settled).toBeGreaterThan(0);
  });

  it('never leaves the screen while money is being settled', () => {
    const settling = play([...toConfirming, { type: 'forward', atMs: 9000 }]).flow;
    fc.assert(
      fc.property(story, (events) => {
        const quiet = events.filter(({ type }) => type !== 'settled' && type !== 'refused');
        const { flow, effects } = play(quiet, settling);
        expect(flow.moment).toBe('settling');
        expect(effects).toEqual([]);
      }),
      { numRuns: runs },
    );
  });
});

function eventOfKey(act: KeyAct, atMs: number): DeskEvent {
  switch (act) {
    case 'forward':
    case 'confirm':
    case 'back':
      return { type: act, atMs };
    case 'up':
      return { type: 'move', by: -1 };
    case 'down':
      return { type: 'move', by: 1 };
    default:
      return { type: 'next-patient' };
  }
}

describe('keys', () => {
  const press = { repeat: false, modified: false, inField: false };

  it('ignores a key held down', () => {
    for (const key of ['Enter', 'F2', 'F8', 'F9', 'F10', 'Escape']) {
      expect(keyAct({ ...press, key, repeat: true }, 'confirming')).toBeNull();
    }
    expect(keyAct({ ...press, key: 'ArrowDown', repeat: true }, 'choosing')).toBe('down');
  });

  it('sends what is typed at the empty desk to the finder, and nothing typed later', () => {
    expect(keyAct({ ...press, key: '4' }, 'waiting')).toBe('type-to-find');
    expect(keyAct({ ...press, key: '张' }, 'waiting')).toBe('type-to-find');
    expect(keyAct({ ...press, key: '4' }, 'paying')).toBeNull();
  });

  it('leaves Enter to the field that is being typed in, but not the function keys', () => {
    expect(keyAct({ ...press, key: 'Enter', inField: true }, 'waiting')).toBeNull();
    expect(keyAct({ ...press, key: 'F8', inField: true }, 'paying')).toBe('confirm');
  });
});

describe('an account that the hospital locks while it is checked', () => {
  const opened = [cardEvent([ownRow]), previewEvent({ locksAccount: true })];
  const why = { code: 'account-hindered', message: notReady.message, remedy: notReady.remedy };
  const lockEvent = (refusal: typeof why | null, atMs = 0, of = visitId): DeskEvent => ({
    ...{ type: 'account-lock', visitId: of, atMs },
    lock: { isLocked: refusal === null, refusal, changes: null },
  });
  const enter = (atMs: number): DeskEvent => ({ type: 'forward', atMs });
  const after = (...events: readonly DeskEvent[]) => play([...opened, ...events]);

  it('is wanted from the first look to the settlement, and for nobody else', () => {
    expect(visitToLock(play([cardEvent([ownRow])]).flow)).toBeNull();
    expect(visitToLock(play([cardEvent([ownRow]), previewEvent()]).flow)).toBeNull();
    const notYet = previewEvent({ locksAccount: true, confirmRefusal: notReady });
    expect(visitToLock(play([cardEvent([ownRow]), notYet]).flow)).toBeNull();
    expect(visitToLock(after().flow)).toBe(visitId);
    const settling = after(
      ...[lockEvent(null), enter(1000), { type: 'confirm', atMs: 2000 } as const, enter(3000)],
    );
    expect(settling.flow.moment).toBe('settling');
    expect(visitToLock(settling.flow)).toBe(visitId);
    const settled = deskStep(settling.flow, { type: 'settled', settlement, atMs: 4000 }).flow;
    expect(visitToLock(settled)).toBeNull();
    expect(visitToLock(after(lockEvent(null), { type: 'back', atMs: 900 }).flow)).toBeNull();
    expect(visitToLock(after(lockEvent(null), { type: 'next-patient' }).flow)).toBeNull();
  });

  it('is waited for before anything is paid', () => {
    expect(after(enter(1000)).flow.moment).toBe('checking');
    expect(after(lockEvent(null), enter(1000)).flow.moment).toBe('paying');
    // What is said of another visit is not said of this one.
    expect(after(lockEvent(null, 0, 'another'), enter(1000)).flow.moment).toBe('checking');
  });

  it('is settled without only after a second look, and the program is told so', () => {
    const once = after(lockEvent(why), enter(1000));
    expect([once.flow.moment, once.flow.accountSeen]).toEqual(['checking', true]);
    // Two keys in one breath are one look.
    expect(play([enter(1100)], once.flow).flow.moment).toBe('checking');
    const twice = play(
      [enter(2000), { type: 'confirm', atMs: 3000 }, { type: 'forward', atMs: 4000 }],
      once.flow,
    );
    expect(settles(twice.effects)).toMatchObject([{ despiteAccount: true }]);
    // Another reason is another look; a lock that came after all needs none.
    expect(
      play([lockEvent({ ...why, code: 'account-lock-no-answer' }, 1500)], once.flow).flow,
    ).toMatchObject({ moment: 'checking', accountSeen: false });
    expect(play([lockEvent(null), enter(2000)], once.flow).flow).toMatchObject({
      ...{ moment: 'paying', accountSeen: false },
    });
  });

  it('that is lost while it is paid goes back to be checked', () => {
    const paying = after(lockEvent(null), enter(1000)).flow;
    expect(play([lockEvent(why, 2000)], paying).flow.moment).toBe('checking');
    const seen = after(lockEvent(why), enter(1000), enter(2000)).flow;
    expect(seen.moment).toBe('paying');
    expect(play([lockEvent(why, 3000)], seen).flow.moment).toBe('paying');
  });

  it('is asked for anew when the visit is opened anew', () => {
    const again = after(lockEvent(why), { type: 'open-visit', visitId }).flow;
    expect([again.accountLock, again.accountSeen, visitToLock(again)]).toEqual([null, false, null]);
  });
});
