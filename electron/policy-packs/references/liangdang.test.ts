import { describe, it } from 'vitest';
import { expectAgreement, ownPack } from './agree.test-support.ts';
import { settleLiangdang } from './liangdang.reference.ts';

const pack = await ownPack('liangdang');

describe('Liangdang', () => {
  it('agrees with a second calculation on random visits', () => {
    expectAgreement(pack, settleLiangdang);
  });
});
