import type { Forward } from './forward.ts';

let forward: Forward;

export function start(given: Forward): void {
  forward = given;
}

/** Somebody is connected, and shows the picture. */
export function viewerCame(viewer: string): void {
  console.log(viewer, 'has come');
}

/** Whether somebody shows the picture: a page that is turned, a tab that is hidden. */
export function show(viewer: string, isShown: boolean): void {
  console.log(viewer, isShown ? 'shows it' : 'does not show it');
}

/** A viewer’s browser cannot go on without a key frame. */
export function onPictureLoss(viewer: string): void {
  console.log(viewer, 'asks for a key frame');
}

/** An RTP packet of alice’s. */
export function onPacket(packet: Uint8Array): void {
  void packet;
  void forward;
}
