import { openMediaDevices, type Bench } from '../../rtc/index.ts';
import { deviceDesk, devicesOf, type Found, type Controls, type Kind } from './bench.ts';

/** Lists the devices, opens those that you choose, and goes on with another one when a plug is pulled. */
export async function run(bench: Bench<Controls>): Promise<void> {
  const desk = deviceDesk(bench);
  const mediaDevices = openMediaDevices('alice', bench, devicesOf(bench)); // [1]
  let state: Found = { list: [] };
  const tell = (news: Partial<Found>) => (desk.told.value = state = { ...state, ...news });
  const list = async () => tell({ list: await mediaDevices.enumerateDevices() }); // [2]

  const open = async (kind: Kind, wanted: boolean | MediaTrackConstraints) => {
    const stream = await mediaDevices.getUserMedia({ [kind]: wanted });
    const [track] = stream.getTracks();
    state[kind]?.stop();
    track?.addEventListener('ended', () => void open(kind, true).catch(() => tell({ [kind]: undefined }))); // [3]
    tell({ [kind]: track });
    await list(); // [4]
  };

  mediaDevices.addEventListener('devicechange', () => void list()); // [5]
  await list();
  for await (const wish of desk.wishes(bench.signal)) {
    try {
      if ('deviceId' in wish)
        await open(wish.kind, wish.deviceId ? { deviceId: { exact: wish.deviceId } } : true); // [6]
      if ('moves' in wish)
        await open('video', { pan: true, tilt: true, zoom: true } as MediaTrackConstraints); // [7]
      if ('set' in wish) await state.video?.applyConstraints({ advanced: [wish.set] });
      tell({ refused: undefined });
    } catch (error) {
      tell({ refused: error as DOMException });
    }
  }
}
/*
[1] Your devices, or virtual ones: navigator.mediaDevices in shape and behaviour, with plugs that can be pulled.
[2] Before anything was opened: at most one of each kind, without name and id (mediacapture-main §9.2.1).
[3] The source is gone for good. `track.stop()` in our own code fires no event, so this cannot run in a circle.
[4] Now the names are told.
[5] Fires when something is plugged in or out. It does not say what: compare the lists.
[6] `exact`, because a person has chosen: any other device would be the wrong one.
[7] To move the camera is a permission of its own. A camera that cannot is opened all the same.
*/
