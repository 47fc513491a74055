export { shareBases, type ShareBase } from './closed-values.ts';

// What a result is is declared once, with how JSON writes it; here are the types alone.
export type {
  CoarseUnit,
  RatedPart,
  RatioTenThousandths,
  SettlementResult,
  Share,
  ShareLimit,
  TraceNode,
} from './shapes/result-shape.ts';

/** Payers every pack knows; a pack may define more. */
export const knownPayers = [
  'basic-medical-insurance',
  'critical-illness-insurance',
  'supplementary-insurance',
  'medical-assistance',
  'hospital-reduction',
  'government-guarantee',
  'commercial-insurance',
  'public-health-subsidy',
  'charity',
] as const;
