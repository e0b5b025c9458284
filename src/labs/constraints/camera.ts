import { deskOf } from '../../lab-kit/desk.ts';
import type { Bench, DeviceSource } from '../../rtc/index.ts';
import { openSyntheticMedia } from '../../rtc/media/synthetic.ts';
import { deskDevices, VirtualDevices } from '../../rtc/media/virtual/devices.ts';

export type Controls = { camera: 'virtual' | 'real' | 'canvas' };

/** What the panel asks for. */
export interface Request {
  readonly constraints: MediaTrackConstraints;
  /** With `getUserMedia()`; otherwise the open track is asked with `applyConstraints()`. */
  readonly opens: boolean;
}

/** What came of the last request. */
export interface Granted {
  readonly track: MediaStreamTrack;
  readonly asked: MediaTrackConstraints;
  /** Present when it was refused; the track is as it was before. */
  readonly refused?: OverconstrainedError;
}

export const requestDesk = deskOf<Request, Granted>();

/** Where the pictures come from; undefined is the browser's own `navigator.mediaDevices`. */
export function cameraOf({ controls, signal }: Bench<Controls>): DeviceSource | undefined {
  switch (controls.camera) {
    case 'virtual':
      return new VirtualDevices(signal, [deskDevices.deskCamera]);
    case 'canvas':
      return bareCanvas(signal);
    default:
      return undefined;
  }
}

/** The track of a canvas, as the browser makes it, in the place of a camera: what it takes of constraints is its own. */
function bareCanvas(signal: AbortSignal): DeviceSource {
  return Object.assign(new EventTarget(), {
    getUserMedia: async ({ video }: MediaStreamConstraints = {}) => {
      const size = { width: 1280, height: 720 };
      const { stream } = openSyntheticMedia({ peer: 'canvas', signal, video: size, audio: false });
      if (typeof video === 'object') await stream.getVideoTracks()[0]?.applyConstraints(video);
      return stream;
    },
    enumerateDevices: () => Promise.resolve([]),
    getSupportedConstraints: () => navigator.mediaDevices.getSupportedConstraints(),
  });
}
