/**
 * What runs in the page before its own scripts, as text. Two worlds of the same document, as in Electron:
 * the preload's, which the page cannot see into, and the page's own. They share nothing but the document, so
 * they speak over events on it, which are answered before `dispatchEvent` returns.
 */

/** In both worlds: turns values into text and back; a function becomes a handle of the world that has it. */
const wire = `
  const kept = [];
  const pack = (value) => JSON.stringify(value === undefined ? null : value, (_key, each) =>
    typeof each === 'function' ? { $function: kept.push(each) - 1 } : each);
  const unpackWith = (proxy) => (text) => JSON.parse(text, (_key, each) =>
    each !== null && typeof each === 'object' && '$function' in each ? proxy(each.$function) : each);
  const say = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
  const ask = (name, detail) => {
    let answer;
    const take = (event) => { answer = event.detail; };
    document.addEventListener(name + ':answer', take);
    say(name, detail);
    document.removeEventListener(name + ':answer', take);
    return answer;
  };
  const serve = (name, other) => {
    const unpack = unpackWith((handle) => (...given) => {
      const answer = JSON.parse(ask(other, JSON.stringify({ handle, given: pack(given) })));
      if ('promise' in answer) return new Promise((resolve, reject) => {
        waiting.set(answer.promise, { resolve, reject });
      });
      if ('failed' in answer) throw new Error(answer.failed);
      return unpack(answer.value);
    });
    const waiting = new Map();
    document.addEventListener(name + ':settled', (event) => {
      const { promise, value, failed } = JSON.parse(event.detail);
      const { resolve, reject } = waiting.get(promise);
      waiting.delete(promise);
      if (failed === undefined) resolve(unpack(value)); else reject(new Error(failed));
    });
    let promises = 0;
    document.addEventListener(name, (event) => {
      const { handle, given } = JSON.parse(event.detail);
      const reply = (answer) => say(name + ':answer', JSON.stringify(answer));
      try {
        const result = kept[handle](...unpack(given));
        if (!(result instanceof Promise)) { reply({ value: pack(result) }); return; }
        const promise = (promises += 1);
        reply({ promise });
        result.then(
          (value) => say(other + ':settled', JSON.stringify({ promise, value: pack(value) })),
          (problem) => say(other + ':settled', JSON.stringify({ promise, failed: problem.message })),
        );
      } catch (problem) { reply({ failed: problem.message }); }
    });
    return unpack;
  };
`;

/** The page's world: receives what the preload exposes. */
export const pageWorld = `(() => {
  ${wire}
  const unpack = serve('electron-to-page', 'electron-to-preload');
  document.addEventListener('electron-expose', (event) => {
    const { name, offered } = JSON.parse(event.detail);
    Object.defineProperty(window, name, { value: Object.freeze(unpack(offered)), enumerable: true });
  });
})();`;

/**
 * The preload's world: the built preload as a CommonJS module whose `require` knows `electron` alone, with
 * the two parts of it that a sandboxed preload has. What it invokes leaves through the binding `standInIpc`.
 */
export function preloadWorld(preload: string): string {
  return `(() => {
  ${wire}
  serve('electron-to-preload', 'electron-to-page');
  const answers = new Map();
  const listeners = new Map();
  let invocations = 0;
  const ipcRenderer = {
    invoke: (channel, ...given) => new Promise((resolve, reject) => {
      const id = (invocations += 1);
      answers.set(id, { resolve, reject });
      standInIpc(JSON.stringify({ id, channel, given }));
    }),
    on: (channel, listener) => {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
    },
    off: (channel, listener) => {
      listeners.set(channel, (listeners.get(channel) ?? []).filter((each) => each !== listener));
    },
  };
  globalThis.standInAnswer = ({ id, value, failed }) => {
    const { resolve, reject } = answers.get(id);
    answers.delete(id);
    if (failed === undefined) resolve(value); else reject(new Error(failed));
  };
  globalThis.standInSend = (channel, given) => {
    for (const listener of listeners.get(channel) ?? []) listener({}, ...given);
  };
  const contextBridge = {
    exposeInMainWorld: (name, offered) => {
      say('electron-expose', JSON.stringify({ name, offered: pack(offered) }));
    },
  };
  const require = (name) => {
    if (name !== 'electron') throw new Error('A sandboxed preload cannot require ' + name + '.');
    return { contextBridge, ipcRenderer };
  };
  const module = { exports: {} };
  (function (require, module, exports) {
${preload}
  })(require, module, module.exports);
})();`;
}
