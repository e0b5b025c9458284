import { defineExercise } from '../../lab-kit/exercise/define.ts';
import { Rendered, openPlace } from '../../lab-kit/exercise/rendered.ts';
import { DESK, DrawnScreens } from '../../rtc/media/drawn-display.ts';

type Call = { readonly method: string; readonly options: unknown; readonly outcome: string };

interface Facts {
  /** What was called at the stand-in while the user was ready to share. */
  calls: Call[];
  given?: unknown;
  chosen?: MediaStream | undefined;
  rendered?: Rendered;
  /** What came of a “no” and of a screen that cannot be read. */
  no?: string;
  unreadable?: string;
}

/** How fast a page may be captured at most, as the notes had it. */
const MAX_FRAME_RATE = 15;

/** Objects of the learner's code are of another realm: `instanceof` does not know them. */
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isStream = (value: unknown): value is MediaStream => isObject(value) && 'getVideoTracks' in value;

const frameRateOf = (options: unknown): number | undefined => {
  const video: unknown = isObject(options) ? Reflect.get(options, 'video') : undefined;
  const rate: unknown = isObject(video) ? Reflect.get(video, 'frameRate') : undefined;
  if (typeof rate === 'number') return rate;
  const limits = ['max', 'ideal'].map((name): unknown =>
    isObject(rate) ? Reflect.get(rate, name) : undefined,
  );
  return limits.find((limit) => typeof limit === 'number');
};

