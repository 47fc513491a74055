import type { z } from 'zod';

import type { CallAnswer, Contract, Role } from '../../shared/contracts/contract.ts';
import { contractNames, type ContractName } from '../../shared/contracts/contract-names.ts';
import { contracts, type InputOf, type OutputOf } from '../../shared/contracts/contracts.ts';
import type { Refusal, Result } from '../../shared/domain/result.ts';

/** Who makes a call: known from the session, never from the call itself. */
export type Caller = { readonly userId: string; readonly name: string; readonly role: Role };

/** What stands behind each contract. */
export type CallHandlers = {
  readonly [Name in ContractName]: (
    input: InputOf<Name>,
    caller: Caller,
  ) => Promise<Result<OutputOf<Name>>>;
};

/** Told of every fault of the program, with a short number that the page shows to the IT clerk. */
export type FaultListener = (fault: { number: string; call: string; problem: unknown }) => void;

/** Turns a known exception (a locked database) into a refusal; null: it is a fault. */
export type ProblemInWords = (problem: unknown) => Refusal | null;

/**
 * The one place that lets a call through, for Electron and for the host: the name is one of the contracts,
 * the caller's role may make it, the input is what was stated (unknown fields are refused), and what goes
 * back is what was stated too.
 */
export function makeCallDoor(
  handlers: CallHandlers,
  problemInWords: ProblemInWords,
  onFault: FaultListener,
  makeFaultNumber: () => string,
): (name: string, input: unknown, caller: Caller) => Promise<CallAnswer<unknown>> {
  return async (name, input, caller) => {
    if (!isContractName(name)) return refusal(unknownCall(name));
    const stated: Contract = contracts[name];
    if (!stated.roles.includes(caller.role)) return refusal(notAllowed(caller));
    const parsed = stated.input.safeParse(input);
    if (!parsed.success) return refusal(badInput(parsed.error));
    try {
      // Each handler takes its own contract's input, which is what was just parsed.
      const handle: (input: never, caller: Caller) => Promise<Result<unknown>> = handlers[name];
      const answer = await handle(parsed.data as never, caller);
      if (!answer.ok) return refusal(answer.refusal);
      return { ok: true, value: stated.output.parse(answer.value) };
    } catch (problem) {
      const known = problemInWords(problem);
      if (known !== null) return refusal(known);
      const number = makeFaultNumber();
      onFault({ number, call: name, problem });
      return refusal(fault(number));
    }
  };
}

function isContractName(name: string): name is ContractName {
  return (contractNames as readonly string[]).includes(name);
}

function refusal(reason: Refusal): CallAnswer<never> {
  return {
    ok: false,
    refusal: {
      code: reason.code,
      message: reason.message,
      ...(reason.place === undefined ? {} : { place: reason.place }),
      ...(reason.remedy === undefined ? {} : { remedy: reason.remedy }),
      ...(reason.details === undefined ? {} : { details: [...reason.details] }),
    },
  };
}

const unknownCall = (name: string): Refusal => ({
  code: 'unknown-call',
  message: {
    zh: '页面与程序的版本不一致，这一步没有执行，没有动钱。',
    en: `The page asked for something this program does not offer: ${name.slice(0, 60)}. No money moved.`,
  },
  remedy: {
    zh: '请刷新页面；仍不行请联系信息科。',
    en: 'Reload the page; if it stays, call the IT clerk.',
  },
});

const notAllowed = (caller: Caller): Refusal => ({
  code: 'not-allowed',
  message: {
    zh: `${caller.name} 的岗位不能做这一步，没有执行，没有动钱。`,
    en: `${caller.name} may not do this; nothing was done and no money moved.`,
  },
  remedy: { zh: '请由有权限的同事登录后操作。', en: 'Ask a colleague who may.' },
});

const badInput = (error: z.ZodError): Refusal => {
  const first = error.issues[0];
  return {
    code: 'bad-input',
    message: {
      zh: '页面送来的内容不完整或不正确，没有执行，没有动钱。',
      en: `What the page sent is not what was agreed: ${first?.message ?? ''}. No money moved.`,
    },
    place: `/${(first?.path ?? []).map(String).join('/')}`,
    remedy: { zh: '请刷新页面再试。', en: 'Reload the page and try again.' },
  };
};

const fault = (number: string): Refusal => ({
  code: 'program-fault',
  message: {
    zh: `程序内部出错（编号 ${number}）。已确认的结算都已存好；刚才这一步是否完成，请看该患者的当前状态。`,
    en: `The program failed (number ${number}). Whatever was confirmed is stored; look at the patient's present state to see whether this step was done.`,
  },
  remedy: {
    zh: '请重新打开该患者核对；已结算的会直接显示结算单。请把编号告诉信息科。',
    en: 'Open the patient again: a settled visit shows its settlement. Tell the IT clerk the number.',
  },
});
