/** What this server uses of `@roamhq/wrtc`, libwebrtc for Node: its own types lack what its sinks give. */
import type { Settings } from '../messages.ts';

export interface AudioData {
  readonly samples: Int16Array;
  readonly sampleRate: number;
  readonly bitsPerSample: number;
  readonly channelCount: number;
  readonly numberOfFrames: number;
}

export interface VideoFrame {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

interface AudioSink {
  ondata: ((data: AudioData) => void) | null;
  stop(): void;
}

interface VideoSink {
  onframe: ((event: { frame: VideoFrame }) => void) | null;
  stop(): void;
}

export interface AudioSource {
  createTrack(): MediaStreamTrack;
  /** 10 ms, no more and no less. */
  onData(data: AudioData): void;
}

export interface VideoSource {
  createTrack(): MediaStreamTrack;
  /** Copies the frame. */
  onFrame(frame: VideoFrame): void;
}

export interface Wrtc {
  readonly RTCPeerConnection: new (
    configuration: RTCConfiguration & { portRange?: { min: number; max: number } },
  ) => RTCPeerConnection;
  readonly nonstandard: {
    readonly RTCAudioSink: new (track: MediaStreamTrack) => AudioSink;
    readonly RTCVideoSink: new (track: MediaStreamTrack) => VideoSink;
    readonly RTCAudioSource: new () => AudioSource;
    readonly RTCVideoSource: new (init?: { isScreencast?: boolean }) => VideoSource;
  };
}

/** @throws {Error} where there is no binary for this machine */
export async function loadWrtc(): Promise<Wrtc> {
  const { default: wrtc } = await import('@roamhq/wrtc');
  return wrtc;
}

const GATHER_MS = 3_000;

/** A connection without any server: candidates of this machine, all on one port of the range. */
export const openConnection = (wrtc: Wrtc, { ports }: Settings): RTCPeerConnection =>
  new wrtc.RTCPeerConnection({
    bundlePolicy: 'max-bundle',
    iceServers: [],
    ...(ports.high > 0 && { portRange: { min: ports.low, max: ports.high } }),
  });

/** The local description with all its candidates; with those that there are, when it takes long. */
export async function gathered(pc: RTCPeerConnection): Promise<string> {
  if (pc.iceGatheringState !== 'complete')
    await new Promise<void>((resolve) => {
      const late = setTimeout(resolve, GATHER_MS);
      pc.addEventListener('icegatheringstatechange', () => {
        if (pc.iceGatheringState !== 'complete') return;
        clearTimeout(late);
        resolve();
      });
    });
  return pc.localDescription?.sdp ?? '';
}

/**
 * What of a page's description is handed on: without its candidates (they are learned from its checks; who knows where
 * these lead), and without the extension that leaves turning a picture to its receiver: it comes upright then.
 */
export const withoutCandidates = (sdp: string): string =>
  sdp
    .split(/\r?\n/)
    .filter((line) => !/^a=(candidate:|end-of-candidates|extmap:\S+ urn:3gpp:video-orientation)/.test(line))
    .join('\r\n');
