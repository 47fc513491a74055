import { describe, expect, it } from 'vitest';
import { foreignCard2017, residentCard, withCheckCharacter } from './invented-cards.ts';
import { SamVModule } from './sam-v-module.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const shown = (bytes: Iterable<number>) =>
  Array.from(bytes, (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');

/** A module, and what it said since it was last asked. */
function newModule() {
  const said: number[] = [];
  const module = new SamVModule((bytes) => said.push(...bytes));
  const ask = async (request: string): Promise<string> => {
    said.length = 0;
    module.receive(hex(request));
    await new Promise((resolve) => setTimeout(resolve, 1));
    return shown(said);
  };
  return { module, ask };
}

const find = 'AA AA AA 96 69 00 03 20 01 22';
const select = 'AA AA AA 96 69 00 03 20 02 21';
const read = 'AA AA AA 96 69 00 03 30 01 32';
const address = 'AA AA AA 96 69 00 03 30 03 30';

describe('the simulated module, byte for byte as the published frames', () => {
  it('answers an empty plate', async () => {
    const { ask } = newModule();
    expect(await ask(find)).toBe('AA AA AA 96 69 00 04 00 00 80 84');
    expect(await ask(select)).toBe('AA AA AA 96 69 00 04 00 00 81 85');
    expect(await ask(read)).toBe('AA AA AA 96 69 00 04 00 00 41 45');
    expect(await ask('AA AA AA 96 69 00 03 10 FF EC')).toBe('AA AA AA 96 69 00 04 00 00 90 94');
    expect(await ask('AA AA AA 96 69 00 03 11 FF ED')).toBe('AA AA AA 96 69 00 04 00 00 90 94');
  });

  it('finds, selects and reads a card, and does not find it again until it is lifted', async () => {
    const { module, ask } = newModule();
    module.place(residentCard);
    expect(await ask(find)).toBe('AA AA AA 96 69 00 08 00 00 9F 00 00 00 00 97');
    expect(await ask(select)).toBe('AA AA AA 96 69 00 0C 00 00 90 00 00 00 00 00 00 00 00 9C');
    const answer = await ask(read);
    expect(answer.split(' ')).toHaveLength(1295);
    expect(answer.startsWith('AA AA AA 96 69 05 08 00 00 90 01 00 04 00 20 5F 09 4E')).toBe(true);
    expect(await ask(address)).toBe('AA AA AA 96 69 00 04 00 00 91 95');
    expect(await ask(find)).toBe('AA AA AA 96 69 00 04 00 00 80 84');
    module.lift();
    expect(await ask(address)).toBe('AA AA AA 96 69 00 04 00 00 41 45');
    module.place(residentCard);
    expect(await ask(find)).toContain('9F');
  });

  it('sends fingerprints in a frame of 2321 bytes', async () => {
    const { module, ask } = newModule();
    module.place(residentCard);
    await ask(find);
    await ask(select);
    const answer = await ask('AA AA AA 96 69 00 03 30 10 23');
    expect(answer.split(' ')).toHaveLength(2321);
    expect(answer.startsWith('AA AA AA 96 69 09 0A 00 00 90 01 00 04 00 04 00')).toBe(true);
  });

  it('refuses a damaged command and one it does not know', async () => {
    const { ask, module } = newModule();
    expect(await ask('AA AA AA 96 69 00 03 20 01 21')).toBe('AA AA AA 96 69 00 04 00 00 10 14');
    expect(await ask('AA AA AA 96 69 00 03 77 77 03')).toBe('AA AA AA 96 69 00 04 00 00 21 25');
    expect(module.report().badCommands).toBe(1);
  });

  it('misbehaves as told', async () => {
    const { module, ask } = newModule();
    module.misbehave({ unauthorised: true });
    expect(await ask(find)).toBe('AA AA AA 96 69 00 04 00 00 66 62');
    module.misbehave({ selfTestFails: true });
    expect(await ask('AA AA AA 96 69 00 03 11 FF ED')).toBe('AA AA AA 96 69 00 04 00 00 60 64');
    module.misbehave({ badChecks: 1, noiseBefore: '0011AAAA' });
    expect(await ask(find)).toBe('00 11 AA AA AA AA AA 96 69 00 04 00 00 80 7B');
    expect(await ask(find)).toBe('00 11 AA AA AA AA AA 96 69 00 04 00 00 80 84');
    module.misbehave({ silences: 1 });
    expect(await ask(find)).toBe('');
    expect(await ask(find)).not.toBe('');
  });

  it('understands a command that comes in pieces with noise around it', async () => {
    const { module, ask } = newModule();
    expect(await ask('01 02 AA AA AA')).toBe('');
    expect(await ask('AA 96 69 00 03 20')).toBe('');
    expect(await ask('01 22 AA')).toBe('AA AA AA 96 69 00 04 00 00 80 84');
    expect(module.report().commands).toEqual({ find: 1 });
  });

  it('lays the fields of a 2017 card for foreigners out to exactly 256 bytes', async () => {
    const { module, ask } = newModule();
    module.place(foreignCard2017);
    await ask(find);
    await ask(select);
    const bytes = hex(await ask(read));
    const text = Buffer.from(bytes.subarray(14, 14 + 256)).toString('utf16le');
    expect(text).toHaveLength(128);
    expect(text.slice(61, 76)).toBe('CAN110175022801');
    expect(text[124]).toBe('I');
  });
});

describe('the check character of an invented number', () => {
  it('is the published one', () => {
    expect(withCheckCharacter('52010219900101123')).toBe('52010219900101123X');
    expect(withCheckCharacter('43062619500101001')).toBe('430626195001010016');
  });
});
