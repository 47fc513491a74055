import type { Words } from '../../shared/domain/result.ts';
import { isCommonPassword } from './common-password.ts';
import type { SignInRules } from './sign-in-rules.ts';

/** More than anybody types; sixty-four and more are allowed. */
export const passwordLengthMax = 256;

/** What is wrong with a new password, each with the words for the one who chose it. */
export type PasswordProblem =
  | 'too-short'
  | 'too-long'
  | 'too-few-kinds'
  | 'not-typable'
  | 'names-user'
  | 'common'
  | 'used-before';

/** Everything that is wrong but that it was used before, which only its hashes tell; none: it may be one. */
export function problemsOfPassword(
  password: string,
  { userId, name }: { readonly userId: string; readonly name: string },
  rules: SignInRules,
): readonly PasswordProblem[] {
  const text = password.normalize('NFKC');
  const length = Array.from(text).length;
  const problems: PasswordProblem[] = [];
  if (length < rules['password-length']) problems.push('too-short');
  if (length > passwordLengthMax) return ['too-long'];
  if (!password.isWellFormed() || /[\p{Cc}\p{Cn}]/u.test(text)) problems.push('not-typable');
  if (kindsIn(text) < rules['password-classes']) problems.push('too-few-kinds');
  if (holds(text, userId) || holds(text, name)) problems.push('names-user');
  if (isCommonPassword(text)) problems.push('common');
  return problems;
}

function kindsIn(text: string): number {
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{Ll}\p{Lu}\p{Nd}]/u];
  return kinds.filter((kind) => kind.test(text)).length;
}

/** Forwards or backwards, whatever the case; one letter is in nearly every password. */
function holds(text: string, part: string): boolean {
  const [within, sought] = [text.toLowerCase(), part.toLowerCase().replaceAll(/\s/g, '')];
  if (Array.from(sought).length < 2) return false;
  return within.includes(sought) || within.includes(Array.from(sought).reverse().join(''));
}

/** What each is called, for the one who has to choose another. */
export function problemWords(problem: PasswordProblem, rules: SignInRules): Words {
  switch (problem) {
    case 'too-short':
      return {
        zh: `至少要 ${String(rules['password-length'])} 个字符`,
        en: `at least ${String(rules['password-length'])} characters are needed`,
      };
    case 'too-long':
      return {
        zh: `最多 ${String(passwordLengthMax)} 个字符`,
        en: `${String(passwordLengthMax)} characters at most`,
      };
    case 'too-few-kinds':
      return {
        zh: `大写字母、小写字母、数字、符号中至少要有 ${String(rules['password-classes'])} 种`,
        en: `it needs ${String(rules['password-classes'])} of: capitals, small letters, digits, signs`,
      };
    case 'not-typable':
      return { zh: '含有键盘打不出的字符', en: 'it has characters that cannot be typed' };
    case 'names-user':
      return { zh: '不能含有用户名或姓名', en: "it must not hold the user's id or name" };
    case 'common':
      return { zh: '太常见，一猜就中', en: 'it is among the first that are guessed' };
    case 'used-before':
      return { zh: '以前用过', en: 'it was used before' };
  }
}
