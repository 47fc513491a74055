import { describe, expect, it } from 'vitest';

import { keyAct, type KeyPress } from './key-act.ts';

const press = (key: string, how: Partial<KeyPress> = {}): KeyPress => ({
  key,
  repeat: false,
  modified: false,
  inField: false,
  ...how,
});

describe('a key at the desk', () => {
  it.each([
    ['F1', 'help'],
    ['F2', 'read-again'],
    ['F3', 'find'],
    ['F6', 'bill'],
    ['F7', 'tenders'],
    ['F8', 'confirm'],
    ['F9', 'print-again'],
    ['F10', 'next'],
    ['F11', 'proxy'],
    ['Escape', 'back'],
  ])('%s means %s, also from within a field, and once however long it is held', (key, act) => {
    expect(keyAct(press(key), 'paying')).toBe(act);
    expect(keyAct(press(key, { inField: true }), 'paying')).toBe(act);
    expect(keyAct(press(key, { repeat: true }), 'paying')).toBeNull();
    expect(keyAct(press(key, { modified: true }), 'paying')).toBeNull();
  });

  it('Enter is the filled button, but not in a field and not held down', () => {
    expect(keyAct(press('Enter'), 'confirming')).toBe('forward');
    expect(keyAct(press('Enter', { inField: true }), 'confirming')).toBeNull();
    expect(keyAct(press('Enter', { repeat: true }), 'confirming')).toBeNull();
  });

  it('arrows move among visits, and repeat', () => {
    expect(keyAct(press('ArrowDown', { repeat: true }), 'choosing')).toBe('down');
    expect(keyAct(press('ArrowUp'), 'choosing')).toBe('up');
    expect(keyAct(press('ArrowUp'), 'paying')).toBeNull();
  });

  it('a character typed at the empty desk is for the finder, nowhere else', () => {
    expect(keyAct(press('张'), 'waiting')).toBe('type-to-find');
    expect(keyAct(press('a', { inField: true }), 'waiting')).toBeNull();
    expect(keyAct(press('a'), 'paying')).toBeNull();
    expect(keyAct(press(' '), 'waiting')).toBeNull();
    expect(keyAct(press('F5'), 'waiting')).toBeNull();
  });
});
