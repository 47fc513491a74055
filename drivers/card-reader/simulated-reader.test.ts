import { testCardReaderContract } from './card-reader-contract.test-support.ts';
import { idCardsUnderTest } from './cards-under-test.test-support.ts';
import { makeCardReader } from './open-reader.ts';
import { systemReaderClock } from './port.ts';
import { timeByTurns } from '../transport/time-by-turns.test-support.ts';

timeByTurns();

const done = () => Promise.resolve();

testCardReaderContract(
  'sim://',
  idCardsUnderTest,
  () => {
    const made = makeCardReader('sim://demo', { clock: systemReaderClock, polls: true });
    if (!made.ok || made.value.simulated === null) throw new Error('no simulated reader');
    const { reader, simulated } = made.value;
    return Promise.resolve({
      reader,
      place: (card) => {
        simulated.placeCard(card);
        return done();
      },
      lift: () => {
        simulated.liftCard();
        return done();
      },
      damage: (answers) => {
        simulated.misbehave({ badChecks: answers });
        return done();
      },
      unplug: () => {
        simulated.unplug();
        return done();
      },
      plug: () => {
        simulated.plug();
        return done();
      },
      dispose: done,
    });
  },
  'can be damaged',
);
