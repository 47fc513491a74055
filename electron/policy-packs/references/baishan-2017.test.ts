import { describe, it } from 'vitest';
import { expectAgreement, ownPack } from './agree.test-support.ts';
import { settleBaishan2017 } from './baishan-2017.reference.ts';

const pack = await ownPack('baishan-2017');

describe('Baishan 2017', () => {
  it('agrees with a second calculation on random visits', () => {
    expectAgreement(pack, settleBaishan2017);
  });
});
