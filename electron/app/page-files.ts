import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
};

/** Where the built page is: beside the bundle, or in `out/` when the program runs from its sources. */
export const pageFolder = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../out/page/' : '../page/', import.meta.url),
);

/**
 * What the page may do: run its own scripts and show its own pictures, nothing from elsewhere. `connect` is
 * `'none'` in Electron, where calls go over the bridge. Styles made at run time carry the nonce.
 */
export function contentSecurityPolicy(nonce: string, connect: "'none'" | "'self'"): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * Answers a request of Electron's `app://desk/` from `folder`. Whatever is outside it, is of no known kind
 * or is asked for otherwise than with GET is not there.
 */
export async function answerPageRequest(request: Request, folder = pageFolder): Promise<Response> {
  const file = request.method === 'GET' ? askedFile(request.url, folder) : null;
  const contentType = file === null ? undefined : contentTypes[extname(file)];
  if (file === null || contentType === undefined) return notFound();
  const content = await readFile(file).catch(() => null);
  if (content === null) return notFound();
  const nonce = randomBytes(16).toString('base64');
  const body = file.endsWith('.html')
    ? content.toString('utf8').replaceAll('__CSP_NONCE__', nonce)
    : new Uint8Array(content);
  return new Response(body, {
    headers: {
      'content-type': contentType,
      'content-security-policy': contentSecurityPolicy(nonce, "'none'"),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    },
  });
}

function askedFile(url: string, folder: string): string | null {
  const { host, pathname } = new URL(url);
  if (host !== 'desk') return null;
  try {
    const asked = decodeURIComponent(pathname);
    if (asked.includes('\0')) return null;
    const file = resolve(folder, `.${asked === '/' ? '/index.html' : asked}`);
    return file.startsWith(folder.endsWith(sep) ? folder : folder + sep) ? file : null;
  } catch {
    // Not a way of writing any name.
    return null;
  }
}

const notFound = (): Response => new Response('not found', { status: 404 });
