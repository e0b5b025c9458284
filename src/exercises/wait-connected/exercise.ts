import { defineExercise } from '../../lab-kit/exercise/define.ts';
import type { Tools } from '../../lab-kit/exercise/tools.ts';

/** How a call of the learner's function came out. */
interface Came {
  readonly how: 'resolved' | 'rejected' | 'waiting';
  /** Milliseconds from the call on. */
  readonly tookMs: number;
  /** `connectionState` at that moment, by the browser's own word. */
  readonly state: RTCPeerConnectionState;
}

type Case = 'connects' | 'already' | 'lost' | 'closed';

/** Milliseconds that the function is given. */
const limits: Readonly<Record<Case, number>> = {
  connects: 4_000,
  already: 1_500,
  lost: 1_000,
  closed: 1_500,
};
/** What a busy machine may be late by, in milliseconds. */
const GRACE_MS = 900;

const stateOf = (pc: RTCPeerConnection) =>
  Reflect.get<RTCPeerConnection, 'connectionState'>(RTCPeerConnection.prototype, 'connectionState', pc);

const words = (came: Came | undefined, limitMs: number) => {
  if (!came) return 'It was not asked: something before it stopped.';
  const after = `${Math.round(came.tookMs)} ms after the call, with ${limitMs} ms given,`;
  return came.how === 'waiting'
    ? `${after} it was still waiting.`
    : `It ${came.how} ${Math.round(came.tookMs)} ms after the call, in \`${came.state}\`; ${limitMs} ms were given.`;
};

/** Offer and answer between two new connections. @param deliver whether candidates cross */
async function openPair(
  tools: Tools,
  deliver: boolean,
): Promise<{ pc: RTCPeerConnection; negotiate(): Promise<void> }> {
  const alice = tools.createPeer('alice');
  const bob = tools.createPeer('bob');
  alice.createDataChannel('exercise');
  const early: [RTCPeerConnection, RTCIceCandidate][] = [];
  const pass = (to: RTCPeerConnection) => (event: RTCPeerConnectionIceEvent) => {
    if (!deliver || !event.candidate) return;
    if (to.remoteDescription) void to.addIceCandidate(event.candidate);
    else early.push([to, event.candidate]);
  };
  alice.addEventListener('icecandidate', pass(bob));
  bob.addEventListener('icecandidate', pass(alice));
  const negotiate = async () => {
    await alice.setLocalDescription();
    if (alice.localDescription) await bob.setRemoteDescription(alice.localDescription);
    await bob.setLocalDescription();
    if (bob.localDescription) await alice.setRemoteDescription(bob.localDescription);
    for (const [to, candidate] of early.splice(0)) await to.addIceCandidate(candidate);
  };
  return { pc: alice, negotiate };
}

export default defineExercise({
  kind: 'complete',
  title: 'Wait until it is connected, or say that it is not',
  task: [
    'Write `waitConnected(pc, ms)`. It resolves as soon as `pc.connectionState` is `connected`. It rejects when that cannot come any more, and in any case when `ms` milliseconds are over.',
    'It is called on four connections: one that is about to connect, one that is connected already, one whose candidates are all lost, and one that was closed. It has to be right in every browser, so also in one that never reports `failed`.',
  ],
  hints: [
    'An event tells of a change. What if the change was before you listened?',
    'The connection whose candidates are lost stays `new` in Chromium. No event will come: only a timer of yours can end the wait.',
    'Write `look()`, which resolves on `connected` and rejects on `failed` and `closed`. Call it on each `connectionstatechange`, and once at the beginning. A `setTimeout()` rejects.',
  ],
  facts: () => ({ came: {} as Partial<Record<Case, Came>> }),
  async play({ tools, facts, call, openBench, signal }) {
    const ask = async (name: Case, pc: RTCPeerConnection) => {
      const startMs = performance.now();
      const came = (how: Came['how']): Came => ({
        how,
        tookMs: performance.now() - startMs,
        state: stateOf(pc),
      });
      const asked = call('waitConnected', pc, limits[name]).then(
        () => came('resolved'),
        () => came('rejected'),
      );
      const late = new Promise<Came>((resolve) => {
        const timer = setTimeout(() => resolve(came('waiting')), limits[name] + GRACE_MS);
        signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
      });
      facts.came[name] = await Promise.race([asked, late]);
    };
    const [one, lost] = await Promise.all([openPair(tools, true), openPair(openBench().tools, false)]);
    const closed = openBench().tools.createPeer('alice');
    closed.close();
    const connects = async () => {
      const asked = ask('connects', one.pc);
      await one.negotiate();
      await asked;
      await ask('already', one.pc);
    };
    const isLost = async () => {
      await lost.negotiate();
      await ask('lost', lost.pc);
    };
    await Promise.all([connects(), isLost(), ask('closed', closed)]);
  },
  checks: [
    {
      id: 'connects',
      title: 'It resolves when the connection is up, and not before',
      hint: 'Look at `pc.connectionState` and at nothing else: a path without keys is no connection.',
      pass({ facts: { came } }) {
        const one = came.connects;
        return {
          ok: one?.how === 'resolved' && one.state === 'connected',
          saw: words(one, limits.connects),
          wanted: 'It resolves, and `connectionState` is `connected` at that moment.',
          final: one !== undefined,
        };
      },
    },
    {
      id: 'already',
      title: 'It resolves at once when it is connected already',
      hint: 'No event will come: the change is over. Look before you wait.',
      pass({ facts: { came } }) {
        const one = came.already;
        return {
          ok: one?.how === 'resolved' && one.state === 'connected' && one.tookMs < GRACE_MS,
          saw: words(one, limits.already),
          wanted: 'It resolves without waiting for anything.',
          final: one !== undefined,
        };
      },
    },
    {
      id: 'lost',
      title: 'All candidates are lost: it rejects when the time is over',
      hint: 'Chromium never says `failed` here, Firefox after five seconds. Neither is your deadline.',
      pass({ facts: { came } }) {
        const one = came.lost;
        // A timer may be a millisecond early by another clock.
        return {
          ok: one?.how === 'rejected' && one.tookMs > limits.lost - 50,
          saw: words(one, limits.lost),
          wanted: `It rejects after ${limits.lost} ms.`,
          final: one !== undefined,
        };
      },
    },
    {
      id: 'closed',
      title: 'The connection is closed: it rejects without waiting',
      hint: 'A closed connection does not come back, and does not fire any event.',
      pass({ facts: { came } }) {
        const one = came.closed;
        return {
          ok: one?.how === 'rejected' && one.tookMs < limits.closed - 200,
          saw: words(one, limits.closed),
          wanted: 'It rejects at once: `connected` cannot come any more.',
          final: one !== undefined,
        };
      },
    },
  ],
});
