import type { Peer } from 'peerjs';
import type { Run } from '../../rtc/bench.ts';
import { randomId } from '../../rtc/signaling/rendezvous.ts';
import type { PeerLabel, Timeline } from '../../rtc/timeline.ts';
import type { PeerServerPlace } from './define.ts';
import { openRealm } from './open-realm.ts';

/** PeerJS as one participant has it. */
export interface LoadedPeerJs {
  readonly Peer: typeof Peer;
  /** For its options: the PeerServer of this site. PeerJS would look for one in the cloud. */
  readonly peerServer: PeerServerPlace;
  /** The id of a participant of this run at PeerServer: the name, and letters that cannot be guessed. */
  readonly idOf: (name: PeerLabel) => string;
}

/** What the ids of a run have in common. */
const secrets = new WeakMap<Timeline, string>();

function secretOf(timeline: Timeline): string {
  const secret = secrets.get(timeline) ?? randomId();
  secrets.set(timeline, secret);
  return secret;
}

/** Where this page's own PeerServer is. */
export function peerServerPlace({ hostname, port, protocol }: Location = location): PeerServerPlace {
  const secure = protocol === 'https:';
  return { host: hostname, port: Number(port) || (secure ? 443 : 80), path: '/peerjs', secure };
}

/**
 * Loads PeerJS into a page of the participant's own: the `webrtc-adapter` that comes with it changes the globals of the
 * page that it is loaded into. Everything that PeerJS does there is recorded; it ends with the run.
 *
 * @throws {RtcError} as {@link openRealm} does
 */
export async function loadPeerJs(name: PeerLabel, bench: Run): Promise<LoadedPeerJs> {
  const realm = await openRealm({ name, bench });
  const { Peer } = await realm.load('peerjs');
  const secret = secretOf(bench.timeline);
  return { Peer, peerServer: peerServerPlace(), idOf: (one) => `${one}-${secret}` };
}

/**
 * A `Peer` that PeerServer knows, for an exercise's own half.
 *
 * @param config for its connections; PeerJS's own default names servers on the internet
 */
export async function openPeerJs(
  name: PeerLabel,
  bench: Run,
  config: RTCConfiguration = {},
): Promise<{ readonly peer: Peer; readonly id: string }> {
  const { Peer, peerServer, idOf } = await loadPeerJs(name, bench);
  const peer = new Peer(idOf(name), { ...peerServer, config });
  bench.signal.addEventListener('abort', () => peer.destroy(), { once: true });
  await new Promise<void>((resolve, reject) => {
    peer.once('open', () => resolve());
    peer.once('error', reject);
  });
  return { peer, id: idOf(name) };
}
