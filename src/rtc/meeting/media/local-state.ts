import type { RtcError } from '../../errors.ts';
import type { Device } from '../../media/camera.ts';

/** Where a picture or a sound comes from. */
export type Origin =
  | {
      readonly from: 'device';
      readonly deviceId: string;
      /** Its name, as the browser says it. */
      readonly label: string;
    }
  /** Drawn and computed by this page, and its label says so. */
  | { readonly from: 'synthetic'; readonly label: string };

/** A microphone or a camera. */
export interface LocalInput {
  /**
   * `off`: nothing is open, no light is on. `muted`: a microphone is open and sends silence; it comes back at once.
   * A camera is never muted.
   */
  readonly is: 'off' | 'on' | 'muted';
  /** What is open. When it is off: what was open last, and is opened again; null before the first time. */
  readonly origin: Origin | null;
  /** The browser was asked, and has not answered yet: it may be asking the person. */
  readonly opening: boolean;
  /** What went wrong last; null when all is well. What is open stays open. */
  readonly problem: RtcError | null;
}

/** What is shared beside the camera. */
export type LocalScreen =
  | { readonly is: 'off'; readonly opening: boolean; readonly problem: RtcError | null }
  | {
      readonly is: 'on';
      readonly opening: boolean;
      readonly problem: RtcError | null;
      /** `Screen 1`, the name of a window or of a tab, as the browser says it; or that it is drawn. */
      readonly label: string;
      /** What was chosen, where the browser says it. */
      readonly surface: 'monitor' | 'window' | 'browser' | null;
      /** Whether its sound is sent, too. */
      readonly sound: boolean;
      readonly synthetic: boolean;
    };

/** A background that the camera itself, or the system behind it, blurs. */
export type Blur =
  | {
      readonly is: 'unsupported';
      /** One sentence: who can. */
      readonly why: string;
    }
  | { readonly is: 'off' | 'on' };

/** What can be chosen from, as the browser lists it: names are hidden until a permission was given. */
export type DeviceLists = Readonly<Record<MediaDeviceKind, readonly Device[]>>;

/** The loudspeaker that plays the others; an empty `deviceId` is the system's own choice. */
export interface Speaker {
  readonly deviceId: string;
  readonly label: string;
}

/** What this browser can, whatever is plugged in. */
export interface Abilities {
  /** `getDisplayMedia()`: browsers of phones have none. */
  readonly screen: boolean;
  /** `setSinkId()`: another loudspeaker than the system's can be chosen. */
  readonly speaker: boolean;
  /** `selectAudioOutput()`: the browser itself shows what to choose from. */
  readonly speakerPicker: boolean;
}

/** Everything about what this participant sends. Immutable: each change is another object. */
export interface LocalState {
  readonly microphone: LocalInput;
  readonly camera: LocalInput;
  readonly screen: LocalScreen;
  readonly blur: Blur;
  readonly devices: DeviceLists;
  readonly speaker: Speaker;
  /** Push to talk: the microphone is on for as long as this is. */
  readonly held: boolean;
  readonly can: Abilities;
}
