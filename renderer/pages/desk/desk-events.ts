import type {
  CardOnPlate,
  IdentityQuestionView,
  ProxyView,
  VisitRow,
} from '../../../shared/contracts/desk.ts';
import type { SettlementView, VisitPreview } from '../../../shared/contracts/settlement.ts';
import type { Refusal } from '../../../shared/domain/result.ts';
import type { Tender } from '../../../shared/domain/visit.ts';
import type { Fen } from '../../../shared/money/fen.ts';
import type { AccountLockEvent } from './account-lock-flow.ts';

/** What the page has to do because of a step. */
export type Effect =
  | { readonly kind: 'load'; readonly visitId: string }
  /** The cashier says that it is this person: kept first, then the visit opens. */
  | { readonly kind: 'confirm-person'; readonly question: IdentityQuestionView }
  /** Nobody says that it is this person: the visit may be settled without a card; `thenLoad` where it opens now. */
  | { readonly kind: 'set-question-aside'; readonly visitId: string; readonly thenLoad: boolean }
  /** A card put down while the last patient was served is waiting on the plate. */
  | { readonly kind: 'look-at-card' }
  | { readonly kind: 'read-card' }
  | {
      readonly kind: 'settle';
      readonly visitId: string;
      readonly billVersion: number;
      readonly patientPaysFen: Fen;
      readonly tenders: readonly Tender[];
      readonly despiteAccount: boolean;
    };

/** What happens at the desk: keys, cards, answers. */
export type DeskEvent =
  | {
      readonly type: 'card';
      readonly card: CardOnPlate;
      readonly asked: boolean;
      readonly atMs: number;
    }
  | { readonly type: 'choose'; readonly visits: readonly VisitRow[]; readonly atMs: number }
  | { readonly type: 'open-visit'; readonly visitId: string }
  | { readonly type: 'person-confirmed'; readonly visitId: string }
  | { readonly type: 'proxy'; readonly visitId: string; readonly proxy: ProxyView }
  | { readonly type: 'move'; readonly by: number }
  | {
      readonly type: 'preview';
      readonly visitId: string;
      readonly preview: VisitPreview;
      readonly atMs: number;
    }
  | {
      readonly type: 'refused';
      readonly visitId: string | null;
      readonly refusal: Refusal;
      readonly atMs: number;
    }
  | { readonly type: 'forward'; readonly atMs: number }
  | { readonly type: 'confirm'; readonly atMs: number }
  | { readonly type: 'tenders'; readonly tenders: readonly Tender[] }
  | {
      readonly type: 'settled';
      readonly settlement: SettlementView;
      /** The second place does not have it yet. */
      readonly atMs: number;
    }
  | { readonly type: 'settlement'; readonly settlement: SettlementView }
  | AccountLockEvent
  | { readonly type: 'back'; readonly atMs: number }
  /** The cashier looks for the patient by hand. */
  | { readonly type: 'find' }
  | { readonly type: 'next-patient' };
