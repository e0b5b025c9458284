import { broadcastPaths } from '../../protocol/broadcast.ts';
import { defineExercise } from '../../lab-kit/exercise/define.ts';
import { play } from '../../rtc/broadcast/whep.ts';
import { enterRoom } from '../../rtc/middlebox/room.ts';
import { openSyntheticMedia } from '../../rtc/media/synthetic.ts';
import type { Whip } from './whip.ts';

/** Small, so that any machine encodes it in time. */
const SMALL = { width: 160, height: 90, frameRate: 15 };
const FRAMES = 5;
const LOOK_MS = 50;
const STEP_LIMIT_MS = 8_000;

/** One request of the learner's, and what the server said. */
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
  readonly status: number;
}

interface Facts {
  endpoint: string;
  readonly asked: Asked[];
  /** What the server named in its 201. */
  session: string;
  sawFrames: boolean;
  isStopped: boolean;
  /** The status of the session's address when all was over: 404 where it has ended. */
  after: number | undefined;
  isOver: boolean;
}

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const line = ({ method, path, status }: Asked) => `${method} ${path} → ${status}`;
const story = ({ asked }: Facts) =>
  asked.length === 0 ? 'No request was sent.' : `${asked.map(line).join(', ')}.`;
const isCandidate = ({ body }: Asked) => /^a=candidate:/m.test(body) && /^a=ice-ufrag:/m.test(body);

