import type { Role } from '../../../shared/contracts/contract.ts';
import type { AgeingAsked } from '../../../shared/contracts/intake-lists.ts';
import type { Words } from '../../../shared/domain/result.ts';
import type { DeskBridge } from '../../api/bridge.ts';
import type { Call } from '../../api/call.ts';

/** What each section of the intake page is given. */
export type IntakeSectionProps = {
  readonly bridge: DeskBridge;
  readonly call: Call;
  readonly role: Role;
  /** A demo's users have no password. */
  readonly asksPassword: boolean;
  readonly language: 'zh' | 'en';
  readonly say: (words: Words) => string;
  readonly onBack: () => void;
  /** A window of the page lies over the section: keys are that window's. */
  readonly isCovered: boolean;
  /** Which bills that wait are listed, told to the page, which takes the same along as a file. */
  readonly ageing: AgeingAsked;
  readonly onAgeing: (asked: AgeingAsked) => void;
};

/** The sections, in the order of the arrow keys. */
export const intakeSections = [
  'refused-files',
  'changed-bills',
  'people',
  'bill-questions',
  'results',
  'ageing',
  'trial',
] as const;
export type IntakeSection = (typeof intakeSections)[number];
