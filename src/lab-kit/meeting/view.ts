import { signal } from '@preact/signals';
import type { PeerId } from '../../protocol/signaling.ts';
import type { Layout } from '../../rtc/meeting/media/grid.ts';
import type { TileKey } from './tiles.ts';

/** How loud one of the others is for this person alone. */
export interface Loudness {
  /** 0 … 1 */
  readonly volume: number;
  readonly isMuted: boolean;
}

export const fullLoudness: Loudness = { volume: 1, isMuted: false };

/** What this person has arranged for themselves; nobody else is told. */
export class StageView {
  readonly layout = signal<Layout>('grid');
  /** From 0; more than there are is the last one. */
  readonly page = signal(0);
  /** What stands large, by the person's own wish. */
  readonly pinned = signal<TileKey | null>(null);
  /** Shared screens that are not to stand large by themselves. */
  readonly small = signal<ReadonlySet<TileKey>>(new Set());
  readonly hidesSelf = signal(false);
  /** The own camera's picture as in a mirror. What is drawn or shared is never turned: it holds text. */
  readonly mirrors = signal(true);
  readonly loudness = signal<ReadonlyMap<PeerId, Loudness>>(new Map());
  /** How loud the mix of an MCU is, in which nobody can be made softer alone. */
  readonly mixLoudness = signal<Loudness>(fullLoudness);
  readonly panel = signal<'people' | 'chat' | null>(null);
  readonly drawer = signal(false);
  readonly dialog = signal<'settings' | 'shortcuts' | 'topology' | null>(null);
  /** The browser waits for a click before it plays the others. */
  readonly isSilent = signal(false);

  pin(key: TileKey): void {
    this.pinned.value = key;
  }

  unpin(key: TileKey): void {
    if (this.pinned.value === key) this.pinned.value = null;
    this.small.value = new Set([...this.small.value, key]);
  }

  /** @param screens those that are shared: in a grid none of them stands large any longer */
  choose(layout: Layout, screens: readonly TileKey[]): void {
    this.layout.value = layout;
    this.page.value = 0;
    if (layout !== 'grid') return;
    this.pinned.value = null;
    this.small.value = new Set(screens);
  }

  setLoudness(peer: PeerId, change: Partial<Loudness>): void {
    const before = this.loudness.value.get(peer) ?? fullLoudness;
    this.loudness.value = new Map(this.loudness.value).set(peer, { ...before, ...change });
  }

  togglePanel(panel: 'people' | 'chat'): void {
    this.panel.value = this.panel.value === panel ? null : panel;
  }
}
