import { useEffect, useRef, useState } from 'react';

import type { OutputOf } from '../../../shared/contracts/contracts.ts';
import type { CalculatorForm } from '../../../shared/contracts/policies.ts';
import type { Refusal } from '../../../shared/domain/result.ts';
import type { Call } from '../../api/call.ts';

export type Calculated = OutputOf<'policies:calculate'>;

/** So long a pause in typing starts a calculation: each key on its own would only flicker. */
const pauseMs = 120;

/**
 * What a pack makes of a form, always the newest: an answer that was overtaken is dropped, and the last
 * good one stays on the screen while the next is calculated.
 */
export function useCalculation(
  call: Call,
  { pack, version }: { readonly pack: string; readonly version: string },
  caseIndex: number,
  form: CalculatorForm | null,
): {
  readonly calculated: Calculated | null;
  /** What is shown is not of what the form says now. */
  readonly isStale: boolean;
  readonly refusal: Refusal | null;
} {
  const [calculated, setCalculated] = useState<Calculated | null>(null);
  const [of, setOf] = useState<CalculatorForm | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const asked = useRef(0);
  useEffect(() => {
    const timer = window.setTimeout(
      () => {
        asked.current += 1;
        const own = asked.current;
        void call('policies:calculate', { pack, version, caseIndex, form }).then((answer) => {
          if (own !== asked.current) return;
          setRefusal(answer.ok ? null : answer.refusal);
          if (!answer.ok) return;
          setCalculated(answer.value);
          setOf(form);
        });
      },
      form === null ? 0 : pauseMs,
    );
    return () => {
      window.clearTimeout(timer);
    };
  }, [call, pack, version, caseIndex, form]);
  return { calculated, isStale: calculated !== null && of !== form, refusal };
}
