import { describe, it } from 'vitest';
import { expectAgreement, ownPack } from './agree.test-support.ts';
import { settleNational2022 } from './national-2022.reference.ts';

const pack = await ownPack('national-2022');

describe('The national frame of 2022', () => {
  it('agrees with a second calculation on random visits', () => {
    expectAgreement(pack, settleNational2022);
  });
});
