export async function run(): Promise<string> {
  const canvas = new OffscreenCanvas(64, 36);
  canvas.getContext('2d');
  const frame = new VideoFrame(canvas, { timestamp: 40_000 });
  const { timestamp } = frame;
  frame.close();
  return Promise.resolve(`A frame at ${timestamp} µs.`);
}
