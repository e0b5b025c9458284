import type { MediaConnection, Peer } from 'peerjs';
import { openPeerJs } from '../../lab-kit/compare/load-peerjs.ts';
import { defineExercise } from '../../lab-kit/exercise/define.ts';
import type { Play } from '../../lab-kit/exercise/define.ts';
import type { Witness } from '../../lab-kit/exercise/witness.ts';
import { openSyntheticMedia } from '../../rtc/media/synthetic.ts';

const ENOUGH = 3;
/** As five letters of it stand in the pixels. */
const SCREEN = 'scree';

interface Facts {
  /** Ids of those who see their camera, and of those who see the screen. */
  readonly camera: Set<string>;
  readonly screen: Set<string>;
  /** `seq` of the last entry before the screen was shared. */
  sharedSeq: number | undefined;
}

/** Who sends and who watches, by the raw API and by PeerJS. */
const pairs = { raw: ['alice', 'bob'], peerjs: ['carol', 'dave'] } as const;

export default defineExercise<Facts>({
  kind: 'repair',
  title: 'From the camera to the screen, twice',
  task: [
    'There are two calls. alice sends her camera to bob by the raw API. carol sends hers to dave by PeerJS. Now both share their screen.',
    'What you find here is what many pages do: the raw call gets a second m-section, and the call of PeerJS is closed and another one made. Repair `shareRaw()` and `sharePeerJs()`: bob and dave see the screen in place of the camera, there is no new offer, and no new connection.',
  ],
  hints: [
    'The method that exchanges what a sender sends belongs to `RTCRtpSender`. PeerJS has none of its own for it.',
    '`call.peerConnection` is the `RTCPeerConnection` of a call. What works in the raw call works there, too.',
    'Find the sender whose track is a video in `getSenders()`, and `await sender.replaceTrack(screen)`. It is the same line twice.',
  ],
  peers: ['alice', 'bob', 'carol', 'dave'],
  limitMs: 12_000,
  facts: () => ({ camera: new Set(), screen: new Set(), sharedSeq: undefined }),
  async play({ bench, tools, facts, call, signal }) {
    const [raw, peerjs] = await Promise.all([callRaw(tools), callPeerJs(bench, tools)]);
    await until(() => facts.camera.size === 2, signal);
    facts.sharedSeq = bench.timeline.entries.length - 1;
    const screen = () =>
      openSyntheticMedia({ peer: 'screen', signal, audio: false }).stream.getVideoTracks()[0];
    await call('shareRaw', raw, screen());
    await call('sharePeerJs', peerjs.call, screen(), peerjs.peer);
    await until(() => facts.screen.size === 2, signal);
  },
  checks: [
    {
      id: 'camera',
      title: 'At first both see a camera',
      hint: 'That part is ours.',
      pass(witness) {
        const seen = counts(witness, 'camera');
        return { ok: witness.facts.camera.size === 2, saw: inWords(seen, 'camera'), wanted: WANTED };
      },
    },
    {
      id: 'raw',
      title: 'bob sees the screen in the raw call',
      hint: 'A sender’s track can be exchanged while it sends.',
      pass: (witness) => seesScreen(witness, 'raw'),
    },
    {
      id: 'peerjs',
      title: 'dave sees the screen in the call of PeerJS',
      hint: 'PeerJS makes no second offer in a call: what needs one is never sent. Exchange what is sent already.',
      pass: (witness) => seesScreen(witness, 'peerjs'),
    },
    {
      id: 'offers',
      title: 'There is no new offer',
      when: 'end',
      hint: '`replaceTrack()` changes nothing that the two ends have agreed on. `addTrack()` does.',
      pass({ entries, facts: { sharedSeq } }) {
        if (sharedSeq === undefined) return neverShared;
        const later = entries.filter(({ seq }) => seq > sharedSeq);
        const needed = later.filter(({ kind }) => kind === 'negotiation-needed').length;
        const offers = later.filter(
          (entry) => entry.kind === 'description' && entry.side === 'local' && entry.type === 'offer',
        ).length;
        return {
          ok: needed === 0 && offers === 0,
          saw: `Since the screens were shared, \`negotiationneeded\` has fired ${needed} times, and ${offers} offers were made.`,
          wanted: '0 times, and 0 offers.',
        };
      },
    },
    {
      id: 'connections',
      title: 'There is no new connection',
      when: 'end',
      hint: 'A second `peer.call()` is a second `RTCPeerConnection`, with its own ICE and DTLS, and the other side has to answer it.',
      pass({ entries, facts: { sharedSeq } }) {
        if (sharedSeq === undefined) return neverShared;
        const later = entries.filter(({ seq }) => seq > sharedSeq);
        const opened = later.filter(({ kind }) => kind === 'peer-opened').length;
        const closed = later.filter(({ kind }) => kind === 'peer-closed').length;
        return {
          ok: opened === 0 && closed === 0,
          saw: `Since the screens were shared, ${opened} connections were opened and ${closed} closed.`,
          wanted: '0 opened, and 0 closed.',
        };
      },
    },
  ],
});

