import { describe, it } from 'vitest';
import { expectAgreement, ownPack } from './agree.test-support.ts';
import { settleJiujiang2023 } from './jiujiang-2023.reference.ts';

const pack = await ownPack('jiujiang-2023');

describe('Jiujiang 2023', () => {
  it('agrees with a second calculation on random visits', () => {
    expectAgreement(pack, settleJiujiang2023, { neverPays: ['critical-illness'] });
  });
});
