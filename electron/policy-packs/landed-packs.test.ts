import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { packFingerprint } from './pack-fingerprint.ts';
import { includedFile } from './pack-includes.ts';

/**
 * The text of every version of a pack that hospitals may have settled by. A landed one is never edited: a folder that
 * knows it refuses to settle by another text of the same name. A new version is a new line, in any order; the line to
 * add stands in the message of the test that misses it.
 */
const landed: Readonly<Record<string, string>> = {
  'anhui-351@1.0.0': '2635d9932c9b312230aef5ff0d1810470d535a570c5d06f2b4bd6e295350db36',
  'baishan-2017@1.0.0': '1dfc4f0fc7047bf4f779f40940d0ae7dad6909bb1e8de27cbad38c3c83fb247b',
  'guyuan-2017@1.0.0': 'e6784801f9b2f214c1dfea3022c6937c0ead9fa4e13edecc7010c319113c0be2',
  'guyuan-general-2017@1.0.0': '1ef919daacac60c4524000d589589eb6049ca6b8741e4d4829d75a15746d851d',
  'jiujiang-2023@1.0.0': 'cb4cea734f24f2843a1efae59db59aa283e234f75a00dd47c59979b96cb1d512',
  'liangdang@1.0.0': '60fcdf8f209d032de5641c5155f5903156f86483093677ac6467cbb7a8c8163b',
  'luzhou-2017@1.0.0': '6c5c68bf18c5cfc7d9f62191200b3faf32c690a06f18676540eb1d6ea967afcd',
  'nanchang-2025@1.0.0': '06dd533a2cc51954d78032eae14b0f96a7cd51c0e9ee4fdf109513eca8a8d4e4',
  'national-2022@1.0.0': 'f589df3f37ea44bea1365cfe4f8e713be08599c5f89732d359aa834281f35949',
  'pingjiang-2017@1.0.0': 'ca31b2531ee8b510ec7148cb1b0bf2d44d79718ba0be432e17d5b226aeb323bc',
  'qingxu-2014@1.0.0': 'd744be3808636e4a2bab03e042bb0077f258aadf9d2e34d009a60cf26a94a090',
  'tiered-care-city-2015@1.0.0': 'bd0e91a0949dcf5f4320e8c9afcacc5b703e23b759abf0690a138c71066453ed',
  'tiered-care-township@1.0.0': '85505cd6c073fcaad14dbc572ca8af0144b453231e49f6bfd9bd61fde7c9d618',
  'anhui-351@1.1.0': '835c8649c615a1bf4f7267e5a36e973d5cf701dfaa249ae22c1cd7276b76adc8',
  'baishan-2017@1.1.0': 'bf9fde52a8f3a0fd00d1e37f38e2baa94a43e635a2d7e0ec08414ae31303355b',
  'guyuan-2017@1.1.0': '76b4c1574d09ed77c14a32af4521662936dfbbd40913ed599158bb017e9ca2a0',
  'guyuan-general-2017@1.1.0': 'debafe378069f09baac574b951a0cddcf52be9b5262141a5c9dbe1ad7b509542',
  'jiujiang-2023@1.1.0': '0b4623ceaa86d3648aa642680469d51e6a23d2a33567924d6ee08445dedda39e',
  'liangdang@1.1.0': '7529014966e37df618c4aba32474e848307fabe5a00a85ea2446ae744a28e125',
  'luzhou-2017@1.1.0': '931d50537ff797c5da762975f7ac613afc55a2b4b39e7a22a2deaf3ebd71339c',
  'pingjiang-2017@1.1.0': '330da0944e3c45b076838df75c2cab30d74779463a31d182e64ddd9cfd21f08d',
  'tiered-care-city-2015@1.1.0': '19faed1c8f326ef42c46d2e06325998075c8527e78c4371a9d6aa2b6ca274b1c',
};

const folder = path.resolve(import.meta.dirname, '../../shared/policy-packs');
const texts = new Map(
  globSync('*/*/pack.yaml', { cwd: folder }).map((file) => {
    const [id = '', version = ''] = file.split(path.sep);
    const text = readFileSync(path.join(folder, file), 'utf8');
    const included = includedFile(path.join(folder, file), text);
    const shared = included === null ? null : readFileSync(included, 'utf8');
    return [`${id}@${version}`, packFingerprint(text, shared)];
  }),
);

const lineOf = (name: string) => `'${name}': '${texts.get(name) ?? ''}',`;

describe('a landed version of a pack', () => {
  it.each(Object.keys(landed))('says to the letter what it said: %s', (name) => {
    expect([name, texts.get(name)]).toEqual([name, landed[name]]);
  });

  it('is listed here as soon as a higher version stands beside it', () => {
    const idOf = (name: string) => name.slice(0, name.indexOf('@'));
    const byId = Map.groupBy(texts.keys(), idOf);
    const superseded = [...byId.values()].flatMap((names) =>
      names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).slice(0, -1),
    );
    const missing = superseded.filter((name) => landed[name] === undefined).map(lineOf);
    expect(missing, `add:\n${missing.join('\n')}`).toEqual([]);
  });

  it('would be noticed if a single sign of it were another', () => {
    const [name = '', sha256] = Object.entries(landed)[0] ?? [];
    const [id = '', version = ''] = name.split('@');
    const text = readFileSync(path.join(folder, id, version, 'pack.yaml'), 'utf8');
    expect(packFingerprint(text)).toBe(sha256);
    expect(packFingerprint(text.replaceAll('\n', '\r\n'))).toBe(sha256);
    expect(packFingerprint(text.replace(/\d/, '9').concat(' '))).not.toBe(sha256);
  });
});