export default defineExercise<Facts>({
  kind: 'complete',
  title: 'Write a WHIP client',
  task: [
    'Write `publish()`. It gets the address of a WHIP endpoint of this site, a token, a stream, and `createPeer()`. It publishes the stream and returns a function that ends it. Use the `fetch` that is handed over: it is the browser’s own, and we note what passes.',
    'By the rules of RFC 9725: POST the offer as `application/sdp` with the token, take the answer out of the 201, and remember its `Location`. Send candidates that are found later to that address by PATCH, as `application/trickle-ice-sdpfrag`, with the `ETag` as `If-Match`. End with DELETE.',
  ],
  hints: [
    'Three requests, two addresses: the endpoint for the first one, the `Location` for the others. It is relative: `new URL(location, response.url)`.',
    'A fragment has the lines `a=ice-ufrag:` and `a=ice-pwd:` out of your description, `m=` and `a=mid:` of its first m-section, and an `a=candidate:` line for each new candidate.',
    'Listen to `icecandidate` before `setLocalDescription()`, keep what is found until the answer is there, then PATCH each with `If-Match: etag`. In the function that you return: `fetch(session, { method: "DELETE", headers })`, then `pc.close()`.',
  ],
  peers: ['alice', 'bob'],
  limitMs: 25_000,
  facts: () => ({
    endpoint: '',
    asked: [],
    session: '',
    sawFrames: false,
    isStopped: false,
    after: undefined,
    isOver: false,
  }),
  async play({ bench, tools, facts, call, signal }) {
    const room = await enterRoom(bench, ['alice', 'bob']);
    const { whip, whep } = broadcastPaths(room.id);
    facts.endpoint = whip;
    const { token } = await room.seat('alice').ask('broadcast:token', { scope: 'publish' });
    const noted: typeof fetch = async (input, init) => {
      const request = new Request(input, init);
      const body = await request.clone().text();
      const response = await fetch(request);
      const path = new URL(request.url).pathname;
      facts.asked.push({
        method: request.method,
        path,
        headers: request.headers,
        body,
        status: response.status,
      });
      if (response.status === 201)
        facts.session = new URL(response.headers.get('Location') ?? '', response.url).pathname;
      return response;
    };
    const { stream } = openSyntheticMedia({ peer: 'alice', signal, audio: false, video: SMALL });
    const given: Whip = {
      endpoint: whip,
      token,
      stream,
      createPeer: () => tools.createPeer('alice'),
      fetch: noted,
    };
    try {
      const stop = await call('publish', given);
      if (facts.session === '') return;
      const until = async (holds: () => boolean | Promise<boolean>) => {
        const endMs = performance.now() + STEP_LIMIT_MS;
        while (!(await holds()) && performance.now() < endMs) {
          signal.throwIfAborted();
          await after(LOOK_MS);
        }
        return holds();
      };
      const isUp = () => bench.connections.get('alice')?.connectionState === 'connected';
      if (!(await until(isUp))) return;
      const viewing = await room.seat('bob').ask('broadcast:token', { scope: 'view' });
      const bob = tools.createPeer('bob');
      await play(bob, { endpoint: whep, token: viewing.token, signal });
      facts.sawFrames = await until(async () => {
        const stats = [...(await bob.getStats()).values()] as { type: string; framesDecoded?: number }[];
        return stats.some(({ type, framesDecoded = 0 }) => type === 'inbound-rtp' && framesDecoded >= FRAMES);
      });
      await until(() => facts.asked.some((asked) => asked.method === 'PATCH'));
      if (typeof stop !== 'function') return;
      await (stop as () => Promise<void>)();
      facts.isStopped = true;
      const left = await fetch(facts.session, { headers: { Authorization: `Bearer ${token}` } });
      facts.after = left.status;
    } finally {
      facts.isOver = true;
    }
  },
  checks: [
    {
      id: 'post',
      title: 'The offer is posted, with the token, and answered with 201',
      hint: 'Which two headers does the request need, and what is its body?',
      pass({ facts }) {
        const [first] = facts.asked;
        const isRight =
          first?.method === 'POST' &&
          first.path === facts.endpoint &&
          (first.headers.get('Content-Type') ?? '').startsWith('application/sdp') &&
          first.body.startsWith('v=0');
        return {
          ok: isRight && first.status === 201,
          final: facts.isOver || (first !== undefined && first.status !== 201),
          saw: story({ ...facts, asked: facts.asked.slice(0, 1) }),
          wanted: `POST ${facts.endpoint || 'to the endpoint'} → 201, as application/sdp.`,
        };
      },
    },
    {
      id: 'connected',
      title: 'The connection is up, and a viewer sees alice’s pictures',
      hint: 'The answer is the body of the 201. And does the connection send your tracks?',
      pass: (witness) => ({
        ok: witness.facts.sawFrames,
        final: witness.facts.isOver,
        saw: `alice’s connection is \`${witness.state('alice')}\`; a viewer by WHEP ${witness.facts.sawFrames ? 'has decoded her frames' : 'has seen nothing'}.`,
        wanted: `${FRAMES} frames of hers at a viewer.`,
      }),
    },
    {
      id: 'patch',
      title: 'Candidates follow by PATCH',
      hint: 'To which address, with which type? And a fragment without `a=ice-ufrag:` says of nobody what it says.',
      pass({ facts }) {
        const patches = facts.asked.filter(({ method }) => method === 'PATCH');
        const good = patches.filter((asked) => asked.status === 204 && isCandidate(asked));
        const bad = patches.filter(({ status }) => status >= 400);
        return {
          ok: good.length > 0 && bad.length === 0,
          final: facts.isOver,
          saw: story({ ...facts, asked: patches }),
          wanted: 'One PATCH or more to the session, with candidates, each answered with 204.',
        };
      },
    },
    {
      id: 'delete',
      title: 'It ends with DELETE, and the session is gone',
      hint: 'What has to be deleted is the session, not the endpoint.',
      pass({ facts }) {
        const gone = facts.asked.filter(({ method }) => method === 'DELETE');
        return {
          ok:
            gone.some(({ path, status }) => path === facts.session && status === 200) && facts.after === 404,
          final: facts.isOver,
          saw: `${gone.length === 0 ? 'No DELETE was sent.' : `${gone.map(line).join(', ')}.`}${facts.after === undefined ? '' : ` Asked afterwards, the session’s address says ${facts.after}.`}`,
          wanted: 'DELETE to the session → 200, and 404 afterwards.',
        };
      },
    },
  ],
});
