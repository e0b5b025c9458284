import { signal, type Signal } from '@preact/signals';
import type { Bench } from '../../rtc/bench.ts';
import { DrawnScreens } from '../../rtc/media/drawn-display.ts';
import type { DeviceSource } from '../../rtc/media/media-devices.ts';
import { refusalWords } from './refusal.ts';

/** What the run does when a button is pressed. */
interface Hands {
  readonly share: () => Promise<MediaStream | undefined>;
  readonly stop: (display: MediaStream) => Promise<void>;
}

/** The buttons between the panel and the run. */
export class Desk {
  /** Whether the call is up, so that there is something to share into. */
  readonly isOpen = signal(false);
  readonly display: Signal<MediaStream | undefined> = signal(undefined);
  /** Why nothing is shared, or how it ended, in a sentence. */
  readonly words = signal('');
  /** What stands in for the browser's own; undefined for those. */
  readonly devices: DeviceSource | undefined;
  readonly #screens: DrawnScreens | undefined;
  #hands: Hands | undefined;

  constructor(bench: Bench) {
    const { source } = bench.controls as { source: string };
    this.#screens = source === 'drawn' ? new DrawnScreens({ signal: bench.signal }) : undefined;
    this.devices = this.#screens;
    bench.signal.addEventListener('abort', () => {
      this.isOpen.value = false;
      this.display.value = undefined;
    });
  }

  open(hands: Hands): void {
    this.#hands = hands;
    this.isOpen.value = true;
  }

  /** To be called in a click. */
  async share(): Promise<void> {
    this.words.value = '';
    try {
      const display = await this.#hands?.share();
      const [track] = display?.getVideoTracks() ?? [];
      track?.addEventListener('ended', () => {
        if (this.display.value !== display) return;
        this.display.value = undefined;
        this.words.value = 'The track’s ended event fired: bob has the camera again.';
      });
      this.display.value = display;
    } catch (error) {
      this.words.value = refusalWords(error);
    }
  }

  async stop(): Promise<void> {
    const display = this.display.value;
    this.display.value = undefined;
    if (!display) return;
    await this.#hands?.stop(display);
    this.words.value = 'The page has stopped the track and gone back to the camera. ended did not fire.';
  }

  /** The browser's own button, where it is a drawn one. */
  endByBrowser(): void {
    this.#screens?.display?.endByBrowser();
  }

  get isDrawn(): boolean {
    return this.#screens !== undefined;
  }

  /** Crops the picture of this very tab to an element (Chromium). @throws what the browser says */
  async crop(element: Element): Promise<void> {
    const CropTarget = Reflect.get(globalThis, 'CropTarget') as
      { fromElement(element: Element): Promise<object> } | undefined;
    const [track] = (this.display.value?.getVideoTracks() ?? []) as {
      cropTo?: (target: object) => Promise<void>;
    }[];
    if (!CropTarget || !track?.cropTo) {
      this.words.value = 'This browser has no CropTarget, or this is not the picture of a tab.';
      return;
    }
    try {
      await track.cropTo(await CropTarget.fromElement(element));
      this.words.value = 'bob sees this panel only.';
    } catch (error) {
      this.words.value = `Not cropped; only the picture of this very tab can be. (${(error as Error).message})`;
    }
  }
}

const desks = new WeakMap<Bench<never> | Bench, Desk>();

/** The buttons of a run; the same ones for the run and for its panel. */
export function deskOf(bench: Bench<never> | Bench): Desk {
  const desk = desks.get(bench) ?? new Desk(bench);
  desks.set(bench, desk);
  return desk;
}
