import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';

/** The inline blocks of one page, as a Content-Security-Policy names them: `'sha256-…'`. */
export interface InlineHashes {
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
}

const NONE: InlineHashes = { scripts: [], styles: [] };

/** Attributes may hold `>` within quotes. */
const ATTRIBUTES = String.raw`((?:"[^"]*"|'[^']*'|[^"'>])*)`;
const SCRIPT = new RegExp(String.raw`<script\b${ATTRIBUTES}>([\s\S]*?)</script\s*>`, 'gi');
const STYLE = new RegExp(String.raw`<style\b${ATTRIBUTES}>([\s\S]*?)</style\s*>`, 'gi');

/** Hashes of all inline `<script>` and `<style>` blocks of a built page (CSP Level 3 §6.7.3.3). */
export function inlineHashes(html: string): InlineHashes {
  const scripts = [...html.matchAll(SCRIPT)].filter(([, attributes]) => !/\ssrc\s*=/i.test(attributes ?? ''));
  const styles = [...html.matchAll(STYLE)];
  return { scripts: hashesOf(scripts), styles: hashesOf(styles) };
}

function hashesOf(blocks: RegExpExecArray[]): string[] {
  return [...new Set(blocks.map(([, , text]) => hash(text ?? '')))];
}

function hash(text: string): string {
  // The HTML parser has turned CRLF into LF before the browser hashes.
  return `'sha256-${createHash('sha256').update(text.replace(/\r\n?/g, '\n')).digest('base64')}'`;
}

/**
 * Reads a page's hashes once and again when the file has changed.
 *
 * Each page allows its own blocks and no other's: what could be injected into one page finds nothing to reuse.
 */
export class PolicyCache {
  readonly #pages = new Map<string, { key: string; hashes: InlineHashes }>();

  /** @throws when the file cannot be read */
  async read(file: string): Promise<InlineHashes> {
    const { mtimeMs, size } = await stat(file);
    const key = `${mtimeMs}-${size}`;
    const known = this.#pages.get(file);
    if (known?.key === key) return known.hashes;
    const hashes = inlineHashes(await readFile(file, 'utf8'));
    this.#pages.set(file, { key, hashes });
    return hashes;
  }
}

/**
 * The policy of one answer.
 *
 * `style-src-attr 'unsafe-inline'`: Shiki and Expressive Code write colours as style attributes; those cannot
 * load or run anything. `'wasm-unsafe-eval'`: Pagefind's search is WebAssembly. The WebSocket is named because
 * Safari does not count it as 'self'.
 *
 * @param host the Host of the request, already checked to be one of ours
 * @param options.runsModules for the one page that runs what a learner wrote, see docs/why-exercises-run-in-a-frame.md
 */
export function contentSecurityPolicy(
  host: string,
  { scripts, styles }: InlineHashes = NONE,
  { runsModules = false } = {},
): string {
  return [
    "default-src 'none'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...(runsModules ? ['blob:'] : []), ...scripts].join(' '),
    ["style-src 'self'", ...styles].join(' '),
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob: mediastream:",
    "font-src 'self'",
    `connect-src 'self' ws://${host} wss://${host}`,
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "frame-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'self'",
  ].join('; ');
}

/**
 * The policy of the thread in which a learner's server runs: the learner's module, and nothing else. Without
 * `connect-src` it opens no connection, and it starts no further threads.
 */
export const classroomPolicy = "default-src 'none'; script-src blob:";
