import { listClaims, type ListedClaim } from '../claims/list-claims.ts';
import {
  uploadClaims,
  type UploadAnswer,
  type UploadCall,
  type UploadCode,
  type UploadDependencies,
} from '../claims/upload-claims.ts';
import type { Store } from '../database/store.ts';
import type { Result } from '../../shared/domain/result.ts';

/** `upload [--payer ID] [--business-date D] [--payers URL] [--dry-run]`. */
export function uploadCommand(
  dependencies: UploadDependencies,
  call: UploadCall,
): Promise<Result<UploadAnswer, UploadCode>> {
  return uploadClaims(dependencies, call);
}

/** `claims [--state S] [--payer ID]`. */
export function claimsCommand(
  dependencies: { readonly store: Store },
  call: { readonly state?: string; readonly payer?: string },
): Promise<Result<readonly ListedClaim[], 'unknown-claim-state'>> {
  return listClaims(dependencies, call);
}
