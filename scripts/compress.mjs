/**
 * Compresses the built site once, so that the server never has to: `x.br` and `x.gz` beside each text file.
 * The server answers with them when the browser accepts them.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const TEXT = new Set([
  '.css',
  '.html',
  '.js',
  '.json',
  '.map',
  '.mjs',
  '.svg',
  '.txt',
  '.webmanifest',
  '.xml',
]);
/** Below this a packet holds the file either way. */
const MIN_BYTES = 1024;

/**
 * @param {string} folder the built site
 * @returns {Promise<{ files: number, bytes: number, brotliBytes: number }>} how many files, and their sizes
 */
export async function compress(folder) {
  const total = { files: 0, bytes: 0, brotliBytes: 0 };
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && TEXT.has(extname(entry.name)));
  for (const { parentPath, name } of files) {
    const path = join(parentPath, name);
    const bytes = await readFile(path);
    if (bytes.length < MIN_BYTES) continue;
    const [br, gz] = await Promise.all([
      promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
      promisify(gzip)(bytes, { level: 9 }),
    ]);
    await Promise.all([writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)]);
    total.files += 1;
    total.bytes += bytes.length;
    total.brotliBytes += br.length;
  }
  return total;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { files, bytes, brotliBytes } = await compress(process.argv[2] ?? 'dist');
  console.log(
    `Compressed ${files} files: ${Math.round(bytes / 1000)} kB, ${Math.round(brotliBytes / 1000)} kB with Brotli.`,
  );
}
