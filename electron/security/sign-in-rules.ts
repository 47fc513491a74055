import type { FolderFactsRepository } from '../database/folder-facts-repository.ts';

/**
 * What a hospital may set about passwords and signing in. Where nothing is set, what the grading of information systems
 * (GB/T 22239, level 3) and those who check it ask for; ASVS forbids two of them (kinds of characters, a term), which
 * are switched off with 1 and 0.
 */
export type SignInRules = {
  /** How many characters a new password has at least. */
  readonly 'password-length': number;
  /** Of how many kinds they are at least: small letters, capitals, digits, others. */
  readonly 'password-classes': number;
  /** After how many days it is changed; 0: never. */
  readonly 'password-days': number;
  /** How many earlier ones are not used again. */
  readonly 'password-history': number;
  /** After how many failures in a row a user is locked. */
  readonly 'sign-in-failures': number;
  /** For how many seconds. */
  readonly 'sign-in-lock-seconds': number;
  /** After how many idle minutes a page locks. */
  readonly 'idle-minutes': number;
};

export type SignInRule = keyof SignInRules;

type Range = { readonly usual: number; readonly least: number; readonly most: number };

/** No rule can be set so that it stops protecting, or so that nobody comes in. */
export const signInRanges: Readonly<Record<SignInRule, Range>> = {
  'password-length': { usual: 8, least: 8, most: 32 },
  'password-classes': { usual: 3, least: 1, most: 4 },
  'password-days': { usual: 90, least: 0, most: 3650 },
  'password-history': { usual: 5, least: 0, most: 24 },
  'sign-in-failures': { usual: 5, least: 3, most: 20 },
  'sign-in-lock-seconds': { usual: 300, least: 30, most: 86_400 },
  'idle-minutes': { usual: 10, least: 1, most: 120 },
};

export const signInRuleNames: readonly SignInRule[] = [
  'password-length',
  'password-classes',
  'password-days',
  'password-history',
  'sign-in-failures',
  'sign-in-lock-seconds',
  'idle-minutes',
];

export const isSignInRule = (name: string): name is SignInRule =>
  (signInRuleNames as readonly string[]).includes(name);

/** A rule's value as a text that may be set; null where it may not. */
export function readRule(name: SignInRule, text: string): number | null {
  const { least, most } = signInRanges[name];
  const value = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  return value >= least && value <= most ? value : null;
}

/** The folder's rules; what was kept otherwise than the settings keep it counts as not set. */
export async function readSignInRules(
  facts: Pick<FolderFactsRepository, 'all'>,
): Promise<SignInRules> {
  const kept = await facts.all();
  const rule = (name: SignInRule): number => {
    const text = kept[name];
    return (typeof text === 'string' ? readRule(name, text) : null) ?? signInRanges[name].usual;
  };
  return {
    'password-length': rule('password-length'),
    'password-classes': rule('password-classes'),
    'password-days': rule('password-days'),
    'password-history': rule('password-history'),
    'sign-in-failures': rule('sign-in-failures'),
    'sign-in-lock-seconds': rule('sign-in-lock-seconds'),
    'idle-minutes': rule('idle-minutes'),
  };
}

/** The setting that says where the keys of client certificates lie: a folder of a stick, usually. */
export const keyFolderSetting = 'sign-in-certificates';

/** That folder; null where none is set, and then nobody's certificate can be shown. */
export async function readKeyFolder(
  facts: Pick<FolderFactsRepository, 'all'>,
): Promise<string | null> {
  const folder = (await facts.all())[keyFolderSetting];
  return typeof folder === 'string' && folder !== '' ? folder : null;
}
