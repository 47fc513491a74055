import type { Role } from '../../../shared/contracts/contract.ts';
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
};

/** The sections, in the order of the arrow keys. */
export const intakeSections = [
  'refused-files',
  'changed-bills',
  'people',
  'bill-questions',
  'results',
  'trial',
] as const;
export type IntakeSection = (typeof intakeSections)[number];