export default defineExercise<Facts>({
  kind: 'repair',
  title: 'The screen, and not the camera',
  task: [
    'This is how a screen was captured when only one browser could, behind a setting. Today Chromium refuses it, and Firefox ignores the part that it does not know and opens the camera.',
    'Repair `shareScreen()`. It is called in a click, and gets an object of the shape of `navigator.mediaDevices` that draws a desktop instead of asking you. At most 15 frames a second are wanted. When the user says no, give `null`; every other error is the caller’s.',
  ],
  hints: [
    'A camera is asked for with `getUserMedia()`. Which method of the same object asks for a screen?',
    'The user chooses what is captured: `min`, `exact` and `advanced` are refused. `max` and `ideal` scale what was chosen. And a click is forgotten while you wait for something else.',
    '`getDisplayMedia({ video: { frameRate: { max: 15 } } })`, first thing. A “no” is a `NotAllowedError`: return `null` for that name only.',
  ],
  limitMs: 6_000,
  facts: () => ({ calls: [] }),
  async play({ bench, tools, facts, call, signal }) {
    const camera = await tools.media('alice');
    let isActive = false;
    let refusal: DOMException | undefined;
    const screens = new DrawnScreens({
      signal,
      isActive: () => isActive,
      refusal: () => refusal,
      display: { width: 640, height: 360, frameRate: MAX_FRAME_RATE },
    });
    const noted = async (method: string, options: unknown, open: () => Promise<MediaStream>) => {
      const list = facts.calls;
      try {
        const stream = await open();
        list.push({ method, options, outcome: 'resolved' });
        return stream;
      } catch (error) {
        list.push({ method, options, outcome: (error as Error).name });
        throw error;
      }
    };
    const devices = Object.assign(new EventTarget(), {
      enumerateDevices: () => screens.enumerateDevices(),
      getSupportedConstraints: () => screens.getSupportedConstraints(),
      getDisplayMedia: (options?: DisplayMediaStreamOptions) =>
        noted('getDisplayMedia', options, () => screens.getDisplayMedia(options)),
      getUserMedia: (options?: MediaStreamConstraints) =>
        noted('getUserMedia', options, async () => {
          await Promise.resolve();
          isActive = false; // people take their time with a question
          return camera.clone();
        }),
    });
    const click = async () => {
      isActive = true;
      try {
        return await call('shareScreen', devices);
      } finally {
        isActive = false;
      }
    };
    const outcome = async (error: DOMException) => {
      const kept = facts.calls;
      facts.calls = [];
      refusal = error;
      try {
        const given = await click();
        return given === null ? 'null' : given === undefined ? 'undefined' : 'a value';
      } catch (thrown) {
        return `thrown: ${(thrown as Error).message}`;
      } finally {
        facts.calls = kept;
      }
    };

    facts.given = await click();
    facts.chosen = screens.display?.stream;
    const video = Object.assign(document.createElement('video'), { muted: true, autoplay: true });
    openPlace(signal).append(video);
    const tracks = () => facts.chosen?.getTracks() ?? [];
    facts.rendered = new Rendered(
      () => video,
      tracks,
      () => bench.timeline.nowMs,
      signal,
    );
    if (isStream(facts.given)) video.srcObject = facts.given;
    facts.no = await outcome(new DOMException('Permission denied', 'NotAllowedError'));
    facts.unreadable = await outcome(new DOMException('Could not start video source', 'NotReadableError'));
  },
  checks: [
    {
      id: 'asked',
      title: 'The screen is asked for, in the click',
      when: 'end',
      hint: 'A promise that is awaited before is time in which the click is forgotten.',
      pass({ facts: { calls } }) {
        const said = calls.map(({ method, outcome }) => `\`${method}()\` ${outcome}`).join(', then ');
        return {
          ok: calls.length === 1 && calls[0]?.method === 'getDisplayMedia' && calls[0].outcome === 'resolved',
          saw: calls.length === 0 ? 'Nothing was asked for.' : `${said}.`,
          wanted: '`getDisplayMedia()`, and nothing before it.',
        };
      },
    },
    {
      id: 'rate',
      title: 'At most 15 frames a second',
      when: 'end',
      hint: 'A number, `ideal` or `max`; the names of today.',
      pass({ facts: { calls } }) {
        const asked = calls.find(({ method }) => method === 'getDisplayMedia');
        const rate = frameRateOf(asked?.options);
        return {
          ok: rate !== undefined && rate <= MAX_FRAME_RATE,
          saw: !asked
            ? 'No screen was asked for.'
            : rate === undefined
              ? 'No frame rate was asked for.'
              : `A frame rate of ${rate} was asked for.`,
          wanted: '15 or less, in `video.frameRate`.',
        };
      },
    },
    {
      id: 'screen',
      title: 'What it gives is the screen',
      hint: 'Return the stream of `getDisplayMedia()` itself.',
      pass({ facts: { given, chosen, rendered } }) {
        const frames = rendered?.frames.filter(({ peer }) => peer === DESK).length ?? 0;
        const isChosen = isStream(given) && chosen !== undefined;
        return {
          ok: frames >= 3,
          saw: !isStream(given)
            ? 'It gave no stream.'
            : isChosen && rendered && rendered.tracks.some((track) => chosen.getTracks().includes(track))
              ? `${frames} frames of the drawn desktop were read from its pixels.`
              : 'It gave a stream that is not of the chosen screen.',
          wanted: 'A stream of the chosen screen, with frames in it.',
          final: rendered !== undefined && !isChosen,
        };
      },
    },
    {
      id: 'no',
      title: 'A “no” is null',
      when: 'end',
      hint: 'What is the name of the error when the user says no?',
      pass: ({ facts: { no } }) => ({
        ok: no === 'null',
        saw: no === undefined ? 'It did not come so far.' : `After \`NotAllowedError\`: ${no}.`,
        wanted: '`null`: the user is free to say no, and that is no fault.',
      }),
    },
    {
      id: 'others',
      title: 'Every other error is thrown',
      when: 'end',
      hint: 'Whoever called you can say what to do about it; `null` would say that the user did not want to.',
      pass: ({ facts: { unreadable } }) => ({
        ok: unreadable?.startsWith('thrown') === true && unreadable.includes('Could not start video source'),
        saw:
          unreadable === undefined ? 'It did not come so far.' : `After \`NotReadableError\`: ${unreadable}.`,
        wanted: 'The same error, thrown.',
      }),
    },
  ],
});
