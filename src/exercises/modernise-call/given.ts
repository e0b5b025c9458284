import type { Signaling } from '../../rtc/signaling/signaling.ts';

type Callback<T> = (value: T) => void;

/** A connection of today, with what Chromium has kept of 2013 for old pages. */
export interface OldConnection extends Omit<RTCPeerConnection, 'createOffer' | 'createAnswer'> {
  addStream(stream: MediaStream): void;
  onaddstream: Callback<{ stream: MediaStream }> | null;
  createOffer(options?: RTCOfferOptions): Promise<RTCSessionDescriptionInit>;
  createOffer(success: Callback<RTCSessionDescriptionInit>, failure?: Callback<unknown>): void;
  createAnswer(options?: RTCAnswerOptions): Promise<RTCSessionDescriptionInit>;
  createAnswer(success: Callback<RTCSessionDescriptionInit>, failure?: Callback<unknown>): void;
}

/** `navigator`, as Chromium has it: the method of 2013 is still beside that of today. */
export interface OldNavigator {
  readonly mediaDevices: Pick<MediaDevices, 'getUserMedia'>;
  getUserMedia(constraints: object, success: Callback<MediaStream>, failure: Callback<unknown>): void;
}

/** What one end of the call is given. */
export interface Given {
  /** Makes a real `RTCPeerConnection`, recorded; further arguments go to its constructor, too. */
  readonly createPeer: (configuration?: object, constraints?: object) => OldConnection;
  /** A stand-in with a drawn camera, so that nobody is asked. */
  readonly navigator: OldNavigator;
  /** Where the other side is to be seen. */
  readonly remote: HTMLVideoElement;
  /** The way to the other side: `send(to, signal)`, `receive(handler)`. */
  readonly channel: Signaling;
  /** Name and port of a STUN server. */
  readonly stunServer: string;
}
