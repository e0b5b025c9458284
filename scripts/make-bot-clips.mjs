/**
 * Makes what the server's bots show and play in a meeting: `npm run exec -- node scripts/make-bot-clips.mjs`.
 *
 * A browser draws the synthetic picture of “Bot 1” … “Bot 8” and encodes it with its tone (WebCodecs: VP8 and Opus); the
 * encoded frames go into `server/bot/clips/`, as `server/bot/clip.ts` describes the format and reads it. Node has no
 * encoder, and the bots have no browser. Run it after changing the picture, its colours or the tones.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { chromium } from 'playwright/test';

const BOTS = 8;
/** The picture begins anew every ten seconds, and the frame counter with it. */
const wanted = { width: 320, height: 180, framesPerSec: 15, seconds: 10, bitrateBps: 110_000 };
const folder = new URL('../server/bot/clips/', import.meta.url);

const media = new URL('../src/rtc/media/', import.meta.url);
// The module itself, with what it keeps to itself: nobody else draws single frames.
const entry = `${readFileSync(new URL('synthetic.ts', media), 'utf8')}
  export { painter, toneOf };`;
const [bundle] = buildSync({
  stdin: { contents: entry, resolveDir: fileURLToPath(media), loader: 'ts' },
  bundle: true,
  write: false,
  format: 'iife',
  globalName: 'media',
  logLevel: 'error',
}).outputFiles;

const executablePath = process.env['CHROMIUM_PATH'];
const browser = await chromium.launch({ args: ['--no-sandbox'], ...(executablePath && { executablePath }) });
const page = await browser.newPage();
// WebCodecs are for secure origins, which a page of localhost is.
await page.route('http://localhost/', (route) =>
  route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }),
);
await page.goto('http://localhost/');
await page.addScriptTag({ content: bundle?.text ?? '' });
mkdirSync(folder, { recursive: true });
for (let number = 1; number <= BOTS; number++) {
  const { frames, packets } = await page.evaluate(encode, { ...wanted, name: `Bot ${number}` });
  const clip = write(frames, packets);
  writeFileSync(new URL(`bot-${number}.clip`, folder), clip);
  const videoBps = (frames.reduce((sum, { base64 }) => sum + base64.length * 0.75, 0) * 8) / wanted.seconds;
  console.log(`bot-${number}.clip: ${clip.length} bytes, picture ${Math.round(videoBps / 1000)} kbit/s`);
}
await browser.close();

/**
 * @param {{ base64: string, isKey: boolean }[]} frames
 * @param {string[]} packets
 */
function write(frames, packets) {
  const bytesOf = (/** @type {string} */ base64) => Buffer.from(base64, 'base64');
  const head = Buffer.alloc(20 + 4 * frames.length + 2 * packets.length);
  head.write('bot-clip', 0, 'latin1');
  const { width, height, framesPerSec } = wanted;
  [width, height, framesPerSec, frames.length, packets.length, 20].forEach((value, index) =>
    head.writeUInt16BE(value, 8 + 2 * index),
  );
  const pictures = frames.map(({ base64 }) => bytesOf(base64));
  const sounds = packets.map(bytesOf);
  frames.forEach(({ isKey }, index) =>
    head.writeUInt32BE((pictures[index]?.length ?? 0) + (isKey ? 2 ** 31 : 0), 20 + 4 * index),
  );
  sounds.forEach(({ length }, index) => head.writeUInt16BE(length, 20 + 4 * frames.length + 2 * index));
  return Buffer.concat([head, ...pictures, ...sounds]);
}

/**
 * In the page: ten seconds of picture with a key frame each second, and one second of sound.
 *
 * @param {typeof wanted & { name: string }} options
 */
async function encode({ name, width, height, framesPerSec, seconds, bitrateBps }) {
  const { painter, toneOf } = /** @type {never} */ (globalThis)['media'];
  /** @param {EncodedVideoChunk | EncodedAudioChunk} chunk */
  const base64Of = (chunk) => {
    const bytes = new Uint8Array(chunk.byteLength);
    chunk.copyTo(bytes);
    return btoa(String.fromCharCode(...bytes));
  };
  const fail = (/** @type {DOMException} */ error) => {
    throw error;
  };

  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d', { alpha: false });
  const draw = /** @type {(frame: number, clockMs: number) => void} */ (
    /** @type {Function} */ (painter)(context, name, () => `a loop of ${seconds} s`)
  );
  /** @type {{ base64: string, isKey: boolean }[]} */
  const frames = [];
  const video = new VideoEncoder({
    output: (chunk) => frames.push({ base64: base64Of(chunk), isKey: chunk.type === 'key' }),
    error: fail,
  });
  video.configure({ codec: 'vp8', width, height, bitrate: bitrateBps, framerate: framesPerSec });
  for (let index = 0; index < seconds * framesPerSec; index++) {
    const atMs = (index * 1000) / framesPerSec;
    draw(index + 1, Math.round(atMs));
    const frame = new VideoFrame(canvas, { timestamp: Math.round(atMs * 1000) });
    video.encode(frame, { keyFrame: index % framesPerSec === 0 });
    frame.close();
  }
  await video.flush();

  // Three seconds, of which the middle one is kept: the encoder has settled, and each packet may follow on any other.
  const sampleRate = 48_000;
  const toneHz = /** @type {number} */ (/** @type {Function} */ (toneOf)(name));
  const samples = Float32Array.from(
    { length: 3 * sampleRate },
    (_, index) => 0.1 * Math.sin((2 * Math.PI * toneHz * index) / sampleRate),
  );
  /** @type {string[]} */
  const packets = [];
  const audio = new AudioEncoder({ output: (chunk) => packets.push(base64Of(chunk)), error: fail });
  audio.configure({
    codec: 'opus',
    sampleRate,
    numberOfChannels: 1,
    bitrate: 24_000,
    opus: { frameDuration: 20_000 },
  });
  audio.encode(
    new AudioData({
      format: 'f32',
      sampleRate,
      numberOfFrames: samples.length,
      numberOfChannels: 1,
      timestamp: 0,
      data: samples,
    }),
  );
  await audio.flush();
  return { frames, packets: packets.slice(50, 100) };
}
