import { useCallback, useEffect, useState } from 'react';

import type { Role } from '../../../shared/contracts/contract.ts';
import { contracts } from '../../../shared/contracts/contracts.ts';
import type { Refusal } from '../../../shared/domain/result.ts';
import type { DeskBridge } from '../../api/bridge.ts';
import type { Call } from '../../api/call.ts';
import { waitingFor, type ListedRequest } from './request-acts.ts';

type Requests = {
  readonly requests: readonly ListedRequest[] | null;
  readonly refusal: Refusal | null;
  readonly read: () => void;
};

/** What takes a second person, asked again whenever it may have changed. */
export function useRequests(bridge: DeskBridge, call: Call): Requests {
  const [requests, setRequests] = useState<readonly ListedRequest[] | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const read = useCallback((): void => {
    void call('second-person:list', {}).then((answer) => {
      setRefusal(answer.ok ? null : answer.refusal);
      if (answer.ok) setRequests(answer.value.requests);
    });
  }, [call]);
  useEffect(() => onTopic(bridge, read), [bridge, read]);
  return { requests, refusal, read };
}

/** How much waits for whoever sits here, also while another page is shown; 0 for those who have no say in it. */
export function useWaiting(
  bridge: DeskBridge,
  call: Call,
  user: { readonly id: string; readonly role: Role } | null,
): number {
  const [counted, setCounted] = useState({ userId: '', waiting: 0 });
  const { id = '', role = null } = user ?? {};
  useEffect(() => {
    const allowed: readonly Role[] = contracts['second-person:ask'].roles;
    if (role === null || !allowed.includes(role)) return undefined;
    return onTopic(bridge, () => {
      void call('second-person:list', {}).then((answer) => {
        if (answer.ok) setCounted({ userId: id, waiting: waitingFor(answer.value.requests, role) });
      });
    });
  }, [bridge, call, id, role]);
  // What was counted for somebody else is nobody's affair here.
  return counted.userId === id ? counted.waiting : 0;
}

function onTopic(bridge: DeskBridge, act: () => void): () => void {
  act();
  return bridge.subscribe(({ topic }) => {
    if (topic === 'second-person') act();
  });
}