const WANTED = `${ENOUGH} frames at both ends.`;
const neverShared = {
  ok: false,
  saw: 'The screens were never shared.',
  wanted: 'A call that can be changed.',
};

type Api = keyof typeof pairs;

/** How many frames of a kind each of the two has seen; notes who has seen enough of them. */
function counts(witness: Witness<Facts>, what: 'camera' | 'screen'): Record<Api, number> {
  const count = (api: Api) => {
    const [sender, watcher] = pairs[api];
    const wanted = what === 'screen' ? SCREEN : sender;
    const seen = witness.frames(watcher).filter(({ peer }) => peer === wanted).length;
    if (seen >= ENOUGH) witness.facts[what].add(watcher);
    return seen;
  };
  return { raw: count('raw'), peerjs: count('peerjs') };
}

const inWords = ({ raw, peerjs }: Record<Api, number>, what: string) =>
  `bob has seen ${raw} frames of alice’s ${what}, and dave ${peerjs} of carol’s.`;

function seesScreen(witness: Witness<Facts>, api: Api) {
  const seen = counts(witness, 'screen')[api];
  const [, watcher] = pairs[api];
  return {
    ok: seen >= ENOUGH,
    saw: `${watcher} has seen ${seen} frames of the screen.`,
    wanted: `${ENOUGH} frames.`,
  };
}

type Given = Play<Facts>;

/** alice calls bob with the raw API; whatever she changes later is offered, too. */
async function callRaw(tools: Given['tools']): Promise<RTCPeerConnection> {
  const pcs = { alice: tools.createPeer('alice'), bob: tools.createPeer('bob') };
  for (const [self, other] of [pairs.raw, pairs.raw.toReversed()] as ['alice' | 'bob', 'alice' | 'bob'][]) {
    const pc = pcs[self];
    const channel = tools.signaling(self);
    const describe = async () => {
      await pc.setLocalDescription();
      await channel.send(other, { description: pc.localDescription });
    };
    pc.addEventListener('icecandidate', ({ candidate }) => void channel.send(other, { candidate }));
    if (self === 'alice') pc.addEventListener('negotiationneeded', () => void describe());
    channel.receive(async (_, message) => {
      if ('candidate' in message) return pc.addIceCandidate(message.candidate);
      await pc.setRemoteDescription(message.description);
      if (message.description.type === 'offer') await describe();
    });
  }
  const stream = await tools.media('alice');
  for (const track of stream.getTracks()) pcs.alice.addTrack(track, stream);
  return pcs.alice;
}

/** carol calls dave with PeerJS; dave answers every call. */
async function callPeerJs(
  bench: Given['bench'],
  tools: Given['tools'],
): Promise<{ peer: Peer; call: MediaConnection }> {
  const [{ peer }, dave] = await Promise.all([openPeerJs('carol', bench), openPeerJs('dave', bench)]);
  dave.peer.on('call', (incoming) => {
    incoming.answer();
    bench.seat('dave', incoming.peerConnection); // a later call is what dave sees then
  });
  return { peer, call: peer.call(dave.id, await tools.media('carol')) };
}

async function until(holds: () => boolean, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !holds()) await new Promise((resolve) => setTimeout(resolve, 50));
  signal.throwIfAborted();
}
