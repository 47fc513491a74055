import { randomBytes } from 'node:crypto';

/**
 * What somebody else may have left in a browser under the desk's address, from when he had its port: the desk has no service
 * worker, so a browser that asks for the script of one has a stranger's. This script takes its place, ends it and loads the
 * pages it held anew.
 */
export const workerThatEnds = `// Another address than it has: with the token behind it the same one would only scroll the page.
const anew = (url) => url.replace(/[?].*?(?=#|$)|(?=#)|$/, '?anew');
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => {
  event.waitUntil(
    self.registration
      .unregister()
      .then(() => self.clients.matchAll({ type: 'window' }))
      .then((pages) => Promise.allSettled(pages.map((page) => page.navigate(anew(page.url))))),
  );
});
`;

/** Whether a browser asks for the script of a service worker; no page can say so itself. */
export function asksForWorker(headers: Readonly<Record<string, unknown>>): boolean {
  return headers['service-worker'] === 'script';
}

const scriptsOfPage = /^\/[0-9a-f]{32}(?=\/assets\/)/;

/**
 * The scripts and styles of the page, for the life of this program, under a folder nobody guesses: what is cached under the
 * names everybody knows from the build is not asked for. A page of an earlier start still finds its own.
 */
export function scriptsApart(): {
  readonly inPage: (html: string) => string;
  readonly asBuilt: (url: string) => string;
} {
  const folder = randomBytes(16).toString('hex');
  return {
    inPage: (html) => html.replaceAll('"./assets/', `"./${folder}/assets/`),
    asBuilt: (url) => url.replace(scriptsOfPage, ''),
  };
}
