import type { Bench } from '../../rtc/index.ts';

/** How often a receiver is asked. A gap is known to about twice that. */
const LOOK_EVERY_MS = 100;
/** A shorter pause is a busy computer, or a tab in the background. */
const SHORTEST_MS = 1_500;

/** Finds the gaps of a picture in its counter of frames. */
export class PictureGap {
  #frames = 0;
  #lastAtMs: number | undefined;

  /**
   * @param frames decoded so far; a smaller number than before is that of another connection
   * @param atMs   milliseconds of any clock that does not go back
   * @returns how long the gap was that has just ended, in milliseconds
   */
  note(frames: number, atMs: number): number | undefined {
    if (frames === this.#frames) return undefined;
    this.#frames = frames;
    if (frames === 0) return undefined;
    const gapMs = atMs - (this.#lastAtMs ?? atMs);
    this.#lastAtMs = atMs;
    return gapMs >= SHORTEST_MS ? gapMs : undefined;
  }
}

/** Measures how long a peer gets no new frame, over all its connections of a run. To be told of each receiver. */
export function watchPicture(bench: Bench, peer: string): (receiver: RTCRtpReceiver) => void {
  const gap = new PictureGap();
  let current: RTCRtpReceiver | undefined;
  const look = async () => {
    const receiver = current;
    const report = await receiver?.getStats().catch(() => undefined); // its connection may be closed
    const inbound = [...(report?.values() ?? [])].find(({ type }) => type === 'inbound-rtp') as
      RTCInboundRtpStreamStats | undefined;
    if (inbound?.framesDecoded === undefined || receiver !== current || bench.signal.aborted) return;
    const gapMs = gap.note(inbound.framesDecoded, bench.timeline.nowMs);
    if (gapMs !== undefined) bench.measure(peer, gapName, gapMs);
  };
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  bench.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  return (receiver) => {
    if (receiver.track.kind === 'video') current = receiver;
  };
}

/** Of the measure in the record. */
export const gapName = 'without a new frame';
