import { describe, expect, it } from 'vitest';

import { en } from './en.ts';
import { zh } from './zh.ts';

/** `{{count}}` and `<amount>`, in the order of the alphabet: the places a text fills in. */
const placesIn = (text: string): readonly string[] =>
  [...text.matchAll(/\{\{\s*(\w+)\s*\}\}|<(\w+)\s*\/?>/g)]
    .map((match) => match[1] ?? match[2] ?? '')
    .sort();

/** English has a text for one and one for many, where Chinese has a single one. */
const base = (key: string): string => key.replace(/_(one|other)$/, '');

describe('the texts of the page', () => {
  const english: Readonly<Record<string, string>> = en;
  const chinese: Readonly<Record<string, string>> = zh;

  it('are there in both languages', () => {
    const keys = (texts: Readonly<Record<string, string>>) =>
      [...new Set(Object.keys(texts).map(base))].sort();
    expect(keys(english)).toEqual(keys(chinese));
    const empty = [...Object.entries(english), ...Object.entries(chinese)].filter(
      ([, text]) => text.trim() === '',
    );
    expect(empty).toEqual([]);
  });

  it('fill in the same places', () => {
    const differing = Object.entries(english).filter(([key, text]) => {
      const other = chinese[key] ?? chinese[base(key)] ?? '';
      return placesIn(text).join() !== placesIn(other).join();
    });
    expect(differing.map(([key]) => key)).toEqual([]);
  });
});
