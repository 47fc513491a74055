import type { ContractName } from '../../shared/contracts/contract-names.ts';
import type { Ended, Link } from '../api/bridge.ts';

/** What the program would answer in one state of the desk, and the keys that lead there. */
export type DevState = {
  readonly name: string;
  /** A key a step; `wait` lets the page settle first, `@id` clicks the element with that test id. */
  readonly keys: readonly string[];
  readonly link: Link;
  /** Why the page has ended, where it has. */
  readonly ended?: Ended;
  readonly answers: Readonly<Partial<Record<ContractName, unknown>>>;
};
