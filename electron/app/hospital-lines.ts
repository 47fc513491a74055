import type { EventTopic } from '../../shared/contracts/contract-names.ts';
import type { Refusal } from '../../shared/domain/result.ts';
import type { HospitalExchangeOptions } from '../hospital-exchange/hospital-exchange.ts';
import { resultsAddressOf } from '../hospital-exchange/results-settings.ts';
import { startHospitalPush, type HospitalPush } from '../hospital-push/hospital-push.ts';
import type { Services } from './services.ts';
import type { Settings } from './settings.ts';

/** What of the hospital's system goes over a line at an open desk; a folder that is only read has no such line. */
type HospitalLines = {
  readonly services: Services;
  readonly settings: Settings;
  readonly isReadingOnly: boolean;
};

/** Where results are called back to, as it is set; null: they go by file. */
export async function resultsTo({
  settings,
  isReadingOnly,
}: HospitalLines): Promise<Exclude<HospitalExchangeOptions['resultsTo'], undefined>> {
  const where = settings['hospital-results-url'];
  if (where === null || isReadingOnly) return null;
  const address = await resultsAddressOf(settings);
  return address === null ? null : { where: new URL(where).origin, address };
}

/** Opens the address for bills, as it is set. */
export function openPushAddress(
  { services, settings, isReadingOnly }: HospitalLines,
  {
    tell,
    onFault,
    inWords,
  }: {
    readonly tell: (topic: EventTopic) => void;
    readonly onFault: (problem: unknown) => void;
    readonly inWords: (problem: unknown) => Refusal;
  },
): Promise<HospitalPush> {
  return startHospitalPush({
    dependencies: services,
    settings: isReadingOnly ? { ...settings, 'hospital-push': null } : settings,
    onTaken: () => {
      tell('visits');
    },
    onFault,
    inWords,
  });
}
