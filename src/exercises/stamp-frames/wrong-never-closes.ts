// closed: frames that were given are still open
const canvas = new OffscreenCanvas(320, 180);
const context = canvas.getContext('2d')!;

export function stamp(frame: VideoFrame, colour: string): VideoFrame {
  context.drawImage(frame, 0, 0);
  context.fillStyle = colour;
  context.fillRect(canvas.width - 40, 0, 40, 40);
  return new VideoFrame(canvas, { timestamp: frame.timestamp });
}
