import { mediaContext } from '../../rtc/media/camera.ts';
import type { MediaErrorContext } from '../../rtc/media/explain-media-error.ts';
import type { DeviceSource } from '../../rtc/index.ts';

/** A way in which `getUserMedia()` refuses, and how it comes about. */
export interface Refusal {
  readonly id: string;
  /** What the button says. */
  readonly name: string;
  /** When browsers answer so. */
  readonly when: string;
  readonly make: () => unknown;
  /** What would be different on the page where it happens. */
  readonly context?: Partial<MediaErrorContext>;
}

const named = (name: string, message: string) => () => new DOMException(message, name);

/**
 * The refusals that people meet, in the words of Chromium, from whose messages `explainMediaError()` tells apart what
 * shares a name. `InvalidStateError` and others that only a broken page meets are left out.
 */
export const refusals: readonly Refusal[] = [
  {
    id: 'denied',
    name: 'NotAllowedError',
    when: 'You said no, now or some time before.',
    make: named('NotAllowedError', 'Permission denied'),
    context: { permissionDenied: true },
  },
  {
    id: 'dismissed',
    name: 'NotAllowedError, dismissed',
    when: 'You closed the question without an answer.',
    make: named('NotAllowedError', 'Permission dismissed'),
  },
  {
    id: 'system',
    name: 'NotAllowedError, by the system',
    when: 'The operating system keeps the device from the browser.',
    make: named('NotAllowedError', 'Permission denied by system'),
  },
  {
    id: 'not-found',
    name: 'NotFoundError',
    when: 'There is no device of that kind.',
    make: named('NotFoundError', 'Requested device not found'),
  },
  {
    id: 'not-readable',
    name: 'NotReadableError',
    when: 'The device is there, and another program has it.',
    make: named('NotReadableError', 'Could not start video source'),
  },
  {
    id: 'overconstrained',
    name: 'OverconstrainedError',
    when: 'No device can do what “exact”, “min” or “max” demand.',
    make: () => Object.assign(new DOMException('', 'OverconstrainedError'), { constraint: 'width' }),
  },
  {
    id: 'aborted',
    name: 'AbortError',
    when: 'The device began to start and did not come up.',
    make: named('AbortError', 'Timeout starting video source'),
  },
  {
    id: 'security',
    name: 'SecurityError',
    when: 'The browser’s own settings forbid capture.',
    make: named('SecurityError', 'The operation is insecure.'),
  },
  {
    id: 'insecure',
    name: 'No mediaDevices',
    when: 'The page came by plain http from another computer.',
    make: () => new TypeError("Cannot read properties of undefined (reading 'getUserMedia')"),
    context: { secureContext: false, mediaDevices: false, permissionDenied: false },
  },
];

/** `navigator.mediaDevices`, which answers the next call with a refusal when it was told to. */
export class Zoo extends EventTarget implements DeviceSource {
  next: Refusal | undefined;

  constructor() {
    super();
    // Undefined outside a secure context, whatever its type says.
    const own: MediaDevices | undefined = navigator.mediaDevices;
    own?.addEventListener('devicechange', () => this.dispatchEvent(new Event('devicechange')));
  }

  async getUserMedia(constraints?: MediaStreamConstraints): Promise<MediaStream> {
    if (this.next) throw this.next.make();
    return navigator.mediaDevices.getUserMedia(constraints);
  }

  enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return navigator.mediaDevices.enumerateDevices();
  }

  getSupportedConstraints(): MediaTrackSupportedConstraints {
    return navigator.mediaDevices.getSupportedConstraints();
  }

  /** What is known beside the error: of this page, or of the one where the refusal would happen. */
  async context({ audio, video }: MediaStreamConstraints): Promise<MediaErrorContext> {
    const here = await mediaContext({ audio: Boolean(audio), video: Boolean(video) });
    return this.next
      ? {
          ...here,
          policyForbids: [],
          permissionDenied: false,
          secureContext: true,
          mediaDevices: true,
          ...this.next.context,
        }
      : here;
  }
}
