import { defineExercise } from '../../lab-kit/exercise/define.ts';
import { selectSettings, type CameraModel } from '../../rtc/media/virtual/select-settings.ts';

/** Requests whose outcome depends on the camera; the number is filled in. */
const requests: readonly ((size: number) => MediaTrackConstraints)[] = [
  (size) => ({ width: { ideal: size } }),
  (size) => ({ width: { exact: size } }),
  (size) => ({ width: { min: size } }),
  (size) => ({ width: { max: size }, resizeMode: 'none' }) as MediaTrackConstraints,
  (size) => ({ width: size, frameRate: { min: 50 } }),
  (size) => ({ advanced: [{ width: { min: size } }, { width: { exact: 320 } }] }),
];

const modes = [
  { width: 320, height: 180, frameRate: 30 },
  { width: 640, height: 360, frameRate: 30 },
  { width: 1280, height: 720, frameRate: 30 },
] as const;

const words = (constraints: MediaTrackConstraints) =>
  JSON.stringify(constraints)
    .replaceAll('"', '')
    .replaceAll(/([:,{}])(?=\S)/g, '$1 ');

export default defineExercise({
  kind: 'answer',
  title: 'What the camera does',
  task: [
    'A camera gives 320 × 180, 640 × 360 and 1280 × 720, each at up to 30 frames a second, and can be cut and scaled down from these. What width is granted? If the request is refused, write the constraint that `OverconstrainedError` names.',
    'The rules are the standard’s; the camera is one of the virtual ones of this site.',
  ],
  hints: [
    'First strike out what `exact`, `min` and `max` rule out. Is anything left?',
    'Of what is left, what comes nearest to `ideal` is taken. A number without a keyword is `ideal`.',
    '`advanced` sets are tried in their order: one that cannot be had is passed over, and in it a bare number is `exact`.',
  ],
  make(random) {
    const camera: CameraModel = {
      deviceId: 'a',
      groupId: 'a',
      label: 'Camera',
      modes: [modes[1], modes[0], modes[2]],
    };
    const sizes = [500, 960, 1280, 1600, 2000];
    return {
      head: ['Asked of the video track', 'Width, or the constraint'],
      rows: requests.map((make, index) => {
        const constraints = make(sizes[Math.floor(random() * sizes.length)] ?? 1280);
        const selected = selectSettings(camera, constraints);
        return {
          id: `r${index}`,
          cells: [words(constraints)],
          right: selected.ok ? String(selected.settings.width) : selected.constraint,
          why: selected.ok
            ? 'Something is left after what is required: take the nearest of it.'
            : 'Something required cannot be had. The error names the property, nothing else.',
        };
      }),
    };
  },
});
