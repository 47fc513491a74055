import { describe, expect, it } from 'vitest';
import { refused } from '../../../shared/domain/result.ts';
import { testCardReaderContract } from '../card-reader-contract.test-support.ts';
import { cardRefusal } from '../card.ts';
import { socialSecurityCardsUnderTest } from '../cards-under-test.test-support.ts';
import { systemReaderClock, type CardReaderEvent } from '../port.ts';
import {
  socialSecurityCard,
  thirdGenerationCard,
} from '../simulator/social-security-card-examples.ts';
import {
  SocialSecurityCard,
  type SocialSecurityCardManners,
} from '../simulator/social-security-card.ts';
import { ContactCardReader } from './contact-card-reader.ts';
import { MemorySlot } from './memory-slot.test-support.ts';
import { timeByTurns } from '../../transport/time-by-turns.test-support.ts';

timeByTurns();

const url = 'test://slot';
const done = () => Promise.resolve();

testCardReaderContract('of contact cards', socialSecurityCardsUnderTest, () => {
  const slot = new MemorySlot();
  return Promise.resolve({
    reader: new ContactCardReader({ url, slot, clock: systemReaderClock, polls: true }),
    place: (data) => {
      slot.insert(new SocialSecurityCard(data));
      return done();
    },
    lift: () => {
      slot.pull();
      return done();
    },
    unplug: () => {
      slot.unplug();
      return done();
    },
    plug: () => {
      slot.plug();
      slot.insert(new SocialSecurityCard(socialSecurityCard));
      return done();
    },
    dispose: done,
  });
});

describe('a card in the slot', () => {
  async function openReader() {
    const slot = new MemorySlot();
    const reader = new ContactCardReader({ url, slot, clock: systemReaderClock, polls: true });
    const events: CardReaderEvent[] = [];
    reader.on((event) => events.push(event));
    await reader.open();
    const insert = (how: SocialSecurityCardManners = {}, data = socialSecurityCard): void => {
      slot.insert(
        new SocialSecurityCard(data, how, () => {
          slot.pull();
        }),
      );
    };
    return { slot, reader, events, insert };
  }

  it('that cannot be read is told once, with what to do', async () => {
    const { events, insert, reader } = await openReader();
    insert({}, thirdGenerationCard);
    await expect.poll(() => events.length).toBe(1);
    expect(events[0]).toMatchObject({ type: 'refused', refusal: { code: 'needs-authentication' } });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(events).toHaveLength(1);
    await reader.close();
  });

  it('that is pulled half read and put in again is read the second time', async () => {
    const { events, insert, reader } = await openReader();
    insert({ pulledAtCommand: 5 });
    await expect.poll(() => events.at(-1)?.type).toBe('refused');
    expect(events.at(-1)).toMatchObject({ refusal: { code: 'card-removed' } });
    insert();
    await expect.poll(() => events.at(-1)?.type).toBe('card');
    await reader.close();
  });

  it('that is upside down says so', async () => {
    const { insert, reader } = await openReader();
    insert({ mute: true });
    const read = await reader.read({ deadlineMs: 500 });
    expect(read).toMatchObject({ ok: false, refusal: { code: 'card-not-recognised' } });
    await reader.close();
  });

  it('is read once by itself and again when asked', async () => {
    const { events, insert, reader, slot } = await openReader();
    insert();
    await expect.poll(() => events.at(-1)?.type).toBe('card');
    const before = slot.commands.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(slot.commands).toHaveLength(before);
    expect(await reader.read({ deadlineMs: 500 })).toMatchObject({ ok: true });
    slot.pull();
    expect(events.at(-1)).toEqual({ type: 'removed' });
    await reader.close();
  });

  it('whose reader tells of thousands of cards is read once more, however many came meanwhile', async () => {
    const slot = new MemorySlot();
    let reads = 0;
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    slot.powerOn = async () => {
      reads += 1;
      await held;
      return refused(cardRefusal('no-card'));
    };
    const reader = new ContactCardReader({ url, slot, clock: systemReaderClock, polls: true });
    await reader.open();
    for (let times = 0; times < 5000; times += 1) {
      slot.insert(new SocialSecurityCard(socialSecurityCard));
      slot.pull();
    }
    slot.insert(new SocialSecurityCard(socialSecurityCard));
    release();
    // Its turn comes behind all that waits.
    await reader.read({ deadlineMs: 0 });
    expect(reads).toBeLessThanOrEqual(3);
    await reader.close();
  });
});
