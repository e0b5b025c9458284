const canvas = new OffscreenCanvas(1, 1);
const context = canvas.getContext('2d')!;

/** A new frame: the picture of the old one, with a mark in its upper right corner. */
export function stamp(frame: VideoFrame, colour: string): VideoFrame {
  canvas.width = frame.displayWidth;
  canvas.height = frame.displayHeight;
  context.drawImage(frame, 0, 0);
  context.fillStyle = colour;
  // The mark, the new frame, and what else?
  return frame;
}
