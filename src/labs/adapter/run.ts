import { openRealm } from '../../lab-kit/compare/open-realm.ts';
import type { Bench } from '../../rtc/index.ts';
import { adapterDesk } from './desk.ts';
import { probes, put } from './probes.ts';
import { changesBetween, surfaceOf } from './surface.ts';

/** Three pages of this browser. What is another one after a library was loaded, and what answers otherwise? */
export async function run(bench: Bench): Promise<void> {
  const desk = adapterDesk(bench);
  const open = async (name: string) => {
    const page = await openRealm({ name, bench }); // [1]
    const before = surfaceOf(page.window); // [2]
    return { page, changes: () => changesBetween(before, surfaceOf(page.window)) };
  };
  const without = await open('without');
  const shimmed = await open('adapter');
  const peerjs = await open('peerjs');

  const { default: adapter } = await shimmed.page.load('adapter'); // [3]
  await peerjs.page.load('peerjs');
  const { browser, version } = adapter.browserDetails; // [4]
  const found = {
    detected: `${browser} ${version}`,
    changes: shimmed.changes(),
    ofPeerJs: peerjs.changes(),
    ofNothing: without.changes(),
    probes: probes.length,
  };
  desk.told.value = { ...found, rows: [] };

  for (const probe of probes) {
    const answers = await Promise.all([put(probe, without.page.window), put(probe, shimmed.page.window)]); // [5]
    const row = { probe, without: answers[0], with: answers[1] };
    desk.told.value = { ...found, rows: [...desk.told.value.rows, row] };
  }
}
/*
[1] A hidden frame of this site: its globals are its own, and what is done to them ends with the run. The page that
    you are reading stays as it is.
[2] Every property of every object of WebRTC and of capture, as getOwnPropertyDescriptor() gives it.
[3] That is all it takes: the shim patches while it is loaded. Nobody has to call anything.
[4] It decides by the name and version of the browser which patches are due.
[5] The same question to both pages at the same time: a row differs if the two answers do.
*/
