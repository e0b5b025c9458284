import { defineExercise } from '../../lab-kit/exercise/define.ts';
import { every } from '../../rtc/media/ticker.ts';

/** Side of the mark, pixels of a picture of 320 × 180. */
const MARK = 40;
const FRAMES_A_SECOND = 30;
/** So many frames are handed over. */
const FRAMES = 60;
/** 20 of 30. */
const SHARE = 2 / 3;
/** How far a colour may be off at the other end, 0 … 255: codecs smear. */
const COLOUR_OFF = 70;

const COLOURS = [
  { name: 'magenta', css: '#ff00ff', rgb: [255, 0, 255] },
  { name: 'yellow', css: '#ffff00', rgb: [255, 255, 0] },
  { name: 'cyan', css: '#00ffff', rgb: [0, 255, 255] },
] as const;
type Colour = (typeof COLOURS)[number];

interface Facts {
  readonly colour: Colour;
  given: VideoFrame[];
  /** Came while the one before was still being worked on. */
  missed: number;
  returned: number;
  /** Of these, with the timestamp of the frame that was given. */
  timed: number;
  /** At bob's end, what the middle of the mark looks like: red, green, blue. */
  seen: readonly [number, number, number] | undefined;
  problem: string;
  isPlayed: boolean;
}

/** As the browser says, not as an object says of itself. A closed frame has no size (WebCodecs, VideoFrame). */
const widthOf = Object.getOwnPropertyDescriptor(globalThis.VideoFrame?.prototype ?? {}, 'codedWidth');
const isOpen = (frame: VideoFrame) => widthOf?.get?.call(frame) !== 0;

const isNear = ({ colour, seen }: Facts) =>
  seen !== undefined &&
  seen.every((value, index) => Math.abs(value - (colour.rgb[index] ?? 0)) <= COLOUR_OFF);

export default defineExercise<Facts>({
  kind: 'complete',
  title: 'A mark on each frame',
  task: [
    'Write `stamp()`. It gets a frame and a colour, and returns a new `VideoFrame`: the same picture with a square of 40 × 40 pixels in that colour in its upper right corner, and with the same timestamp. It is called 30 times a second, and what it returns is sent to bob.',
    'A frame that you were given is yours: when you have made the new one, close it. The one that you return is closed by whoever sends it.',
  ],
  hints: [
    'A frame can be drawn like an image: `context.drawImage(frame, 0, 0)`. And a `VideoFrame` can be made of a canvas.',
    '`new VideoFrame(canvas, { timestamp })` needs the timestamp. What has to happen to the old frame after that?',
    'Draw the frame onto one `OffscreenCanvas` of its size, fill the square with `fillRect(canvas.width - 40, 0, 40, 40)`, make the new frame with `{ timestamp: frame.timestamp }`, call `frame.close()`, return the new one.',
  ],
  limitMs: 10_000,
  facts: () => ({
    colour: COLOURS[Math.floor(Math.random() * COLOURS.length)] ?? COLOURS[0],
    given: [],
    missed: 0,
    returned: 0,
    timed: 0,
    seen: undefined,
    problem: '',
    isPlayed: false,
  }),
  async play({ tools, facts, call, signal }) {
    const stream = await tools.media('alice');
    const source = await playing(new MediaStream(stream.getVideoTracks()), signal);
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
    const context = canvas.getContext('2d', { alpha: false });
    await connect(
      tools.createPeer('alice'),
      tools.createPeer('bob'),
      canvas.captureStream(FRAMES_A_SECOND),
      (atBob) => watch(atBob, facts, signal),
    );
    signal.addEventListener('abort', () => {
      for (const frame of facts.given) frame.close();
    });
    const done = new AbortController();
    let isBusy = false;
    const hand = async () => {
      const frame = new VideoFrame(source, { timestamp: Math.round(performance.now() * 1000) });
      const { timestamp } = frame;
      facts.given.push(frame);
      // A copy is as much of a burden as the original.
      const clone = frame.clone.bind(frame);
      const copies = () => {
        const copy = clone();
        facts.given.push(copy);
        return copy;
      };
      Object.defineProperty(frame, 'clone', { value: copies });
      const stamped = (await call('stamp', frame, facts.colour.css)) as VideoFrame | undefined;
      if (!stamped) return;
      context?.drawImage(stamped, 0, 0, canvas.width, canvas.height);
      facts.returned += 1;
      if (stamped.timestamp === timestamp) facts.timed += 1;
      stamped.close();
    };
    let handed = 0;
    await new Promise<void>((resolve, reject) => {
      const turn = () => {
        if (done.signal.aborted) return;
        handed += 1;
        if (handed > FRAMES) return resolve();
        if (isBusy) return void (facts.missed += 1);
        isBusy = true;
        hand().then(() => (isBusy = false), reject);
      };
      every(1000 / FRAMES_A_SECOND, turn, AbortSignal.any([signal, done.signal]));
    }).finally(() => {
      done.abort();
      facts.isPlayed = true;
    });
  },
  checks: [
    {
      id: 'marked',
      title: 'bob sees the mark',
      hint: 'Which frame is returned, the one with the mark or the one without?',
      pass: ({ facts }) => ({
        ok: isNear(facts),
        saw: facts.seen
          ? `In the corner of what bob receives the colour is rgb(${facts.seen.join(', ')}).`
          : 'bob has not seen a picture yet.',
        wanted: `${facts.colour.name}, rgb(${facts.colour.rgb.join(', ')}), or nearly so.`,
        final: facts.isPlayed && facts.returned === 0,
      }),
    },
    {
      id: 'picture',
      title: 'And below it the picture goes on',
      hint: 'The counter at the lower edge of the picture must still be there, and count.',
      pass: (witness) => {
        const seen = new Set(witness.frames('bob').map(({ frame }) => frame)).size;
        return {
          ok: seen >= 15,
          saw: `bob has seen ${seen} different frames of alice’s.`,
          wanted: '15 different ones.',
          final: witness.facts.isPlayed && witness.facts.returned === 0,
        };
      },
    },
    {
      id: 'rate',
      title: 'At 20 frames a second or more',
      hint: 'While a frame is worked on, the next ones are missed.',
      pass: ({ facts }) => {
        const handed = facts.given.length + facts.missed;
        return {
          ok: facts.isPlayed && facts.returned >= FRAMES * SHARE,
          saw: `${facts.returned} of ${Math.max(handed, facts.returned)} frames came back, ${facts.missed} were missed: ${Math.round((facts.returned / FRAMES) * FRAMES_A_SECOND)} of ${FRAMES_A_SECOND} a second.`,
          wanted: `${FRAMES * SHARE} of ${FRAMES}, that is 20 of 30 a second.`,
          final: facts.isPlayed,
        };
      },
    },
    {
      id: 'time',
      title: 'Each keeps its timestamp',
      hint: 'The timestamp says when the picture was taken, not when it was stamped.',
      pass: ({ facts }) => ({
        ok: facts.isPlayed && facts.returned > 0 && facts.timed === facts.returned,
        saw: `${facts.timed} of ${facts.returned} frames had the timestamp of the one that was given.`,
        wanted: 'All of them.',
        final: facts.isPlayed,
      }),
    },
    {
      id: 'closed',
      title: 'No frame is left open',
      when: 'end',
      hint: 'Close what you were given as soon as the new frame is made, also when something goes wrong.',
      pass: ({ facts }) => {
        const open = facts.given.filter(isOpen).length;
        return {
          ok: facts.given.length > 0 && open === 0,
          saw: `${open} of ${facts.given.length} frames that were given are still open.`,
          wanted: '0: each holds its picture until it is closed.',
        };
      },
    },
  ],
});

