import type { SettlementResult } from '../../shared/domain/settlement-result.ts';

/** Where the claim on a pack's destination goes: several may share one, on the platform they sit behind. */
export type ClaimDestinations = { readonly destinationOf?: (destination: string) => string };

/** Where the claim on a pack's destination goes; each has its own where nothing else is configured. */
export function claimedAt(destination: string, channels: ClaimDestinations | undefined): string {
  return channels?.destinationOf?.(destination) ?? destination;
}

/** Who is asked for money, in the order of the steps, each once. */
export function destinationsOf(
  { shares }: Pick<SettlementResult, 'shares'>,
  channels: ClaimDestinations | undefined,
): readonly string[] {
  const owing = shares.filter(({ amountFen }) => amountFen > 0);
  return [...new Set(owing.map(({ destination }) => claimedAt(destination, channels)))];
}
