/** So many calls of one page at once: a browser opens six connections to one desk, so a page of ours never has more. */
const callsAtOnce = 6;

/**
 * The calls of each page in turn. Who has the secret of one page and asks with many connections gets no more work done at a
 * time than a page can ask for; the rest waits behind it, and nobody else does.
 */
export class PageTurns {
  readonly #underWay = new Map<string, number>();
  readonly #waiting = new Map<string, (() => void)[]>();

  /** Ends when it is a call's turn, and tells whether it had to wait; each turn that was taken is given back. */
  async take(page: string): Promise<boolean> {
    const underWay = this.#underWay.get(page) ?? 0;
    if (underWay < callsAtOnce) {
      this.#underWay.set(page, underWay + 1);
      return false;
    }
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const before = this.#waiting.get(page) ?? [];
    this.#waiting.set(page, [
      ...before,
      () => {
        resolve(undefined);
      },
    ]);
    await promise;
    return true;
  }

  /** The turn of a call goes to the next one of its page. */
  giveBack(page: string): void {
    const [next, ...others] = this.#waiting.get(page) ?? [];
    if (others.length === 0) this.#waiting.delete(page);
    else this.#waiting.set(page, others);
    if (next !== undefined) {
      next();
      return;
    }
    const left = (this.#underWay.get(page) ?? 1) - 1;
    if (left === 0) this.#underWay.delete(page);
    else this.#underWay.set(page, left);
  }
}
