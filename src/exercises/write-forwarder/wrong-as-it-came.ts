// numbers: did not follow the one before: at bob
import type { Forward } from './forward.ts';

let forward: Forward;
/** Who is there: whether the picture is shown, and the number of the next packet. */
const viewers = new Map<string, { shown: boolean; next: number }>();

export function start(given: Forward): void {
  forward = given;
}

/** Somebody is connected, and shows the picture. */
export function viewerCame(viewer: string): void {
  viewers.set(viewer, { shown: true, next: 1 });
  forward.requestKeyFrame();
}

/** Whether somebody shows the picture: a page that is turned, a tab that is hidden. */
export function show(viewer: string, isShown: boolean): void {
  const one = viewers.get(viewer);
  if (one) one.shown = isShown;
  if (isShown) forward.requestKeyFrame();
}

/** A viewer’s browser cannot go on without a key frame. */
export function onPictureLoss(): void {
  forward.requestKeyFrame();
}

/** An RTP packet of alice’s. */
export function onPacket(packet: Uint8Array): void {
  for (const [id, viewer] of viewers) {
    if (!viewer.shown) continue;
    forward.send(id, packet);
  }
}
