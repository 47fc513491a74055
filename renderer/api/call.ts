import type { CallAnswer, CallCode, CopiedState } from '../../shared/contracts/contract.ts';
import type { ContractName } from '../../shared/contracts/contract-names.ts';
import {
  contracts,
  type InputOf,
  type OutputOf,
  type RefusalOf,
} from '../../shared/contracts/contracts.ts';
import { declareRefusals } from '../../shared/domain/declare-refusals.ts';
import type { Result } from '../../shared/domain/result.ts';
import type { DeskBridge } from './bridge.ts';

/** Why the page itself does not make a call, or has no answer to it. */
type PageCode = 'connection-lost' | 'page-locked';

/** Makes a call by its contract; what comes back is held against it. Never throws: trouble is a refusal. */
export type Call = <Name extends ContractName>(
  name: Name,
  input: InputOf<Name>,
) => Promise<Result<OutputOf<Name>, RefusalOf<Name> | CallCode | PageCode>>;

/**
 * The calls of the page. `onKept` hears of each that kept anything whether that is in the second place, whichever call it
 * was and before its answer.
 */
export function callOver(bridge: DeskBridge, onKept: (copied: CopiedState) => void): Call {
  return async (name, input) => {
    try {
      const answer = (await bridge.call(name, input)) as CallAnswer<
        unknown,
        RefusalOf<typeof name> | CallCode
      >;
      if (answer.secondPlace !== undefined) onKept(answer.secondPlace);
      if (!answer.ok) return { ok: false, refusal: answer.refusal };
      const value = contracts[name].output.parse(answer.value) as OutputOf<typeof name>;
      return { ok: true, value };
    } catch {
      return { ok: false, refusal: pageRefusal('connection-lost') };
    }
  };
}

/** What the page says by itself, without the program. */
export const pageRefusal = declareRefusals({
  /** The line broke: whether the last step was done is for the program to say once it is back. */
  'connection-lost': {
    message: {
      zh: '与程序的连接断开，这一步的结果还不知道。',
      en: 'The connection to the program was lost; the outcome of this step is not known yet.',
    },
    money: 'see-patient',
    remedy: {
      zh: '连接恢复后请重新打开该患者：已结算的会直接显示结算单，不会重复收取。',
      en: 'When it is back open the patient again: a settled visit shows its settlement and is never charged twice.',
    },
  },
  /** Nobody sits here any more, and the program has not heard of it: it would do it in the name of who has left. */
  'page-locked': {
    message: {
      zh: '窗口已经锁定，程序还没有收到，这一步没有做。',
      en: 'This window is locked, of which the program has not heard yet: this step was not done.',
    },
    money: 'none',
    remedy: {
      zh: '连接恢复后请登录，再做一次。',
      en: 'Sign in once the connection is back, and do it again.',
    },
  },
});
