export {
  catalogueClasses,
  chargeCategories,
  hospitalLevels,
  hospitalTypes,
  isChargeCategory,
  tenderKinds,
  visitKinds,
  type CatalogueClass,
  type ChargeCategory,
  type HospitalLevel,
  type HospitalType,
  type TenderKind,
  type VisitKind,
} from './closed-values.ts';

import type { Fen } from '../money/fen.ts';
import type { TenderKind } from './closed-values.ts';

// What a visit and its parts are is declared once, with how JSON writes them; here are the types alone.
export type {
  Approval,
  Blocker,
  ChargeLine,
  CodeAndName,
  DepositReceipt,
  Diagnosis,
  EarlierParts,
  Hospital,
  PayerFigures,
  Procedure,
  Referral,
  Visit,
  VisitTotals,
} from './shapes/visit-shape.ts';
export type { Day, DecimalRatio } from './shapes/leaves.ts';

export type Tender = { readonly kind: TenderKind; readonly amountFen: Fen };
