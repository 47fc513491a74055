import { useState } from 'react';

import type { Refusal } from '../../shared/domain/result.ts';

/**
 * The PIN of a client certificate: asked for once an answer asked for it. The answer asks everybody who does not come in, so
 * the field says nothing of who has a certificate.
 */
export function usePin(known = '') {
  const [pin, setPin] = useState(known);
  const [isAsked, setIsAsked] = useState(known !== '');
  return {
    pin,
    setPin,
    isAsked,
    /** What goes with the call. */
    given: pin === '' ? {} : { pin },
    heard: ({ code }: Refusal): void => {
      setPin('');
      if (code === 'certificate-asked' || code === 'certificate-missing') setIsAsked(true);
    },
  };
}
