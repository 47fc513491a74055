import type { CallAnswer } from '../../shared/contracts/contract.ts';
import type { DevState } from './dev-state.ts';

type Parts = {
  readonly state: (
    name: string,
    keys: readonly string[],
    answers?: DevState['answers'],
  ) => DevState;
  readonly ok: (value: unknown) => CallAnswer<unknown>;
  /** Nobody's card lies there. */
  readonly empty: DevState['answers'];
};

/** The finder where it finds nobody: why that may be, and the bills that were fetched. */
export function findingStates({ state, ok, empty }: Parts): readonly DevState[] {
  const nobody = {
    ...empty,
    'visits:find': ok({ visits: [], more: false }),
    'visits:fetch': ok({ bills: 'taken' }),
  };
  return [
    state('nobody-found', ['z', 'wait', '@fetch-bills'], nobody),
    state('nobody-found-english', ['@language', 'F3', 'z', 'wait'], nobody),
  ];
}
