import { accepted, refused, type Result } from '../../shared/domain/result.ts';
import { isPlainRemote, plainHttpAllowed } from '../base/plain-http.ts';
import { readOwnFile } from '../base/own-file.ts';
import { exchangeRefusal } from './exchange-refusals.ts';
import type { ResultsAddress } from './result-calls.ts';

/** What is set about results that are called back; the names are those of the settings. */
export type ResultsSettings = Readonly<
  Record<
    | 'hospital-results-url'
    | 'hospital-results-secret'
    | 'hospital-results-authority'
    | 'plain-http',
    string | null
  >
>;

/** A shorter secret could be guessed from one result. */
const secretLengthMin = 32;

/** Where results are called back to; null: nowhere, they go by file. */
export async function resultsAddressOf(
  settings: ResultsSettings,
): Promise<Result<ResultsAddress, 'results-address-wrong' | 'results-file-wrong'> | null> {
  const text = settings['hospital-results-url'];
  if (text === null) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  const isPlain = url !== null && isPlainRemote(url) && settings['plain-http'] !== plainHttpAllowed;
  if (url === null || !isResultsUrl(text) || isPlain)
    return refused(exchangeRefusal('results-address-wrong', { url: url?.origin ?? text }));
  const secretFile = settings['hospital-results-secret'];
  const secret = await readOwnFile(secretFile, { isSecret: true });
  const [line = ''] = secret.ok ? secret.text.split(/\r?\n/) : [];
  if (line.length < secretLengthMin) {
    const name = 'hospital-results-secret';
    const why = secret.ok ? 'short' : secret.why;
    return refused(exchangeRefusal('results-file-wrong', { name, why }));
  }
  const authorityFile = settings['hospital-results-authority'];
  if (authorityFile === null) return accepted({ url, secret: line, authority: null });
  const authority = await readOwnFile(authorityFile, { isSecret: false });
  if (authority.ok && authority.text.includes('-----BEGIN CERTIFICATE-----'))
    return accepted({ url, secret: line, authority: authority.text });
  const name = 'hospital-results-authority';
  return refused(
    exchangeRefusal('results-file-wrong', { name, why: authority.ok ? 'wrong' : authority.why }),
  );
}

/** An address without a name, a password or a place in a page. */
export function isResultsUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hash } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '' && hash === '';
}
