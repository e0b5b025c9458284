import { openMediaDevices, type DeviceSource } from '../../rtc/index.ts';
import { defineExercise } from '../../lab-kit/exercise/define.ts';
import type { Check } from '../../lab-kit/exercise/define.ts';

/** What the page can tell a person. `open()` gives one of them, as it is. */
export interface Messages {
  /** Allow the camera in the site's settings. */
  readonly allow: string;
  /** Plug a camera in. */
  readonly plugIn: string;
  /** Close the program that has the camera. */
  readonly closeOther: string;
  /** No camera here can do what was asked for. */
  readonly askLess: string;
  /** Open the page by https. */
  readonly goSecure: string;
}

const messages: Messages = {
  allow: 'Allow the camera in the settings beside the address bar, then try again.',
  plugIn: 'No camera was found. Plug one in, then try again.',
  closeOther: 'Another program has the camera. Close it, then try again.',
  askLess: 'No camera here has such a picture. Try a smaller one.',
  goSecure: 'This page was loaded without https, so it cannot use a camera.',
};

interface Facts {
  /** What `open()` gave, or that it threw, by case. */
  readonly gave: Map<string, { readonly value: unknown } | { readonly threw: string }>;
  stream?: MediaStream;
}

/** Each case: what `getUserMedia()` rejects with, and what a person should read. */
const cases = [
  ['refused', 'NotAllowedError', 'allow'],
  ['missing', 'NotFoundError', 'plugIn'],
  ['taken', 'NotReadableError', 'closeOther'],
  ['too-much', 'OverconstrainedError', 'askLess'],
] as const;

/** Devices that reject with an error of that name. Its message is another one each time: browsers' differ. */
function refusing(name: string): DeviceSource {
  const fail = () => {
    const error = new DOMException(crypto.randomUUID(), name);
    return Promise.reject(
      name === 'OverconstrainedError' ? Object.assign(error, { constraint: 'width' }) : error,
    );
  };
  return Object.assign(new EventTarget(), {
    getUserMedia: fail,
    enumerateDevices: () => Promise.resolve([]),
    getSupportedConstraints: () => ({}),
  });
}

const giving = (stream: MediaStream): DeviceSource =>
  Object.assign(new EventTarget(), {
    getUserMedia: () => Promise.resolve(stream),
    enumerateDevices: () => Promise.resolve([]),
    getSupportedConstraints: () => ({}),
  });

const said = ({ gave }: Facts, id: string): string => {
  const answer = gave.get(id);
  if (!answer) return 'It did not come to that.';
  if ('threw' in answer) return `\`open()\` threw: ${answer.threw}`;
  const name = Object.entries(messages).find(([, text]) => text === answer.value)?.[0];
  if (name) return `\`open()\` gave \`messages.${name}\`.`;
  return answer.value instanceof MediaStream
    ? '`open()` gave a stream.'
    : `\`open()\` gave \`${String(answer.value).slice(0, 60)}\`.`;
};

const tells = (id: string, title: string, wanted: keyof Messages, hint: string): Check<Facts> => ({
  id,
  title,
  hint,
  pass: ({ facts }) => {
    const answer = facts.gave.get(id);
    return {
      ok: answer !== undefined && 'value' in answer && answer.value === messages[wanted],
      saw: said(facts, id),
      wanted: `\`messages.${wanted}\`.`,
      ...(answer && { final: true }),
    };
  },
});

export default defineExercise<Facts>({
  kind: 'complete',
  title: 'Say it so that people can act',
  task: [
    'Write `open()`. It asks `mediaDevices` for a camera and gives the stream. When that fails, it gives the one of `messages` that helps; what it does not know it throws on, so that somebody finds the bug.',
    'It is called seven times. The refusals are injected, the errors have the standard’s names, and `mediaDevices` is `undefined` once, as it is without https.',
  ],
  hints: [
    'Every `DOMException` has a `name`. Its `message` is for developers, and each browser has its own.',
    'Look whether there are `mediaDevices` before the call; the rest is a `try`, a `catch` and a `switch` on `error.name`.',
    'NotAllowedError: allow. NotFoundError: plugIn. NotReadableError: closeOther. OverconstrainedError: askLess. default: `throw error`.',
  ],
  limitMs: 6_000,
  facts: () => ({ gave: new Map() }),
  async play({ bench, tools, facts, call }) {
    const stream = await tools.media('alice');
    facts.stream = stream;
    const attempt = async (id: string, source: DeviceSource | undefined) => {
      try {
        const devices = source && openMediaDevices('alice', bench, source);
        facts.gave.set(id, { value: await call('open', devices, messages) });
      } catch (error) {
        facts.gave.set(id, { threw: error instanceof Error ? error.message : String(error) });
      }
    };
    const shuffled = cases.map((one) => [Math.random(), one] as const).toSorted(([a], [b]) => a - b);
    for (const [, [id, name]] of shuffled) await attempt(id, refusing(name));
    await attempt('insecure', undefined);
    await attempt('unknown', refusing('DataCloneError'));
    await attempt('opened', giving(stream));
  },
  checks: [
    tells('refused', 'Not allowed: say where to allow it', 'allow', 'The name is NotAllowedError.'),
    tells('missing', 'Not found: say that one is needed', 'plugIn', 'The name is NotFoundError.'),
    tells('taken', 'Not readable: say what to close', 'closeOther', 'The name is NotReadableError.'),
    tells(
      'too-much',
      'Overconstrained: say that it is too much',
      'askLess',
      'The name is OverconstrainedError.',
    ),
    tells(
      'insecure',
      'No mediaDevices: say that https is missing',
      'goSecure',
      'A property of `undefined` cannot be read: look first.',
    ),
    {
      id: 'unknown',
      title: 'Anything else is thrown on',
      hint: 'An error that nobody expected is a bug: `throw error` in the default.',
      pass: ({ facts }) => {
        const answer = facts.gave.get('unknown');
        return {
          ok: answer !== undefined && 'threw' in answer,
          saw: said(facts, 'unknown'),
          wanted: 'The error itself, thrown.',
          ...(answer && { final: true }),
        };
      },
    },
    {
      id: 'opened',
      title: 'And when there is a camera, its stream',
      hint: '`return` what `getUserMedia()` gives.',
      pass: ({ facts }) => {
        const answer = facts.gave.get('opened');
        const asked = facts.stream;
        return {
          ok: asked !== undefined && answer !== undefined && 'value' in answer && answer.value === asked,
          saw: said(facts, 'opened'),
          wanted: 'The stream that `getUserMedia()` resolved with.',
          ...(answer && { final: true }),
        };
      },
    },
  ],
});
