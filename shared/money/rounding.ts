export const roundingUnits = ['fen', 'jiao', 'yuan', 'ten-yuan'] as const;
export type RoundingUnit = (typeof roundingUnits)[number];

export const roundingModes = ['half-up', 'half-even', 'up', 'down'] as const;
export type RoundingMode = (typeof roundingModes)[number];

/** To what an amount is rounded and which way. Rounding is always an argument, never a habit. */
export type Rounding = { readonly unit: RoundingUnit; readonly mode: RoundingMode };

/** What the charge lines are rounded by (contract: each half-up to the fen). */
export const fenHalfUp: Rounding = { unit: 'fen', mode: 'half-up' };

/** How many fen one unit is. */
export const fenPerUnit: Readonly<Record<RoundingUnit, number>> = {
  fen: 1,
  jiao: 10,
  yuan: 100,
  'ten-yuan': 1000,
};

/** The name of a rounding as the result states it, e.g. `ten-yuan/half-up`. */
export function roundingName(rounding: Rounding): string {
  return `${rounding.unit}/${rounding.mode}`;
}
