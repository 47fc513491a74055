/** One holder at a time, the others in the order they came. */
export type Mutex = { acquire(): Promise<void>; release(): void };

export function createMutex(): Mutex {
  const queue: (() => void)[] = [];
  let held = false;
  return {
    acquire() {
      if (!held) {
        held = true;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        queue.push(resolve);
      });
    },
    release() {
      const next = queue.shift();
      if (next === undefined) held = false;
      else next();
    },
  };
}
