import type { Signaling } from '../../rtc/signaling/signaling.ts';

/** What an exercise hands to the learner's code. Everything that these do is on the exercise's timeline. */
export interface Tools {
  /** A real `RTCPeerConnection`, recorded. It closes when the check is over. */
  readonly createPeer: (name: string, configuration?: RTCConfiguration) => RTCPeerConnection;
  /** A peer's end of the signaling channel: `send(to, signal)`, `receive(handler)`. */
  readonly signaling: (name: string) => Signaling;
  /** A picture with a frame counter in it and a tone, or the camera when that was chosen. */
  readonly media: (name: string) => Promise<MediaStream>;
  /** Writes to the console below the code. */
  readonly log: (...values: readonly unknown[]) => void;
  /** Aborted when the check is over. */
  readonly signal: AbortSignal;
}
