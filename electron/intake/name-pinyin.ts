import { pinyin } from 'pinyin-pro';

/** Initials and full pinyin of a name, `zs zhangsan`; what has no reading stands as it is. */
export function namePinyin(name: string): string {
  const syllables = pinyin(name, {
    toneType: 'none',
    type: 'array',
    surname: 'head',
    v: true,
  })
    .map((syllable) => syllable.trim().toLowerCase())
    .filter((syllable) => syllable !== '' && syllable !== '·');
  const initials = syllables.map((syllable) => [...syllable][0] ?? '').join('');
  return `${initials} ${syllables.join('')}`;
}
