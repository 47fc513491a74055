/** Written with a sign that looks like the letter. */
const lookAlikes: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '1': 'i',
  '!': 'i',
  '|': 'l',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
};

/**
 * What the well-known lists of guessed passwords begin with, here and elsewhere: words, names of the trade, Pinyin of
 * what people like to say. With digits and signs before or behind, and with signs for letters, they are as well known.
 */
const words = new Set(
  `a aa aaa abc abcd abcde abcdef abcdefg qwe qwer qwert qwerty qwertyuiop qaz qazwsx qazwsxedc wsx asd asdf asdfg asdfgh
  asdfghjkl zxc zxcv zxcvb zxcvbn zxcvbnm aq aqzsxd pass passwd password passw passwort motdepasse contrasena mima
  admin administrator root user guest test tester demo login welcome hello changeme change default secret master
  super superman supervisor system sys manager operator service server oracle mysql sql sa web www
  hospital clinic doctor nurse cashier window settlement medical health his lis pacs yiyuan yisheng hushi shoufei
  shoufeiyuan yibao jiesuan chuangkou xinxike menzhen zhuyuan caiwu guanliyuan yonghu ceshi
  iloveyou love lovely loveyou woaini aini woaiwojia woaizhongguo wodemima nihao nihaoma china zhongguo beijing shanghai
  dragon monkey letmein football baseball basketball sunshine princess shadow michael jordan charlie donald batman
  trustno computer internet samsung iphone apple huawei xiaomi google baidu tencent qq weixin wechat taobao alibaba
  freedom whatever starwars killer pokemon hunter ranger buster soccer hockey summer winter spring autumn january
  monday flower cookie cheese banana orange ginger pepper silver golden diamond money lucky happy smile angel baby
  zhang wang li zhao liu chen yang huang wu zhou xu sun ma zhu hu lin guo he gao luo zheng liang xie song tang
  zhangsan lisi wangwu zhangwei wangwei wangfang liwei lina zhangmin`.split(/\s+/),
);

/** Rows and columns of the keyboard, and counting: any stretch of three of them is nothing to guess. */
const walks = [
  '01234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol',
  '!qaz@wsx#edc$rfv%tgb^yhn&ujm*ik(ol',
  '!@#$%^&*()',
];

/** Whether it is among the first that anybody tries. */
export function isCommonPassword(password: string): boolean {
  const text = password.normalize('NFKC').toLowerCase();
  return isWellKnown(text) || isWalk(text) || isRepeated(text);
}

function isWellKnown(text: string): boolean {
  const spelt = (of: string): string =>
    of.replaceAll(/[@431!|0$57]/g, (sign) => lookAlikes[sign] ?? '');
  const bare = (of: string): string => of.replaceAll(/^[^a-z]+|[^a-z]+$/g, '');
  // Digits and signs at the ends may stand for letters, or only be hung on: both are tried, as one who guesses does.
  const forms = [
    bare(text),
    bare(spelt(text)),
    spelt(bare(text)),
    spelt(text.replace(/[\d\W_]+$/, '')),
  ];
  if (forms.some((form) => words.has(form))) return true;
  // Dates and numbers alone, with whatever signs between.
  return !/[a-z]|[^\x20-\x7e]/.test(text) && text.replaceAll(/\D/g, '').length >= text.length - 3;
}

/** Made of a few walks over the keyboard and hardly anything else. */
function isWalk(text: string): boolean {
  const stretch = 3;
  let left = text;
  for (let at = 0; at + stretch <= left.length;) {
    let length = longestWalkAt(left, at);
    if (length < stretch) length = 0;
    if (length === 0) at += 1;
    else left = left.slice(0, at) + left.slice(at + length);
  }
  return left.length < 4 && left.length < text.length;
}

function longestWalkAt(text: string, at: number): number {
  let longest = 0;
  for (const walk of walks) {
    for (const way of [walk, [...walk].reverse().join('')]) {
      for (let length = longest + 1; at + length <= text.length; length += 1) {
        if (!way.includes(text.slice(at, at + length))) break;
        longest = length;
      }
    }
  }
  return longest;
}

/** A short piece again and again: `Aa1!Aa1!`. */
function isRepeated(text: string): boolean {
  if (new Set(text).size <= 3) return true;
  for (let size = 1; size <= text.length / 2; size += 1) {
    if (
      text
        .slice(0, size)
        .repeat(Math.ceil(text.length / size))
        .startsWith(text)
    )
      return true;
  }
  return false;
}
