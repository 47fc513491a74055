export const faultNames = [
  'lost-request',
  'lost-answer',
  'delay',
  '5xx-after-commit',
  'duplicate',
  'reorder',
  'partial',
  'wrong-total',
  'code-0-with-error',
  'malformed',
  'sign-in-expired',
  'certificate-expired',
  'disk-full',
  'cut-at',
  'busy',
  'busy-after-commit',
  'success-words',
  'refused-without-name',
] as const;
export type FaultName = (typeof faultNames)[number];

/** A fault that is due: `amount` is the bytes of `cut-at`, the milliseconds of `delay`. */
export type Fault = { readonly name: FaultName; readonly amount: number };

type Planned = Fault & { left: number };

/** Reads `NAME`, `NAME=K` and `NAME*COUNT`; without a count a fault stays until faults are set anew. */
export function readFault(given: string): Planned | null {
  const match = /^([a-z0-9-]+?)(?:=(\d+))?(?:\*(\d+))?$/.exec(given);
  const name = faultNames.find((each) => each === match?.[1]);
  if (match === null || name === undefined || (name === 'cut-at' && match[2] === undefined))
    return null;
  return {
    name,
    amount: Number(match[2] ?? 3000),
    left: match[3] === undefined ? Infinity : Number(match[3]),
  };
}

/** The faults in force: those asked for by name, one after another; then those drawn from a seed. */
export class FaultPlan {
  #planned: Planned[] = [];
  readonly #hits = new Map<FaultName, number>();
  #random: {
    state: number;
    readonly percent: number;
    readonly names: readonly FaultName[];
  } | null = null;

  /** False if a fault has no such name; then nothing is changed. */
  set(faults: readonly string[]): boolean {
    const planned = faults.map(readFault);
    if (planned.some((each) => each === null)) return false;
    this.#planned = planned.filter((each) => each !== null);
    this.#random = null;
    return true;
  }

  /** Draws a fault for `percent` of the messages, always the same ones for a seed. */
  seed(seed: number, percent: number, names: readonly FaultName[]): void {
    this.#planned = [];
    this.#random = { state: seed >>> 0, percent, names };
  }

  /** How often each fault befell a message since the program began. */
  get hits(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#hits);
  }

  /** The fault that befalls the next message, if any. */
  next(): Fault | null {
    const fault = this.#choose();
    if (fault !== null) this.#hits.set(fault.name, (this.#hits.get(fault.name) ?? 0) + 1);
    return fault;
  }

  #choose(): Fault | null {
    const due = this.#planned.find(({ left }) => left > 0);
    if (due !== undefined) {
      due.left -= 1;
      return due;
    }
    const random = this.#random;
    if (random === null || random.names.length === 0 || this.#draw(100) >= random.percent)
      return null;
    const name = random.names[this.#draw(random.names.length)] ?? 'lost-answer';
    return { name, amount: name === 'delay' ? 3000 : this.#draw(200) };
  }

  #draw(below: number): number {
    if (this.#random === null) return 0;
    // Numerical Recipes' generator: its high bits are random enough to choose faults by.
    this.#random.state = (Math.imul(this.#random.state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#random.state / 2 ** 32) * below);
  }
}
