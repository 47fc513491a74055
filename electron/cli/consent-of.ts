import type { Consent } from '../security/second-person.ts';
import { textOption, type Callers, type CommandCall } from './command.ts';

/** Whose consent a command has: who stands beside and has signed in, a request approved before, or nobody's. */
export function consentOf(call: CommandCall, { approvedBy }: Callers): Consent {
  const requestId = textOption(call, 'request');
  if (requestId !== undefined) return { kind: 'request', requestId };
  const reason = textOption(call, 'emergency');
  if (reason !== undefined) return { kind: 'emergency', reason };
  return { kind: 'present', approvedBy: approvedBy?.userId ?? '' };
}
