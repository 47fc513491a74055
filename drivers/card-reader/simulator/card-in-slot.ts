/** A simulated card with a chip, as the simulated slots see it: virtual PC/SC reader or CCID on a serial line. */
export interface CardInSlot {
  /** The answer to reset, whole; null: the card stays mute. Called at every power-on and reset. */
  powerOn(): Uint8Array | null;
  powerOff(): void;
  /** A command and the card's answer with both status bytes; null: it never answers this one. */
  receive(command: Uint8Array): Uint8Array | null;
}
