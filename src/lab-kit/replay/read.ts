import { openRecording, sizeProblem, type Opened } from '../../rtc/recording/open.ts';
import { limits } from '../../rtc/recording/schema.ts';

/** The first two bytes of gzip (RFC 1952 §2.3.1). */
const GZIP = [0x1f, 0x8b];

/**
 * Reads a file, packed with gzip or not. Never throws.
 *
 * @param name the file's name, for the sentence that says what is wrong
 */
export async function readBlob(blob: Blob, name: string): Promise<Opened> {
  try {
    const tooLarge = sizeProblem(blob.size, name);
    if (tooLarge !== undefined) return { ok: false, problem: tooLarge };
    const [first, second] = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
    const text = first === GZIP[0] && second === GZIP[1] ? await unpack(blob) : await blob.text();
    return openRecording(text, name);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return {
      ok: false,
      problem: `“${name}” could not be read: ${words}. Is the file still there, and complete?`,
    };
  }
}

/** A few packed kilobytes can unpack to gigabytes: it stops where the size is too much anyway. */
async function unpack(blob: Blob): Promise<string> {
  const reader = blob.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const parts: BlobPart[] = [];
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    size += part.value.byteLength;
    if (size <= limits.fileBytes) continue;
    await reader.cancel();
    break;
  }
  return new Blob(parts).text();
}
