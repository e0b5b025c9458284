import { toRtcError } from '../../errors.ts';
import type { Device } from '../../media/camera.ts';
import type { DeviceSource } from '../../media/media-devices.ts';
import { openTone } from '../../media/tone.ts';
import type { Speaker } from './local-state.ts';

const TEST_HZ = 660;
const TEST_MS = 700;

const systems: Speaker = { deviceId: '', label: 'The system’s loudspeaker' };

export interface SpeakerHost {
  readonly signal: AbortSignal;
  readonly source: DeviceSource | undefined;
  changed(): void;
  say(sentence: string): void;
}

/** The loudspeaker that plays the others. A loudspeaker belongs to an element, so all elements are told. */
export class SpeakerChoice {
  readonly #host: SpeakerHost;
  readonly #sinks = new Set<HTMLMediaElement>();
  #wanted: string | undefined;
  #speaker = systems;

  /** @param wanted what was chosen on an earlier visit; it is used when it is in the list */
  constructor(host: SpeakerHost, wanted: string | undefined) {
    this.#host = host;
    this.#wanted = wanted;
  }

  get speaker(): Speaker {
    return this.#speaker;
  }

  /** Plays an element on the chosen loudspeaker, now and after each change. @param signal lets it go */
  attach(element: HTMLMediaElement, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#sinks.add(element);
    signal.addEventListener('abort', () => this.#sinks.delete(element), { once: true });
    if (this.#speaker.deviceId) void this.#apply(element);
  }

  /** @param deviceId one of the list; empty for the system's own choice */
  async choose({ deviceId, label }: Speaker): Promise<boolean> {
    const before = this.#speaker;
    this.#wanted = deviceId;
    this.#speaker = deviceId ? { deviceId, label } : systems;
    const worked = await Promise.all([...this.#sinks].map((element) => this.#apply(element)));
    if (worked.includes(false)) {
      this.#speaker = before;
      await Promise.all([...this.#sinks].map((element) => this.#apply(element)));
    }
    this.#host.changed();
    return !worked.includes(false);
  }

  /** Lets the browser show what there is, where it has a picker of its own. @returns undefined when nothing was chosen */
  async pick(): Promise<Speaker | undefined> {
    const { source } = this.#host;
    try {
      const device = await source?.selectAudioOutput?.();
      if (!device) return undefined;
      const speaker = { deviceId: device.deviceId, label: device.label };
      return (await this.choose(speaker)) ? speaker : undefined;
    } catch (error) {
      const isNo = error instanceof DOMException && error.name === 'NotAllowedError';
      this.#host.say(
        isNo ? 'The loudspeaker stays as it is.' : `No loudspeaker was chosen: ${toRtcError(error).message}`,
      );
      return undefined;
    }
  }

  /** The list has changed: what was chosen may be there now, or gone. */
  listed(outputs: readonly Device[]): void {
    const found = outputs.find(({ deviceId }) => deviceId !== '' && deviceId === this.#wanted);
    if (found && this.#speaker.deviceId !== found.deviceId) void this.choose(found);
    else if (!found && this.#speaker.deviceId && outputs.some(({ deviceId }) => deviceId !== '')) {
      const { label } = this.#speaker;
      const wanted = this.#wanted;
      void this.choose(systems);
      this.#wanted = wanted; // it may come back
      this.#host.say(`“${label}” is gone. The system’s loudspeaker has taken its place.`);
    }
  }

  /**
   * Plays a short tone on the chosen loudspeaker.
   *
   * @throws {RtcError} `autoplay-blocked` when the browser wants a click first, `sound-unavailable`
   */
  async testTone(): Promise<void> {
    const end = new AbortController();
    const signal = AbortSignal.any([this.#host.signal, end.signal]);
    const element = new Audio();
    try {
      const tone = openTone(TEST_HZ, signal);
      element.srcObject = new MediaStream([tone.track]);
      await this.#apply(element);
      await Promise.all([element.play(), tone.resume()]);
      await new Promise((resolve) => setTimeout(resolve, TEST_MS));
    } catch (error) {
      const isBlocked = error instanceof DOMException && error.name === 'NotAllowedError';
      throw toRtcError(error, isBlocked ? 'autoplay-blocked' : 'sound-unavailable');
    } finally {
      end.abort();
      element.srcObject = null;
    }
  }

  async #apply(element: HTMLMediaElement): Promise<boolean> {
    const { deviceId, label } = this.#speaker;
    if (!canChooseSpeaker() || element.sinkId === deviceId) return true;
    try {
      await element.setSinkId(deviceId);
      return true;
    } catch (error) {
      this.#host.say(`“${label}” cannot be used: ${toRtcError(error).message}`);
      return false;
    }
  }
}

/** Its type says always; Safari has it only since 18.4, and phones mostly not at all. */
export const canChooseSpeaker = (): boolean =>
  typeof HTMLMediaElement === 'function' && 'setSinkId' in HTMLMediaElement.prototype;
