// picture: bob has seen
let first: ImageBitmap | undefined;

export async function stamp(frame: VideoFrame, colour: string): Promise<VideoFrame> {
  const { timestamp } = frame;
  if (!first) {
    const canvas = new OffscreenCanvas(320, 180);
    const context = canvas.getContext('2d')!;
    context.drawImage(frame, 0, 0);
    context.fillStyle = colour;
    context.fillRect(canvas.width - 40, 0, 40, 40);
    first = await createImageBitmap(canvas);
  }
  frame.close();
  return new VideoFrame(first, { timestamp });
}
