/**
 * Draws the pictures that must be bitmaps: the card that other sites show for a link (1200 × 630), and the icons
 * for browsers without SVG icons. Run it after changing the mark or the palette: `npm run exec -- node scripts/social-card.mjs`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { chromium } from 'playwright/test';

const font = async (/** @type {string} */ path) =>
  (await readFile(`node_modules/@fontsource-variable/${path}`)).toString('base64');
const inter = await font('inter/files/inter-latin-wght-normal.woff2');
const mono = await font('jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2');

const mark = (/** @type {number} */ size, width = 2.5) => `
  <svg viewBox="0 0 24 24" width="${size}" height="${size}" fill="none" stroke-width="${width}" stroke-linecap="round">
    <path d="M4 2.5v19" stroke="#5ecfc6"/><path d="M20 2.5v19" stroke="#f0b45a"/>
    <path d="M4 6.5l16 4" stroke="#5ecfc6"/><path d="M20 13.5l-16 4" stroke="#f0b45a"/>
  </svg>`;

/** A message on the card's ladder: from one lifeline (x = 90) to the other (x = 1110), falling as it travels. */
const message = (
  /** @type {number} */ y,
  /** @type {'alice' | 'bob'} */ from,
  /** @type {string} */ label,
) => {
  const [colour, x1, x2, head] = from === 'alice' ? ['#5ecfc6', 90, 1110, -14] : ['#f0b45a', 1110, 90, 14];
  const width = label.length * 14.4 + 40; // 14.4: a monospaced glyph at 24 px
  return `<path d="M${x1} ${y}L${x2} ${y + 24}" stroke="${colour}" stroke-width="3"/>
    <path d="M${x2} ${y + 24}l${head} -8v15z" fill="${colour}"/>
    <rect x="${600 - width / 2}" y="${y - 8}" width="${width}" height="40" fill="#14181a"/>
    <text x="600" y="${y + 18}" fill="${colour}">${label}</text>`;
};

const card = `<!doctype html><style>
  @font-face { font-family: Inter; src: url(data:font/woff2;base64,${inter}); font-weight: 100 900 }
  @font-face { font-family: Mono; src: url(data:font/woff2;base64,${mono}); font-weight: 100 800 }
  body { margin: 0; width: 1200px; height: 630px; background: #14181a; color: #e9ecea; font-family: Inter; position: relative }
  h1 { position: absolute; left: 146px; top: 116px; margin: 0; font-size: 104px; line-height: .98; font-weight: 680; letter-spacing: -.045em }
  p { position: absolute; left: 150px; top: 42px; margin: 0; display: flex; align-items: center; gap: 16px; font-size: 34px; font-weight: 640; letter-spacing: -.02em }
  svg.ladder { position: absolute; inset: 0 }
  text { font: 500 24px Mono; text-anchor: middle }
</style>
<svg class="ladder" viewBox="0 0 1200 630" fill="none">
  <path d="M90 0v630" stroke="#5ecfc6" stroke-width="3"/><path d="M1110 0v630" stroke="#f0b45a" stroke-width="3"/>
  ${message(392, 'alice', 'offer')} ${message(462, 'bob', 'answer')} ${message(532, 'alice', 'candidate')}
</svg>
<p>${mark(44)} Peerscope</p>
<h1>WebRTC you<br>can see through</h1>`;

const icon = (/** @type {number} */ size, /** @type {number} */ pad) =>
  `<!doctype html><style>body{margin:0;background:#14181a;display:grid;place-items:center;width:${size}px;height:${size}px}</style>${mark(size - 2 * pad, 2.75)}`;

const executablePath = process.env['CHROMIUM_PATH'];
const browser = await chromium.launch({ args: ['--no-sandbox'], ...(executablePath && { executablePath }) });
const page = await browser.newPage();

/** @param {string} html @param {number} width @param {number} height */
async function draw(html, width, height) {
  await page.setViewportSize({ width, height });
  await page.setContent(html);
  await page.evaluate(() => document.fonts.ready);
  return page.screenshot();
}

await writeFile('public/social-card.png', await draw(card, 1200, 630));
await writeFile('public/apple-touch-icon.png', await draw(icon(180, 26), 180, 180));
await writeFile('public/icon-512.png', await draw(icon(512, 76), 512, 512));
await writeFile('public/favicon.ico', ico(await draw(icon(32, 2), 32, 32), 32));
await browser.close();

/**
 * An ICO file with one PNG in it (every browser since 2010 reads that).
 *
 * @param {Buffer} png @param {number} size pixels, 1 to 255
 */
function ico(png, size) {
  const header = Buffer.alloc(22);
  header.writeUInt16LE(1, 2); // type: icon
  header.writeUInt16LE(1, 4); // one picture
  header.writeUInt8(size, 6);
  header.writeUInt8(size, 7);
  header.writeUInt16LE(1, 10); // colour planes
  header.writeUInt16LE(32, 12); // bits per pixel
  header.writeUInt32LE(png.length, 14);
  header.writeUInt32LE(header.length, 18);
  return Buffer.concat([header, png]);
}
