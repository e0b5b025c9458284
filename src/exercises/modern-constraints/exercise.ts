import { openMediaDevices } from '../../rtc/index.ts';
import { VirtualDevices, type VirtualCamera } from '../../rtc/media/virtual/devices.ts';
import { defineExercise } from '../../lab-kit/exercise/define.ts';

const camera = (id: string, ...modes: VirtualCamera['modes']): VirtualCamera => ({
  kind: 'videoinput',
  deviceId: id,
  groupId: id,
  label: `${id} (virtual)`,
  modes,
});
/** Three computers with a camera each. */
const cameras = {
  large: camera(
    'large',
    { width: 640, height: 480, frameRate: 30 },
    { width: 1280, height: 720, frameRate: 30 },
  ),
  plain: camera('plain', { width: 640, height: 480, frameRate: 30 }),
  small: camera('small', { width: 320, height: 240, frameRate: 30 }),
} as const;
type Place = keyof typeof cameras;

interface Facts {
  readonly came: Map<Place, MediaTrackSettings | { readonly refused: string }>;
  /** Of what came from the large camera, seen in a player. */
  seenWidth?: number;
}

const legacyWords =
  /\b(mandatory|optional|minWidth|maxWidth|minHeight|maxHeight|minFrameRate|maxFrameRate|minAspectRatio|maxAspectRatio)\b/;

const told = ({ came }: Facts, place: Place): string => {
  const answer = came.get(place);
  if (!answer) return 'It did not come to that.';
  if ('refused' in answer) return `\`${answer.refused}\``;
  return `${answer.width} × ${answer.height}, at most ${answer.frameRate} frames a second.`;
};

export default defineExercise<Facts>({
  kind: 'repair',
  title: 'Constraints of 2013',
  task: [
    'This code is from the days when Chromium alone had constraints. It means: at least 640 wide, at most 15 frames a second, and 1280 wide where that can be had. The words are not the standard’s. Chromium still reads them; Firefox takes no notice and opens whatever it likes.',
    'Say the same in the standard’s words. Your function is tried on three virtual cameras, which do what the standard says.',
  ],
  hints: [
    '`mandatory` and `optional` are gone. What must hold is said at the property: `width: { min: … }`.',
    'What would be nice is `ideal`, at the same property or in `advanced`. `exact` refuses whatever is not exactly so.',
    '`{ video: { width: { min: 640, ideal: 1280 }, frameRate: { max: 15 } } }`',
  ],
  limitMs: 8_000,
  facts: () => ({ came: new Map() }),
  async play({ bench, facts, call, signal }) {
    for (const place of Object.keys(cameras) as Place[]) {
      const devices = openMediaDevices('alice', bench, new VirtualDevices(signal, [cameras[place]]));
      try {
        const stream = (await call('openCamera', devices)) as MediaStream | undefined;
        const track = stream instanceof MediaStream ? stream.getVideoTracks()[0] : undefined;
        facts.came.set(place, track?.getSettings() ?? { refused: 'No stream with a video track' });
        if (track && place === 'large') facts.seenWidth = await widthOf(track, signal);
      } catch (error) {
        // An error that crosses from the frame of the code has lost its name; the record has it.
        const refused = bench.timeline.entries.findLast(
          (entry) => entry.kind === 'call-settled' && entry.method === 'getUserMedia' && !entry.outcome.ok,
        );
        const name =
          refused?.kind === 'call-settled' && !refused.outcome.ok ? refused.outcome.name : undefined;
        facts.came.set(place, { refused: name ?? String(error) });
      }
    }
  },
  checks: [
    {
      id: 'words',
      title: 'Only words of the standard are used',
      when: 'end',
      hint: 'What was passed to `getUserMedia()` is read, not the text of your code.',
      pass: ({ entries }) => {
        const asked = entries.flatMap((entry) =>
          entry.kind === 'call' && entry.method === 'getUserMedia' ? [entry.args.join(' ')] : [],
        );
        const legacy = asked.map((text) => legacyWords.exec(text)?.[0]).find(Boolean);
        return {
          ok: asked.length > 0 && legacy === undefined,
          saw:
            asked.length === 0
              ? '`getUserMedia()` was not called.'
              : legacy
                ? `\`${legacy}\` was passed, which is not in the standard.`
                : 'No word that is not in the standard.',
          wanted: '`width`, `frameRate`, and `min`, `max`, `ideal`, `exact` or `advanced`.',
        };
      },
    },
    {
      id: 'large',
      title: 'A camera that can give 1280 gives it',
      hint: 'It would be nice: `ideal`.',
      pass: ({ facts }) => {
        const came = facts.came.get('large');
        const ok = came !== undefined && 'width' in came && came.width === 1280 && facts.seenWidth === 1280;
        return {
          ok,
          saw: `${told(facts, 'large')}${facts.seenWidth === undefined ? '' : ` The picture in the player is ${facts.seenWidth} wide.`}`,
          wanted: '1280 wide, also in the player.',
        };
      },
    },
    {
      id: 'plain',
      title: 'One of 640 × 480 is good enough',
      hint: 'Only the 640 must hold.',
      pass: ({ facts }) => {
        const came = facts.came.get('plain');
        return {
          ok: came !== undefined && 'width' in came && came.width === 640,
          saw: told(facts, 'plain'),
          wanted: '640 wide.',
        };
      },
    },
    {
      id: 'small',
      title: 'One of 320 × 240 is refused',
      hint: '`ideal` never refuses. What must hold is `min`.',
      pass: (witness) => {
        const { facts } = witness;
        const came = facts.came.get('small');
        const refusals = witness
          .calls('alice', 'getUserMedia')
          .filter(({ outcome }) => !outcome.ok && outcome.name === 'OverconstrainedError');
        return {
          ok: came !== undefined && 'refused' in came && refusals.length > 0,
          saw: told(facts, 'small'),
          wanted: '`OverconstrainedError`: it cannot give 640.',
        };
      },
    },
    {
      id: 'rate',
      title: 'No more than 15 frames a second',
      hint: '`frameRate: { max: … }`',
      pass: ({ facts }) => {
        const rates = [...facts.came.values()].flatMap((one) =>
          'frameRate' in one ? [one.frameRate ?? 0] : [],
        );
        return {
          ok: rates.length > 0 && rates.every((rate) => rate > 0 && rate <= 15),
          saw: rates.length === 0 ? 'No camera was opened.' : `${rates.join(' and ')} frames a second.`,
          wanted: 'At most 15 from each camera.',
        };
      },
    },
  ],
});

/** How wide the picture is in a player; 0 when none comes. */
async function widthOf(track: MediaStreamTrack, signal: AbortSignal): Promise<number> {
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = new MediaStream([track]);
  const loaded = new Promise<void>((resolve) => {
    video.addEventListener('loadeddata', () => resolve(), { once: true, signal });
  });
  await video.play();
  await loaded;
  const width = video.videoWidth;
  video.srcObject = null;
  return width;
}
