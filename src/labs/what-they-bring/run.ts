import { openRealm } from '../../lab-kit/compare/open-realm.ts';
import type { Bench } from '../../rtc/index.ts';
import { defaultServers, libraries, look, report, whatChanged } from './unpack.ts';

/** Loads each library into an empty page of its own, and looks at what is other than before. Nobody is called. */
export async function run(bench: Bench): Promise<void> {
  for (const library of libraries) {
    const page = await openRealm({ name: library, bench }); // [1]
    const before = look(page.window);
    const beganMs = performance.now();
    const loaded = await page.load(library); // [2]
    const loadedMs = performance.now() - beganMs;
    const after = look(page.window);
    report(bench, {
      library,
      sizeBytes: after.sizeBytes - before.sizeBytes, // [3]
      loadedMs,
      changed: whatChanged(before, after), // [4]
      servers: defaultServers(loaded), // [5]
    });
  }
}
/*
[1] A hidden frame of this site: what a library changes of its globals, no other page sees.
[2] import(), as your own code would load it. PeerJS opens a connection while it is loaded, only to see what the browser
    can do; it is in the record.
[3] As the browser counts it: scripts of this page, unpacked (decodedBodySize, Resource Timing). A bundler may cut off parts that nobody uses.
[4] Names that are new on window, and members of the browser’s own classes that are other functions than before.
[5] Read from the library itself. It would ask them if it were given no configuration.
*/
