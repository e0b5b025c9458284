/** From a low voice to the end of what is heard, on a scale where each octave is equally wide. */
const LEAST_HZ = 50;
const MOST_HZ = 20_000;
/** What the height of the picture stands for, dB. */
const FLOOR_DB = -110;
const TOP_DB = -10;

const shareOf = (hz: number) => Math.log(hz / LEAST_HZ) / Math.log(MOST_HZ / LEAST_HZ);

/** Marks below the picture. `share` is the place, 0 … 1 from the left. */
export const FREQUENCIES = [
  { words: '100 Hz', share: shareOf(100) },
  { words: '1 kHz', share: shareOf(1_000) },
  { words: '10 kHz', share: shareOf(10_000) },
] as const;

/**
 * Draws a spectrum in the colours of the page.
 *
 * @param levels as `AnalyserNode.getFloatFrequencyData()` gives them, dB
 */
export function drawSpectrum(canvas: HTMLCanvasElement, levels: Float32Array, sampleRateHz: number): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const { width, height } = canvas;
  const style = getComputedStyle(canvas);
  context.clearRect(0, 0, width, height);
  context.strokeStyle = style.getPropertyValue('--ps-line');
  context.beginPath();
  for (const { share } of FREQUENCIES) {
    context.moveTo(Math.round(share * width) + 0.5, 0);
    context.lineTo(Math.round(share * width) + 0.5, height);
  }
  context.stroke();
  const binHz = sampleRateHz / 2 / levels.length;
  const yOf = (db: number) =>
    height * (1 - (Math.min(TOP_DB, Math.max(FLOOR_DB, db)) - FLOOR_DB) / (TOP_DB - FLOOR_DB));
  context.beginPath();
  context.moveTo(0, height);
  for (let x = 0; x <= width; x += 2) {
    const from = LEAST_HZ * (MOST_HZ / LEAST_HZ) ** (x / width);
    const to = LEAST_HZ * (MOST_HZ / LEAST_HZ) ** ((x + 2) / width);
    const first = Math.floor(from / binHz);
    let top = -Infinity;
    // A column may be many bins wide: the loudest of them is drawn.
    for (let bin = first; bin <= Math.max(first, Math.floor(to / binHz)); bin++)
      top = Math.max(top, levels[bin] ?? -Infinity);
    context.lineTo(x, yOf(top));
  }
  context.lineTo(width, height);
  context.closePath();
  // The canvas has its peer's colour as its own.
  context.fillStyle = style.color;
  context.globalAlpha = 0.25;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = style.color;
  context.lineWidth = 2;
  context.stroke();
}
