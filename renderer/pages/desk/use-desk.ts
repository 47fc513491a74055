import { useCallback, useEffect, useReducer, useRef, useState } from 'react';

import type { DeskState, IdentityQuestionView } from '../../../shared/contracts/desk.ts';
import type { EventTopic } from '../../../shared/contracts/contract-names.ts';
import type { DeskBridge, Link } from '../../api/bridge.ts';
import type { Call } from '../../api/call.ts';
import type { DeskEvent, Effect } from './desk-events.ts';
import { deskStep, emptyDesk, isUnsure, type DeskFlow } from './desk-flow.ts';
import { useAccountLock } from './use-account-lock.ts';

export type Desk = {
  readonly flow: DeskFlow;
  readonly state: DeskState | null;
  readonly link: Link;
  /** Grows whenever the visits may have changed. */
  readonly visitsVersion: number;
  readonly send: (event: DeskEvent) => void;
  readonly readCard: () => void;
  /** A scanner that types has scanned something. */
  readonly takeScan: (text: string) => void;
  readonly refreshState: () => void;
};

/** The desk's state and its ties to the program: effects are carried out here, topics are asked again here. */
export function useDesk(bridge: DeskBridge, call: Call): Desk {
  const flowRef = useRef<DeskFlow>(emptyDesk);
  const [flow, showFlow] = useReducer((_: DeskFlow, next: DeskFlow) => next, emptyDesk);
  const [state, setState] = useState<DeskState | null>(null);
  const [link, setLink] = useState<Link>('open');
  const [visitsVersion, setVisitsVersion] = useState(0);

  const send = useCallback(
    (event: DeskEvent): void => {
      const take = (next: DeskEvent): void => {
        const step = deskStep(flowRef.current, next);
        flowRef.current = step.flow;
        showFlow(step.flow);
        for (const effect of step.effects) void carryOut(call, effect, take);
      };
      take(event);
    },
    [call],
  );
  const refreshState = useCallback((): void => {
    void call('desk:state', {}).then((answer) => {
      if (answer.ok) setState(answer.value);
    });
  }, [call]);
  const readCard = useCallback((): void => {
    void readCardNow(call, send);
  }, [call, send]);

  const takeScan = useCallback(
    (text: string): void => {
      void call('card:scan', { text }).then((answer) => {
        const atMs = performance.now();
        if (answer.ok) send({ type: 'card', card: answer.value, asked: false, atMs });
        else send({ type: 'refused', visitId: null, refusal: answer.refusal, atMs });
      });
    },
    [call, send],
  );

  useEffect(() => {
    const latestCard = (): void => {
      void lookAtCard(call, send);
    };
    const openAgain = (): void => {
      void refreshOpen(call, flowRef.current, send);
    };
    const onTopic: Readonly<Record<EventTopic, () => void>> = {
      card: latestCard,
      devices: refreshState,
      visits: () => {
        setVisitsVersion((version) => version + 1);
        refreshState();
        openAgain();
      },
      settlements: () => {
        setVisitsVersion((version) => version + 1);
        openAgain();
      },
      'print-jobs': () => {
        refreshState();
        openAgain();
      },
      claims: refreshState,
      replay: nothing,
      'second-person': nothing,
      sessions: nothing,
    };
    const stopEvents = bridge.subscribe(({ topic }) => {
      onTopic[topic]();
    });
    const stopLink = bridge.onLink((next) => {
      setLink(next);
      const { visitId } = flowRef.current;
      // What became of the step that was under way is looked up as soon as the line is back.
      if (next === 'open' && isUnsure(flowRef.current) && visitId !== null)
        send({ type: 'open-visit', visitId });
    });
    refreshState();
    latestCard();
    return () => {
      stopEvents();
      stopLink();
    };
  }, [bridge, call, refreshState, send]);

  useAccountLock(call, flow, send);

  return { flow, state, link, visitsVersion, send, readCard, takeScan, refreshState };
}

/** What the pages beside the desk look at. */
const nothing = (): void => undefined;

async function carryOut(
  call: Call,
  effect: Effect,
  send: (event: DeskEvent) => void,
): Promise<void> {
  if (effect.kind === 'load') {
    await load(call, effect.visitId, send);
    return;
  }
  if (effect.kind === 'look-at-card') {
    await lookAtCard(call, send);
    return;
  }
  if (effect.kind === 'read-card') {
    await readCardNow(call, send);
    return;
  }
  if (effect.kind === 'confirm-person') {
    await confirmPerson(call, effect.question, send);
    return;
  }
  if (effect.kind === 'set-question-aside') {
    await setQuestionAside(call, effect, send);
    return;
  }
  const { visitId, billVersion, patientPaysFen, tenders, despiteAccount } = effect;
  const settled = await call('settlement:settle-visit', {
    visitId,
    billVersion,
    patientPaysFen,
    tenders: [...tenders],
    ...(despiteAccount ? { despiteAccount } : {}),
  });
  const atMs = performance.now();
  if (settled.ok) {
    const { settlement } = settled.value;
    send({ type: 'settled', settlement, atMs });
  } else send({ type: 'refused', visitId, refusal: settled.refusal, atMs });
}

type Send = (event: DeskEvent) => void;

async function lookAtCard(call: Call, send: Send): Promise<void> {
  const answer = await call('card:latest', {});
  if (!answer.ok) return;
  send({ type: 'card', card: answer.value, asked: false, atMs: performance.now() });
}

async function readCardNow(call: Call, send: Send): Promise<void> {
  const answer = await call('card:read', {});
  const atMs = performance.now();
  if (answer.ok) send({ type: 'card', card: answer.value, asked: true, atMs });
  else send({ type: 'refused', visitId: null, refusal: answer.refusal, atMs });
}

async function confirmPerson(
  call: Call,
  { visitId, code }: IdentityQuestionView,
  send: Send,
): Promise<void> {
  const kept = await call('card:confirm-person', { visitId, code });
  const atMs = performance.now();
  if (kept.ok) send({ type: 'person-confirmed', visitId });
  else send({ type: 'refused', visitId: null, refusal: kept.refusal, atMs });
}

async function setQuestionAside(
  call: Call,
  { visitId, thenLoad }: Extract<Effect, { kind: 'set-question-aside' }>,
  send: Send,
): Promise<void> {
  const kept = await call('card:set-question-aside', { visitId });
  if (!thenLoad) return;
  if (kept.ok) await load(call, visitId, send);
  else send({ type: 'refused', visitId, refusal: kept.refusal, atMs: performance.now() });
}

async function load(call: Call, visitId: string, send: (event: DeskEvent) => void): Promise<void> {
  const previewed = await call('settlement:preview', { visitId });
  const atMs = performance.now();
  if (previewed.ok) send({ type: 'preview', visitId, preview: previewed.value, atMs });
  else send({ type: 'refused', visitId, refusal: previewed.refusal, atMs });
}

/** Nothing is trusted across a change: what is open is asked for again. */
async function refreshOpen(
  call: Call,
  flow: DeskFlow,
  send: (event: DeskEvent) => void,
): Promise<void> {
  const { settlement, visitId, moment } = flow;
  if (settlement !== null) {
    const shown = await call('settlement:show', { settlementId: settlement.settlementId });
    if (shown.ok) send({ type: 'settlement', settlement: shown.value });
    return;
  }
  if (visitId === null || !['checking', 'paying', 'confirming'].includes(moment)) return;
  const previewed = await call('settlement:preview', { visitId });
  if (!previewed.ok) return;
  send({ type: 'preview', visitId, preview: previewed.value, atMs: performance.now() });
}
