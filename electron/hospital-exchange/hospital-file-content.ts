import type { HospitalFile } from '../database/hospital-files-repository.ts';

/** What a file for the hospital's system is called. */
export function fileNameOf({
  settlementId,
  kind,
}: Pick<HospitalFile, 'settlementId' | 'kind'>): string {
  return `${settlementId}.${kind}.json`;
}

/** Its bytes. */
export function contentOf(payload: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(payload)}\n`, 'utf8');
}
