import { connected, openMediaDevices, openPeer, type Bench, type Seat } from '../../rtc/index.ts';
import { deskOf } from './desk.ts';
import { limitBitrate, optionsFor, theOldWay, type Controls } from './options.ts';

/** alice calls bob with her camera. When her button is pressed, the screen takes the camera's place on the same sender. */
export async function run(bench: Bench<Controls>): Promise<void> {
  await Promise.all(bench.seats.map((seat) => call(bench, seat)));
}

async function call(bench: Bench<Controls>, { self, other, offers }: Seat): Promise<void> {
  const signaling = bench.signaling(self);
  const pc = openPeer(self, bench);
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
  pc.addEventListener('track', ({ streams: [remote] }) => bench.show(self, remote));
  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type !== 'offer') return;
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  });
  if (!offers) return connected(pc, bench);

  const stream = await bench.openMedia(self);
  const [camera] = stream.getVideoTracks();
  if (!camera) return;
  const sender = pc.addTrack(camera, stream);
  await pc.setLocalDescription();
  await signaling.send(other, { description: pc.localDescription });
  await connected(pc, bench);
  await limitBitrate(sender, bench.controls);

  const desk = deskOf(bench); // [1]
  const devices = openMediaDevices(self, bench, desk.devices); // [2]
  const back = () => sender.replaceTrack(camera);
  desk.open({
    share: async () => {
      const display =
        bench.controls.source === 'old'
          ? await devices.getUserMedia(theOldWay) // [3]
          : await devices.getDisplayMedia(optionsFor(bench.controls)); // [4]
      const [screen] = display.getVideoTracks();
      if (!screen) return undefined;
      screen.contentHint = bench.controls.hint; // [5]
      screen.addEventListener('ended', () => void back()); // [6]
      await sender.replaceTrack(screen); // [7]
      return display;
    },
    stop: async (display) => {
      for (const track of display.getTracks()) track.stop(); // [8]
      await back();
    },
  });
}
/*
[1] The buttons in the panel. The picker opens only within a click (transient activation), so the click calls share().
[2] navigator.mediaDevices, recorded; or a stand-in of the same shape with a drawn desktop.
[3] The constraint of 2013. No browser knows it as a standard: watch what yours makes of it.
[4] The browser asks, the user chooses. What is asked for is in options.ts.
[5] '' lets the browser guess; 'motion' keeps the frame rate, 'detail' and 'text' keep the size, when there is too little
    bandwidth for both.
[6] The browser's own «Stop sharing», a window that was closed, a monitor that was unplugged: one event for all.
[7] Another track on the same sender: no offer, no answer, and bob's track is the same as before.
[8] The page's own button. ended does not fire when the page stops a track, so it goes back by itself.
*/
