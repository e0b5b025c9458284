import { openMediaDevices, type Bench } from '../../rtc/index.ts';
import { mediaContext } from '../../rtc/media/camera.ts';
import { explainMediaError } from '../../rtc/media/explain-media-error.ts';
import { cameraOf, requestDesk, type Controls } from './camera.ts';

/** Opens a camera, and asks it for something else as often as the panel wants. */
export async function run(bench: Bench<Controls>): Promise<void> {
  const desk = requestDesk(bench);
  const mediaDevices = openMediaDevices('alice', bench, cameraOf(bench)); // [1]
  const open = async (video: boolean | MediaTrackConstraints) => {
    const stream = await mediaDevices.getUserMedia({ video }); // [2]
    return stream.getVideoTracks()[0]!;
  };

  let track = await open(true).catch(async (error: unknown) => {
    throw explainMediaError(error, await mediaContext({ audio: false, video: true }));
  });
  desk.told.value = { track, asked: {} };

  for await (const { constraints, opens } of desk.wishes(bench.signal)) {
    try {
      if (opens) {
        const other = await open(constraints); // [3]
        track.stop();
        track = other;
      } else {
        await track.applyConstraints(constraints); // [4]
      }
      desk.told.value = { track, asked: constraints };
    } catch (error) {
      desk.told.value = { track, asked: constraints, refused: error as OverconstrainedError }; // [5]
    }
  }
}
/*
[1] Your camera, a bare canvas track, or a virtual camera of this site that selects its settings as the standard says.
[2] `video: true` leaves everything to the browser. Most give 640 × 480 then, whatever the camera could do.
[3] Constraints can choose among cameras here: the one that comes nearest is opened.
[4] The open track is set to something else. It replaces all constraints from before, also those left out.
[5] Nothing has changed then: the track goes on as it was. `error.constraint` names what was impossible.
*/
