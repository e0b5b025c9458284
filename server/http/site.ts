import { open, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { classroomPolicy, contentSecurityPolicy, PolicyCache } from './csp.ts';
import { codeOf } from '../error-code.ts';
import { sendText } from './headers.ts';

/** Serves one built page, script, style, font or picture. */
export type Site = (request: IncomingMessage, response: ServerResponse, host: string) => Promise<void>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.gz': 'application/gzip',
  '.txt': 'text/plain; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
};

/** The worker in which a learner's server runs, see docs/why-exercises-run-in-a-frame.md. */
const CLASSROOM = /^[/\\]_astro[/\\]classroom\.worker-[\w-]+\.js$/;

const NOT_BUILT = 'The site has not been built yet: run "npm run build", then reload this page.';

/**
 * Serves the built site from `root`: pages with and without a slash at the end, precompressed files, 404.html.
 *
 * Files are looked up at each request, so that a new build shows at once and a file that goes away while it is
 * sent ends that answer and nothing else. Ranges are not offered (RFC 9110 §14.2 lets a server ignore them).
 */
export function createSite(root: string): Site {
  const policies = new PolicyCache();
  const frame = join(root, 'exercise-frame', 'index.html');

  async function send(
    request: IncomingMessage,
    response: ServerResponse,
    host: string,
    status: number,
    file: string,
  ): Promise<void> {
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    const hashes = file.endsWith('.html') ? await policies.read(file) : undefined;
    const { path, encoding } = await compressed(file, request);
    const handle = await open(path);
    try {
      const { size, mtimeMs, mtime } = await handle.stat();
      const etag = `W/"${size.toString(36)}-${Math.floor(mtimeMs).toString(36)}"`;
      response.setHeader(
        'Content-Security-Policy',
        CLASSROOM.test(file.slice(root.length))
          ? classroomPolicy
          : contentSecurityPolicy(host, hashes, { runsModules: file === frame }),
      );
      response.setHeader('Cache-Control', cacheControl(file.slice(root.length)));
      response.setHeader('Vary', 'Accept-Encoding');
      response.setHeader('ETag', etag);
      response.setHeader('Last-Modified', mtime.toUTCString());
      if (status === 200 && request.headers['if-none-match'] === etag) {
        response.statusCode = 304;
        response.end();
        return;
      }
      response.statusCode = status;
      response.setHeader('Content-Type', type);
      response.setHeader('Content-Length', size);
      if (encoding) response.setHeader('Content-Encoding', encoding);
      if (request.method === 'HEAD') response.end();
      else await pipeline(handle.createReadStream({ autoClose: false }), response);
    } finally {
      await handle.close();
    }
  }

  return async (request, response, host) => {
    response.setHeader('Content-Security-Policy', contentSecurityPolicy(host));
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return sendText(response, 405, 'Pages are read with GET.');
    }
    const path = safePath(request.url ?? '');
    if (path === undefined) return sendText(response, 400, 'This is not a path of this site.');
    try {
      const file = await findFile(root, path);
      if (file) return await send(request, response, host, 200, file);
      const notFound = join(root, '404.html');
      const wantsPage = request.headers.accept?.includes('text/html') ?? false;
      if (wantsPage && (await isFile(notFound))) return await send(request, response, host, 404, notFound);
      if (!(await isFile(join(root, 'index.html')))) return sendText(response, 503, NOT_BUILT);
      sendText(response, 404, 'There is no such page here.');
    } catch (error) {
      // The reader went away, or the file did: nothing can be said any more if the answer has begun.
      if (response.headersSent) response.destroy();
      else sendText(response, 500, `The page could not be read (${codeOf(error)}).`);
    }
  };
}

/** The decoded path below the site's root, or undefined for one that is malformed, hidden, or leads elsewhere. */
function safePath(url: string): string | undefined {
  if (!url.startsWith('/')) return undefined;
  let path: string;
  try {
    path = decodeURIComponent(url.replace(/[?#].*$/s, ''));
  } catch {
    return undefined;
  }
  const segments = path.split('/').slice(1);
  const hidden = segments.some((segment) => segment.startsWith('.') && segment !== '.well-known');
  // NUL makes file functions throw; a backslash separates folders on Windows.
  return hidden || /[\0\\]/.test(path) ? undefined : path;
}

/** The file of `/lessons/x`, `/lessons/x/` or `/x.js` below `root`. */
async function findFile(root: string, path: string): Promise<string | undefined> {
  const base = join(root, path);
  const candidates = path.endsWith('/')
    ? [join(base, 'index.html')]
    : [base, join(base, 'index.html'), `${base}.html`];
  for (const file of candidates) if (await isFile(file)) return file;
  return undefined;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

/** `file.br` or `file.gz` where the reader takes it, and it is not of an earlier build. */
async function compressed(
  file: string,
  request: IncomingMessage,
): Promise<{ path: string; encoding?: 'br' | 'gzip' }> {
  const accepted = request.headers['accept-encoding'] ?? '';
  const { mtimeMs } = await stat(file);
  for (const [encoding, suffix] of [
    ['br', '.br'],
    ['gzip', '.gz'],
  ] as const) {
    if (!new RegExp(`\\b${encoding}\\b(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$))`).test(accepted)) continue;
    const path = file + suffix;
    const stats = await stat(path).catch(() => undefined);
    if (stats && stats.mtimeMs >= mtimeMs) return { path, encoding };
  }
  return { path: file };
}

/** What Astro writes below `/_astro/` has a hash of its content in its name and never changes. */
function cacheControl(path: string): string {
  return path.startsWith('/_astro/') ? 'public, max-age=31536000, immutable' : 'no-cache';
}
