import { openMediaDevices, type Bench } from '../../rtc/index.ts';
import { explainMediaError } from '../../rtc/media/explain-media-error.ts';
import { askDesk } from './asking.ts';
import { Zoo } from './zoo.ts';

/** Asks for what the panel wants, as often as it wants it, and tells what came of it. */
export async function run(bench: Bench): Promise<void> {
  const desk = askDesk(bench);
  const zoo = new Zoo(); // [1]
  const mediaDevices = openMediaDevices('alice', bench, zoo); // [2]

  for await (const { constraints, refusal } of desk.wishes(bench.signal)) {
    zoo.next = refusal;
    try {
      const stream = await mediaDevices.getUserMedia(constraints); // [3]
      desk.told.value = { is: 'stream', stream };
    } catch (error) {
      const context = await zoo.context(constraints); // [4]
      desk.told.value = { is: 'refused', refusal, thrown: error, error: explainMediaError(error, context) };
    }
  }
}
/*
[1] In front of navigator.mediaDevices: it lets calls through, or answers one with the refusal that you chose.
[2] Recorded: every call and what came of it are on the timeline. The devices are released when the run ends.
[3] A promise. While the browser asks you it is pending, for as long as you leave the question open.
[4] What the error alone does not say: is the context secure, is there a Permissions-Policy, was it refused for good?
*/
