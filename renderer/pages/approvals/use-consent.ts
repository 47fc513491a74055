import { useState } from 'react';

import type { InputOf, OutputOf } from '../../../shared/contracts/contracts.ts';
import type { Refusal, Result } from '../../../shared/domain/result.ts';
import type { DeskBridge } from '../../api/bridge.ts';
import type { Call } from '../../api/call.ts';
import { useSupervisor, type SupervisorBeside } from '../../components/supervisor-fields.tsx';
import type { ListedRequest } from './request-acts.ts';
import { useRequests } from './use-requests.ts';

type Asked = Pick<InputOf<'second-person:ask'>, 'act' | 'about'>;

/** The consent of a second person to one act: of who stands beside, or of who approved a request before. */
export type ConsentAtDesk = {
  readonly supervisor: SupervisorBeside;
  /** What was asked for already, and is neither used nor over. */
  readonly request: ListedRequest | null;
  /** The same once a supervisor has approved it. */
  readonly approved: ListedRequest | null;
  /** Why the last try was refused. */
  readonly refusal: Refusal | null;
  /** Leaves a request for whoever comes; answers whether it waits now. */
  readonly ask: (reason: string) => Promise<boolean>;
  /** Does the act with the consent there is; null: there is none yet, or it was refused. */
  readonly give: <Value>(
    act: (consent: GivenConsent) => Promise<Result<Value>>,
  ) => Promise<Value | null>;
};

type GivenConsent = ReturnType<SupervisorBeside['take']> | { readonly requestId: string };

export function useConsent(bridge: DeskBridge, call: Call, { act, about }: Asked): ConsentAtDesk {
  const supervisor = useSupervisor();
  const { requests, read } = useRequests(bridge, call);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const request = requests?.find((each) => isOpenFor(each, { act, about })) ?? null;
  const approved = request?.state === 'approved' ? request : null;
  return {
    ...{ supervisor, request, approved, refusal },
    async ask(reason) {
      const answer = await call('second-person:ask', { act, about, reason });
      setRefusal(answer.ok ? null : answer.refusal);
      if (answer.ok) read();
      return answer.ok;
    },
    async give(work) {
      if (approved === null && !supervisor.isNamed) return null;
      const consent = approved === null ? supervisor.take() : { requestId: approved.requestId };
      const answer = await work(consent);
      setRefusal(answer.ok ? null : answer.refusal);
      if (answer.ok) return answer.value;
      supervisor.heard(answer.refusal);
      return null;
    },
  };
}

type Request = OutputOf<'second-person:list'>['requests'][number];

function isOpenFor({ isOwn, state, ...request }: Request, { act, about }: Asked): boolean {
  const isOpen = state === 'pending' || state === 'approved';
  return isOwn && isOpen && request.act === act && request.about === about;
}
