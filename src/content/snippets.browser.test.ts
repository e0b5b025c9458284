import { transform } from 'sucrase';
import { expect, test } from 'vitest';
import { openSyntheticMedia } from '../rtc/media/synthetic.ts';
import { snippetsOf } from './snippets.ts';

const lessons = import.meta.glob<string>('./docs/**/*.mdx', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const running = Object.entries(lessons).flatMap(([path, text]) =>
  snippetsOf(text)
    .filter(({ runs }) => runs)
    .map(({ line, code }) => ({ where: `${path.replace('./docs/', '')}:${line}`, code })),
);

/** Longest that a snippet may take, in milliseconds. */
const LIMIT_MS = 4_000;

/** What `snippets.d.ts` promises, for real: two fresh connections, an offer of the other one, a picture and a tone. */
async function open(signal: AbortSignal): Promise<Record<string, unknown>> {
  const [pc, other] = [new RTCPeerConnection(), new RTCPeerConnection()];
  signal.addEventListener('abort', () => [pc, other].forEach((one) => one.close()));
  const { stream } = openSyntheticMedia({ peer: 'bob', signal });
  for (const track of stream.getTracks()) other.addTrack(track, stream);
  const offer = await other.createOffer();
  const nothing = () => undefined;
  return {
    pc,
    other,
    stream,
    track: stream.getVideoTracks()[0],
    video: Object.assign(document.createElement('video'), { muted: true }),
    audio: document.createElement('audio'),
    socket: { id: 'alice', on: nothing, emit: nothing },
    send: nothing,
    show: nothing,
    offer,
    description: offer,
    iceServers: [],
    username: 'ann',
    credential: 'secret',
    polite: true,
    makingOffer: false,
  };
}

test.each(running)('$where runs as it stands', async ({ code }) => {
  const ending = new AbortController();
  const names = await open(ending.signal);
  const { code: script } = transform(`return (async () => {${code}\n})();`, {
    transforms: ['typescript'],
    disableESTransforms: true,
  });
  // oxlint-disable-next-line typescript/no-implied-eval -- the lesson's own text, in a test
  const run = new Function(...Object.keys(names), script) as (...values: unknown[]) => Promise<unknown>;
  const late = new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`it takes longer than ${LIMIT_MS} ms`)), LIMIT_MS);
  });
  try {
    await Promise.race([run(...Object.values(names)), late]);
  } finally {
    ending.abort();
  }
});

test('lessons have snippets that run', () => {
  expect(running.length).toBeGreaterThan(5);
});
