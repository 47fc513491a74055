import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownPacksFolder } from '../../electron/policy-packs/load-packs.ts';
import { readPackText } from '../../electron/policy-packs/read-pack-file.ts';
import type { PackDocument } from '../policy/pack/pack-schema.ts';
import { stepsReachingFurther } from './reaching-further.ts';

function documentIn(text: string): PackDocument {
  const reading = readPackText('pack.yaml', text);
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.document;
}

const found = (document: PackDocument) =>
  stepsReachingFurther(document).map(({ code, about }) => `${code} ${about}`);

function ownPack(id: string, version: string): PackDocument {
  return documentIn(readFileSync(join(ownPacksFolder(), id, version, 'pack.yaml'), 'utf8'));
}

describe('a step that reaches further than those before it', () => {
  it('is told of the pack whose insurance had no figure for hospitals outside the province (W2)', () => {
    expect(found(ownPack('guyuan-2017', '1.0.0'))).toEqual([
      'reaches-further critical-illness',
      'reaches-further medical-assistance',
      'reaches-further government-guarantee',
    ]);
    // Where the pack itself is for those levels alone nothing reaches further.
    expect(found(ownPack('guyuan-2017', '1.1.0'))).toEqual([]);
  });

  it('is none that stands for other visits beside it', () => {
    expect(found(ownPack('liangdang', '1.2.0'))).toEqual([]);
  });

  it('is none that asks the same', () => {
    const document = ownPack('baishan-2017', '1.1.0');
    expect(found(document)).toEqual([]);
    const [first, second, third] = document.steps;
    if (first === undefined || second === undefined || third === undefined)
      throw new Error('steps');
    const further = { ...third };
    delete further.requires;
    const steps = [first, second, further] as PackDocument['steps'];
    expect(found({ ...document, steps })).toEqual(['reaches-further medical-assistance']);
  });
});

describe('an exception that a later step lacks', () => {
  it('is told: what the exception takes from one step the next one pays', () => {
    const document = ownPack('national-2022', '1.1.0');
    expect(found(document)).toEqual([]);
    const modifiers = (document.modifiers ?? []).map((modifier) => ({
      ...modifier,
      disable: { steps: ['medical-assistance'] },
    }));
    expect(found({ ...document, modifiers })).toEqual(['exception-not-shared tilt-assistance']);
  });
});
