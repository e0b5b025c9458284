export async function run(): Promise<string> {
  const canvas = new OffscreenCanvas(64, 36);
  const context = canvas.getContext('2d')!;
  const frame = new VideoFrame(canvas, { timestamp: 0 });
  frame.close();
  context.drawImage(frame, 0, 0);
  return Promise.resolve(`Drawn; its width is ${frame.codedWidth} now.`);
}
