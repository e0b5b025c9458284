/** What the doctor reads of a received picture and of the element that shows it. All of it is live state. */
export interface Reading {
  readonly connection: RTCPeerConnectionState | 'none';
  /** Frames decoded in the last second, as `getStats()` counts them. */
  readonly decodedPerSecond: number;
  /** The video track that the connection received; undefined before there is one. */
  readonly track: Pick<MediaStreamTrack, 'readyState' | 'muted' | 'enabled'> | undefined;
  /** What the element's `srcObject` holds. */
  readonly srcObject: 'null' | 'without-video' | 'other-video' | 'received-video';
  readonly inPage: boolean;
  /** The element has a box: no `display: none` on it or above it. */
  readonly displayed: boolean;
  readonly paused: boolean;
  readonly autoplay: boolean;
  /** Name of what the last `play()` rejected with. */
  readonly playError: string | undefined;
  /** `HTMLMediaElement.readyState`, 0 … 4. */
  readonly readyState: number;
  readonly videoWidth: number;
  readonly videoHeight: number;
  readonly pixels: Pixels;
}

/** What comes of drawing the element several times: nothing drawn, black, the same picture again, another one. */
export type Pixels = 'none' | 'black' | 'still' | 'changing';

/** One point of the checklist. */
export interface Point {
  readonly id: string;
  readonly title: string;
  readonly ok: boolean;
  /** What was read, in the API's own words. */
  readonly saw: string;
  /** What to do when it is not as it should be. */
  readonly todo: string;
}

/** Fewer than this is no moving picture: a track that gives nothing is repeated once or twice a second by some browsers. */
const MIN_FRAMES_PER_SECOND = 5;

const stateNames = [
  'HAVE_NOTHING',
  'HAVE_METADATA',
  'HAVE_CURRENT_DATA',
  'HAVE_FUTURE_DATA',
  'HAVE_ENOUGH_DATA',
];

/** The checklist, from the network to the eye. The first point that is not ok is the one to repair. */
export function examine(reading: Reading): readonly Point[] {
  const { connection, decodedPerSecond, track, inPage, displayed, readyState } = reading;
  const { videoWidth, videoHeight, pixels } = reading;
  return [
    {
      id: 'connection',
      title: 'The connection is up',
      ok: connection === 'connected',
      saw: `connectionState is ${connection}`,
      todo: 'Without a path nothing arrives. The track event comes with the description and says nothing of the path.',
    },
    {
      id: 'decoded',
      title: 'Frames are decoded',
      ok: decodedPerSecond >= MIN_FRAMES_PER_SECOND,
      saw: `framesDecoded grows by ${Math.round(decodedPerSecond)} a second`,
      todo: 'The sender gives no new frames: its track was stopped, disabled, or taken from the sender. Nothing at this end helps.',
    },
    {
      id: 'track',
      title: 'The received track is live and enabled',
      ok: track?.readyState === 'live' && track.enabled && !track.muted,
      saw: track
        ? `readyState is ${track.readyState}, muted ${track.muted}, enabled ${track.enabled}`
        : 'there is no received video track',
      todo: trackTodo(track),
    },
    srcObjectPoint(reading),
    {
      id: 'page',
      title: 'The element is in the page and has a box',
      ok: inPage && displayed,
      saw: inPage
        ? displayed
          ? 'in the page, displayed'
          : 'in the page, display is none'
        : 'not in the page',
      todo: inPage
        ? 'It plays, and nobody sees it: take display: none away, from the element and from all above it.'
        : 'It plays, and nobody sees it: append it to the page. Did something replace the element that you gave the stream to?',
    },
    playingPoint(reading),
    {
      id: 'data',
      title: 'The element has a frame, and knows its size',
      ok: readyState >= 2 && videoWidth > 0,
      saw: `readyState is ${readyState} (${stateNames[readyState] ?? ''}), ${videoWidth} × ${videoHeight}`,
      todo: 'No frame has reached the element yet: look at the points above.',
    },
    {
      id: 'pixels',
      title: 'The pixels change',
      ok: pixels === 'changing',
      saw: pixelWords[pixels],
      todo:
        pixels === 'black'
          ? 'All is well at this end and the frames are black: the sender’s track is disabled.'
          : 'The same frame stays: look at the points above.',
    },
  ];
}

const pixelWords: Readonly<Record<Pixels, string>> = {
  none: 'nothing to draw',
  black: 'every pixel is black',
  still: 'the same picture each time',
  changing: 'another picture each time',
};

function trackTodo(track: Reading['track']): string {
  if (!track) return 'Wait for the track event, and listen before the remote description is set.';
  if (track.readyState === 'ended') return 'It has ended for good: its transceiver was stopped.';
  if (!track.enabled) return 'Set enabled to true. A disabled track shows black, whatever arrives.';
  return 'A remote track begins muted and unmutes with the first packets. Wait for unmute; do not copy muted into enabled.';
}

function srcObjectPoint({ srcObject }: Reading): Point {
  const saw: Record<Reading['srcObject'], string> = {
    null: 'srcObject is null',
    'without-video': 'the stream in srcObject has no video track',
    'other-video': 'the stream in srcObject has another video track',
    'received-video': 'srcObject has the received track',
  };
  const todo: Record<Reading['srcObject'], string> = {
    null: 'Set srcObject to event.streams[0].',
    'without-video':
      'The second track event has replaced the stream of the first. Name the stream in addTrack(track, stream) and use event.streams[0].',
    'other-video': 'It shows something else than what arrives. Set srcObject to event.streams[0].',
    'received-video': '',
  };
  return {
    id: 'srcObject',
    title: 'srcObject holds the received picture',
    ok: srcObject === 'received-video',
    saw: saw[srcObject],
    todo: todo[srcObject],
  };
}

function playingPoint({ paused, autoplay, playError }: Reading): Point {
  const refused: Readonly<Record<string, string>> = {
    NotAllowedError: 'Sound may start only after a click. Mute the element, or call play() in a click.',
    AbortError:
      'play() was interrupted by a new srcObject or by pause(). With autoplay the element starts again by itself; else call play() after the last change.',
  };
  return {
    id: 'playing',
    title: 'The element plays',
    ok: !paused,
    saw: `paused is ${paused}, autoplay ${autoplay}${playError ? `; the last play() was rejected with ${playError}` : ''}`,
    todo:
      (playError && refused[playError]) ||
      (autoplay
        ? 'It was paused: by pause(), or because it was taken out of the page. autoplay does not start it a second time: call play().'
        : 'Nobody started it: set autoplay, or await play() and look at what it rejects with.'),
  };
}

/** One sentence on the whole. */
export function verdict(points: readonly Point[]): string {
  const first = points.find(({ ok }) => !ok);
  return first ? `${first.title}: no. ${first.todo}` : 'The picture moves: nothing is wrong.';
}
