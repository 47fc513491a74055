/**
 * Puts a card of others' making into a virtual reader: "Virtual Smart Card" (Debian: python3-virtualsmartcard)
 * answers every command, and only what is written on the card is ours. For tests.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { CardRecord } from '../social-security-card-files.ts';
import { filesOf, type SocialSecurityCardData } from '../social-security-card-files.ts';

export type ThirdPartyCard = {
  /** Takes it out. */
  remove(): Promise<void>;
};

/** Debian's own Python has Debian's packages, whatever else is installed. */
const python = '/usr/bin/python3';

/**
 * Ends when the reader that waits at this port has the card. `padded: false`: values are as short as what they
 * hold. Throws what the other program says if it cannot start.
 */
export async function insertThirdPartyCard(
  port: number,
  data: SocialSecurityCardData,
  padded = true,
): Promise<ThirdPartyCard> {
  const program = fileURLToPath(new URL('./social_security_card.py', import.meta.url));
  const child = spawn(python, ['-B', program, '--port', String(port)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => {
    said = `${said}${bytes.toString()}`.slice(-2000);
  });
  // Not the end of the program but of what it says.
  const ended = once(child, 'close').then(() => false);
  const isIn = once(createInterface({ input: child.stdout }), 'line').then(() => true);
  const { ef05, ef06 } = filesOf(data, padded);
  child.stdin.end(JSON.stringify({ ef05: ef05.map(written), ef06: ef06.map(written) }));
  if (!(await Promise.race([isIn, ended]))) throw new Error(`the card did not start: ${said}`);
  return {
    async remove() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function written({ tag, value }: CardRecord): { readonly tag: number; readonly value: string } {
  return { tag, value: Buffer.from(value).toString('hex') };
}
