import type { z } from 'zod';

import type {
  CallAnswer,
  CallCode,
  Contract,
  CopiedState,
  Role,
} from '../../shared/contracts/contract.ts';
import { contractNames, type ContractName } from '../../shared/contracts/contract-names.ts';
import {
  contracts,
  type InputOf,
  type OutputOf,
  type RefusalOf,
} from '../../shared/contracts/contracts.ts';
import type { Refusal, RefusalCodeOf, Result } from '../../shared/domain/result.ts';
import { allAsShown } from '../../shared/domain/written-text.ts';
import { whetherKept } from '../database/units-kept.ts';
import { securityRefusal } from '../security/security-refusals.ts';
import { callRefusal } from './call-refusals.ts';

/** Who makes a call, and from which page: known from the page's session, never from the call itself. */
export type Caller = {
  readonly sessionId: string;
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
};

/** A page at which nobody has signed in, or somebody whose account is no more. */
export type NobodySignedIn = { readonly sessionId: string; readonly userId: null };

export type WhoAsks = Caller | NobodySignedIn;

/** Who makes the call of a contract: somebody who signed in, unless it is about signing in. */
type CallerOf<Name extends ContractName> = true extends (typeof contracts)[Name]['takesNobody']
  ? WhoAsks
  : Caller;

/** What stands behind each contract. */
export type CallHandlers = {
  readonly [Name in ContractName]: (
    input: InputOf<Name>,
    caller: CallerOf<Name>,
  ) => Promise<Result<OutputOf<Name>, RefusalOf<Name>>>;
};

/**
 * The same handlers, if each can give every refusal that its contract promises. `CallHandlers` asks that a handler
 * gives no other; this asks for the reverse, and the error of the compiler names the code that nothing gives.
 */
type AllThatIsPromised<Handlers extends CallHandlers> = {
  readonly [Name in ContractName]: [
    Exclude<RefusalOf<Name>, RefusalCodeOf<Handlers[Name]>>,
  ] extends [never]
    ? Handlers[Name]
    : { readonly promisedAndNeverGiven: Exclude<RefusalOf<Name>, RefusalCodeOf<Handlers[Name]>> };
};

/** Handlers whose contracts promise the page what they give, no more and no less. */
export function asPromised<Handlers extends CallHandlers>(
  handlers: Handlers & AllThatIsPromised<Handlers>,
): CallHandlers {
  return handlers;
}

/** Told of every fault of the program, with a short number that the page shows to the IT clerk. */
export type FaultListener = (fault: { number: string; call: string; problem: unknown }) => void;

/** Turns a known exception (a locked database) into a refusal; null: it is a fault. */
export type ProblemInWords = (problem: unknown) => Refusal<CallCode> | null;

/**
 * The one place that lets a call through, for Electron and for the host: the name is one of the contracts,
 * the caller's role may make it, the input is what was stated (unknown fields are refused), and what goes
 * back is what was stated too. A call that kept anything waits, bounded, until that is in the second place (`copied`), and
 * says whether it is.
 */
export function makeCallDoor(
  handlers: CallHandlers,
  problemInWords: ProblemInWords,
  onFault: FaultListener,
  makeFaultNumber: () => string,
  copied: () => Promise<CopiedState>,
): (
  name: string,
  input: unknown,
  from: WhoAsks | Promise<WhoAsks>,
) => Promise<CallAnswer<unknown>> {
  /** What was kept stays kept: where nobody can say whether it was copied, it was not yet. */
  const whetherCopied = (name: string): Promise<CopiedState> =>
    copied().catch((problem: unknown) => {
      onFault({ number: makeFaultNumber(), call: name, problem });
      return 'not-yet';
    });
  return async (name, input, from) => {
    try {
      const caller = await from;
      if (!isContractName(name)) return refusal(callRefusal('unknown-call', { name }));
      const stated: Contract = contracts[name];
      if (caller.userId === null) {
        if (stated.takesNobody !== true) return refusal(securityRefusal('not-signed-in'));
      } else if (!stated.roles.includes(caller.role))
        return refusal(securityRefusal('not-allowed', { name: caller.name }));
      const parsed = stated.input.safeParse(input);
      if (!parsed.success) return refusal(badInput(parsed.error));
      // Each handler takes its own contract's input, which is what was just parsed.
      const handle: (input: never, caller: never) => Promise<Result<unknown>> = handlers[name];
      const { value: answer, keptAnything } = await whetherKept(() =>
        handle(parsed.data as never, caller as never),
      );
      // Also what a refusal left behind is waited for: an audit entry of who was turned away.
      const kept = keptAnything ? { secondPlace: await whetherCopied(name) } : {};
      if (!answer.ok) return { ...refusal(answer.refusal), ...kept };
      // What others wrote is shown among our own words: nothing in it turns or steers a line.
      return { ok: true, value: allAsShown(stated.output.parse(answer.value)), ...kept };
    } catch (problem) {
      const known = problemInWords(problem);
      if (known !== null) return refusal(known);
      const number = makeFaultNumber();
      onFault({ number, call: name, problem });
      return refusal(callRefusal('program-fault', { number }));
    }
  };
}

function isContractName(name: string): name is ContractName {
  return (contractNames as readonly string[]).includes(name);
}

function refusal(reason: Refusal): CallAnswer<never> {
  return allAsShown<CallAnswer<never>>({
    ok: false,
    refusal: {
      code: reason.code,
      message: reason.message,
      ...(reason.place === undefined ? {} : { place: reason.place }),
      remedy: reason.remedy,
      ...(reason.details === undefined ? {} : { details: [...reason.details] }),
    },
  });
}

function badInput({ issues: [first] }: z.ZodError): Refusal<'bad-input'> {
  const place = `/${(first?.path ?? []).map(String).join('/')}`;
  return callRefusal('bad-input', { place, problem: first?.message ?? '' });
}
