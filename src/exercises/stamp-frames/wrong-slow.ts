// rate: were missed
const canvas = new OffscreenCanvas(320, 180);
const context = canvas.getContext('2d')!;

export async function stamp(frame: VideoFrame, colour: string): Promise<VideoFrame> {
  context.drawImage(frame, 0, 0);
  context.fillStyle = colour;
  context.fillRect(canvas.width - 40, 0, 40, 40);
  const stamped = new VideoFrame(canvas, { timestamp: frame.timestamp });
  frame.close();
  await new Promise((resolve) => setTimeout(resolve, 150));
  return stamped;
}
