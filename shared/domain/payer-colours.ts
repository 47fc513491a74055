/**
 * One colour per payer, the same on screen, on paper and in charts. Taken from palettes that colour-blind
 * people can tell apart, and ordered so that neighbours in a bar also differ in lightness.
 */
const payerColours: Readonly<Record<string, string>> = {
  'basic-medical-insurance': '#0072b2',
  'critical-illness-insurance': '#56b4e9',
  'supplementary-insurance': '#004d40',
  'medical-assistance': '#e69f00',
  'hospital-reduction': '#009e73',
  'government-guarantee': '#d55e00',
  'commercial-insurance': '#cc79a7',
  'public-health-subsidy': '#b2a000',
  charity: '#882255',
};

/** The patient's own part: ink, not a colour. */
export const patientColour = '#2b2f36';

/** What the hospital itself bears beyond a quota: no payer's colour. */
export const hospitalColour = '#9aa1ab';

/** A payer only one pack knows. */
const otherPayerColour = '#6f7783';

export function payerColour(payer: string): string {
  return payerColours[payer] ?? otherPayerColour;
}