/** A stream in an element that shows it to nobody. */
async function playing(stream: MediaStream, signal: AbortSignal): Promise<HTMLVideoElement> {
  const video = document.createElement('video');
  Object.assign(video, { srcObject: stream, muted: true, playsInline: true });
  signal.addEventListener('abort', () => (video.srcObject = null), { once: true });
  await video.play();
  return video;
}

async function connect(
  alice: RTCPeerConnection,
  bob: RTCPeerConnection,
  stream: MediaStream,
  onPicture: (stream: MediaStream) => void,
): Promise<void> {
  for (const [one, other] of [
    [alice, bob],
    [bob, alice],
  ] as const)
    one.addEventListener(
      'icecandidate',
      ({ candidate }) => void other.addIceCandidate(candidate ?? undefined),
    );
  bob.addEventListener('track', ({ streams: [remote] }) => remote && onPicture(remote));
  for (const track of stream.getTracks()) alice.addTrack(track, stream);
  await alice.setLocalDescription();
  if (alice.localDescription) await bob.setRemoteDescription(alice.localDescription);
  await bob.setLocalDescription();
  if (bob.localDescription) await alice.setRemoteDescription(bob.localDescription);
}

/** Looks at the corner of what arrives, several times a second. */
function watch(stream: MediaStream, facts: Facts, signal: AbortSignal): void {
  const video = document.createElement('video');
  Object.assign(video, { srcObject: stream, muted: true, playsInline: true });
  video.play().catch(() => {}); // the attempt is over
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const look = () => {
    if (video.videoWidth === 0 || !context) return;
    // The middle of the mark, on the scale of whatever size has arrived.
    const scale = video.videoWidth / 320;
    context.drawImage(video, video.videoWidth - (MARK / 2) * scale, (MARK / 2) * scale, 1, 1, 0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
    facts.seen = [red, green, blue];
  };
  every(200, look, signal);
  signal.addEventListener('abort', () => (video.srcObject = null), { once: true });
}
