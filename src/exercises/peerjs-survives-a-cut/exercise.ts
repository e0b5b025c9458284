import type { Peer } from 'peerjs';
import { openPeerJs } from '../../lab-kit/compare/load-peerjs.ts';
import { defineExercise } from '../../lab-kit/exercise/define.ts';
import { changeNetwork } from '../../rtc/faults/network-change.ts';

const LIMIT_SEC = 8;

interface Facts {
  media: number;
  /** When alice’s connection said `disconnected`. */
  lostAtMs: number;
  /** Whether alice’s `Peer` has its line to PeerServer; undefined before it was cut. */
  isOpen: () => boolean | undefined;
}

export default defineExercise<Facts>({
  kind: 'complete',
  title: 'Survive a cut with PeerJS',
  task: [
    'alice calls bob with PeerJS and sends her picture. Then her network changes: the path of the call is dead, and so is her line to PeerServer. PeerJS does not open the line again. It closes the call when `iceConnectionState` is `failed`: in Firefox 153 that is 20 seconds after `disconnected`, and Chromium 156 never says it.',
    `Complete \`start()\`: ${LIMIT_SEC} seconds after \`disconnected\` at most bob shall see her again, from the same stream. bob answers every call.`,
  ],
  hints: [
    'Two things have to come back: the line to PeerServer, which `peer` tells you with `disconnected`, and the call, which tells you with `iceStateChanged`.',
    '`peer.reconnect()` opens the line again under the same id. PeerJS cannot restart ICE: it never makes a second offer in a call. What remains is `call.close()` and `peer.call()`, with the same stream.',
    'On `iceStateChanged` with `disconnected` wait a second; if `iceConnectionState` is not `connected` again, close and call anew, with the same handlers on the new call. If `peer.open` is false, wait for its `open` first.',
  ],
  media: true,
  limitMs: 40_000,
  facts: () => ({ media: 0, lostAtMs: 0, isOpen: () => undefined }),
  async play({ bench, tools, facts, call, signal }) {
    const open = async (name: string) => {
      const iceServers = await bench.iceServers(name, { transports: ['udp'] });
      return openPeerJs(name, bench, { iceServers, iceTransportPolicy: 'relay' });
    };
    const [alice, bob] = await Promise.all([open('alice'), open('bob')]);
    bob.peer.on('call', (incoming) => {
      incoming.answer();
      bench.seat('bob', incoming.peerConnection); // a later call is what bob sees then
    });
    const given = {
      peer: alice.peer,
      bob: bob.id,
      media: () => (facts.media++, tools.media('alice')),
    };
    await call('start', given);
    await bench.timeline.until({ kind: 'track-state', peer: 'bob', state: 'unmuted' }, signal);
    await pause(1_500, signal);
    facts.isOpen = () => alice.peer.open;
    cutLine(alice.peer);
    await changeNetwork(bench, 'alice');
    const lost = await bench.timeline.until(
      { kind: 'ice-connection-state', peer: 'alice', state: 'disconnected' },
      signal,
    );
    facts.lostAtMs = lost.atMs;
  },
  checks: [
    {
      id: 'call',
      title: 'The call comes about',
      hint: 'This part of the code was given: what was changed in it?',
      pass: (witness) => {
        const seen = witness.frames('bob').length;
        return {
          ok: seen >= 10,
          saw: `bob has seen ${seen} of alice’s frames.`,
          wanted: '10 frames before anything goes wrong.',
        };
      },
    },
    {
      id: 'line',
      title: 'alice is known to PeerServer again',
      hint: '`disconnected` fires on the `Peer`. It keeps its id; `reconnect()` takes no arguments.',
      pass: ({ facts, bench: { timeline } }) => {
        const isOpen = facts.isOpen();
        const waitedMs = facts.lostAtMs > 0 ? timeline.nowMs - facts.lostAtMs : 0;
        return {
          ok: isOpen === true && facts.lostAtMs > 0,
          final: waitedMs > LIMIT_SEC * 1000,
          saw: isOpen === undefined ? 'The line was not cut yet.' : `\`peer.open\` is \`${isOpen}\`.`,
          wanted: '`true`, after the line was cut.',
        };
      },
    },
    {
      id: 'resumes',
      title: `bob sees alice again within ${LIMIT_SEC} seconds`,
      hint: 'Whoever waits for `close` waits until ICE says `failed`. Which event of a call comes earlier?',
      pass: (witness) => {
        const { lostAtMs } = witness.facts;
        const back = lostAtMs > 0 ? witness.frames('bob').find(({ atMs }) => atMs > lostAtMs) : undefined;
        const tookSec = back ? (back.atMs - lostAtMs) / 1000 : 0;
        const waitedSec = (witness.bench.timeline.nowMs - lostAtMs) / 1000;
        return {
          ok: back !== undefined && tookSec <= LIMIT_SEC,
          final: lostAtMs > 0 && waitedSec > LIMIT_SEC,
          saw:
            lostAtMs === 0
              ? 'alice’s connection has not been lost yet.'
              : back
                ? `bob saw alice again ${tookSec.toFixed(1)} s after her connection said \`disconnected\`.`
                : `${waitedSec.toFixed(0)} s after \`disconnected\` bob has seen nothing.`,
          wanted: `A new frame at bob’s end at most ${LIMIT_SEC} s later.`,
        };
      },
    },
    {
      id: 'same',
      title: 'It is the same stream, not a new one',
      when: 'end',
      hint: '`peer.call()` may be given the same stream again.',
      pass: (witness) => {
        const { media, lostAtMs } = witness.facts;
        const frames = witness.frames('bob');
        const before = frames.findLast(({ atMs }) => lostAtMs === 0 || atMs < lostAtMs);
        const after = frames.find(({ atMs }) => lostAtMs > 0 && atMs > lostAtMs);
        const isLater = before !== undefined && after !== undefined && after.frame > before.frame;
        return {
          ok: media === 1 && isLater,
          saw: `\`media()\` was called ${media} times; the last frame before was ${before?.frame ?? 'none'}, the first one after it ${after?.frame ?? 'none'}.`,
          wanted: '`media()` once, and a frame counter that goes on.',
        };
      },
    },
    {
      id: 'tidy',
      title: 'The dead call was closed',
      when: 'end',
      hint: 'PeerJS keeps a call that is `disconnected`, and its connection with it: `call.close()`.',
      pass: ({ entries }) => {
        const isAlices = (kind: string) =>
          entries.filter((entry) => entry.kind === kind && /^alice(\/\d+)?$/.test(entry.peer)).length;
        const [opened, closed] = [isAlices('peer-opened'), isAlices('peer-closed')];
        return {
          ok: opened - closed === 1,
          saw: `alice has opened ${opened} connections and closed ${closed}.`,
          wanted: 'One that is open.',
        };
      },
    },
  ],
});

/** PeerJS’s WebSocket is closed without PeerJS having done it, as when its network went. */
function cutLine(peer: Peer): void {
  const { _socket: socket } = (peer as unknown as { readonly socket: { readonly _socket?: WebSocket } })
    .socket;
  socket?.close();
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    setTimeout(() => (signal.aborted ? reject(signal.reason as Error) : resolve()), ms);
  });
