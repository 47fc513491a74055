import { testCardReaderContract } from './card-reader-contract.test-support.ts';
import { makeCardReader } from './open-reader.ts';
import { systemReaderClock } from './port.ts';

const done = () => Promise.resolve();

testCardReaderContract('sim://', () => {
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
    misbehave: (how) => {
      simulated.misbehave(how);
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
});
