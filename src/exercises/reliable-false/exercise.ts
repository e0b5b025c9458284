import type { DataConnection } from 'peerjs';
import { openPeerJs } from '../../lab-kit/compare/load-peerjs.ts';
import { defineExercise, type Play } from '../../lab-kit/exercise/define.ts';

const MESSAGES = 60;
const INTERVAL_MS = 20;
/** What comes later than this is of no use to a game. */
const LATE_MS = 100;
/** A packet that was lost cannot be there again before the sender has heard of it, which takes longer than LATE_MS. */
const WIRE = { lossPct: 20, delayMs: 120 };

interface Settings {
  readonly ordered: boolean;
  readonly maxRetransmits: number | null;
  readonly maxPacketLifeTime: number | null;
}

interface Facts {
  /** What PeerJS’s own channel says of itself, and what the two of the learner’s do. */
  peerjs: Settings | undefined;
  readonly fast: { alice?: Settings; bob?: Settings };
  /** Numbers of messages that have reached bob. */
  readonly heard: { readonly peerjs: Set<number>; readonly fast: Set<number> };
  sent: number;
  /** What alice’s PeerJS has heard from bob’s since the new channel is there. */
  said: string | undefined;
}

export default defineExercise<Facts>({
  kind: 'repair',
  title: 'A channel that drops what is late',
  task: [
    'alice sends her position in a game to bob, fifty times a second. She has connected with `reliable: false`, because a position that comes late is worth nothing. Measure what she got: it goes on sending each lost message until it has arrived.',
    `Repair \`openFast()\`. It is called at both ends with the \`DataConnection\` of that end, and gives back a channel that never sends again what would be more than ${LATE_MS} ms late. No new connection, and PeerJS must go on working: it also carries the chat.`,
  ],
  hints: [
    'What makes a channel unreliable is `maxRetransmits` or `maxPacketLifeTime`. PeerJS sets neither of them, whatever you ask for. `connection.peerConnection` makes you a channel of your own.',
    'A channel that one end opens fires `datachannel` at the other. PeerJS listens there, and takes each new channel for its own: from then on it sends through it. Open a channel that fires no event.',
    '`createDataChannel("fast", { negotiated: true, id: 100, ordered: false, maxRetransmits: 0 })`, the same at both ends.',
  ],
  limitMs: 20_000,
  facts: () => ({
    peerjs: undefined,
    fast: {},
    heard: { peerjs: new Set(), fast: new Set() },
    sent: 0,
    said: undefined,
  }),
  play: playGame,
  checks: [
    {
      id: 'settings',
      title: 'The channel is unordered and unreliable, at both ends',
      hint: 'Read `ordered`, `maxRetransmits` and `maxPacketLifeTime` of the channel: `null` twice means that everything is sent until it has arrived (webrtc-pc §6.2).',
      pass({ facts: { fast, peerjs } }) {
        const ends = [fast.alice, fast.bob];
        return {
          ok: ends.every((settings) => settings !== undefined && isFast(settings)),
          saw: ends.every((settings) => settings !== undefined)
            ? `alice’s says ${inWords(fast.alice)}; bob’s says ${inWords(fast.bob)}.`
            : `\`openFast()\` has not given a channel at both ends. PeerJS’s own says ${inWords(peerjs)}.`,
          wanted: `\`ordered: false\`, and \`maxRetransmits: 0\` or a \`maxPacketLifeTime\` of ${LATE_MS} at most.`,
        };
      },
    },
    {
      id: 'arrives',
      title: 'What alice sends through it reaches bob',
      hint: 'Both ends have to mean the same channel: the same `id`, and `negotiated` at both.',
      pass({ facts: { heard, sent } }) {
        return {
          ok: heard.fast.size > 0,
          saw: `Of ${sent} messages bob has heard ${heard.fast.size}.`,
          wanted: 'Most of them.',
        };
      },
    },
    {
      id: 'drops',
      title: 'When the wire loses packets, messages are lost',
      when: 'end',
      hint: 'Compare it with the number of PeerJS’s own channel: that one has all of them.',
      pass({ facts: { heard, sent } }) {
        return {
          ok: sent === MESSAGES && heard.fast.size < sent && heard.peerjs.size === sent,
          saw: `The wire lost ${WIRE.lossPct} % of alice’s packets. Of ${sent} messages ${heard.fast.size} came over the new channel, and ${heard.peerjs.size} over PeerJS’s.`,
          wanted: `Fewer than ${MESSAGES} over the new one, and all of them over PeerJS’s.`,
        };
      },
    },
    {
      id: 'chat',
      title: 'PeerJS still works in both directions',
      when: 'end',
      hint: 'Whoever fires `datachannel` at PeerJS gives it another channel to send through. A channel that both ends open with `negotiated` fires nothing.',
      pass: ({ facts: { said } }) => ({
        ok: said === CHAT,
        saw: said
          ? `alice’s PeerJS has heard “${said}” from bob’s.`
          : 'alice’s PeerJS has heard nothing from bob’s since then.',
        wanted: `“${CHAT}”.`,
      }),
    },
    {
      id: 'connections',
      title: 'There is no second connection',
      when: 'end',
      hint: 'One connection carries many channels, and each has its own settings.',
      pass(witness) {
        const opened = witness.entries.filter(
          ({ kind, peer }) => kind === 'peer-opened' && !peer.includes('probe'),
        ).length;
        return { ok: opened === 2, saw: `${opened} connections were opened.`, wanted: '2, one at each end.' };
      },
    },
  ],
});

const CHAT = 'good game';

async function playGame({ bench, facts, call, signal }: Play<Facts>): Promise<void> {
  const config = async (name: string) => ({
    iceServers: await bench.iceServers(name, { transports: ['udp'] }),
    iceTransportPolicy: 'relay' as const,
  });
  const open = async (name: string) => openPeerJs(name, bench, await config(name));
  const [alice, bob] = await Promise.all([open('alice'), open('bob')]);
  const { promise: came, resolve } = Promise.withResolvers<DataConnection>();
  bob.peer.on('connection', resolve);
  const ends = { alice: alice.peer.connect(bob.id, { reliable: false }), bob: await came };
  await Promise.all([opened(ends.alice), opened(ends.bob)]);
  facts.peerjs = settingsOf(ends.alice.dataChannel);
  ends.bob.on('data', (data) => void (typeof data === 'number' && facts.heard.peerjs.add(data)));

  const channels = {
    alice: asChannel(await call('openFast', ends.alice)),
    bob: asChannel(await call('openFast', ends.bob)),
  };
  if (!channels.alice || !channels.bob) return;
  facts.fast.alice = settingsOf(channels.alice);
  facts.fast.bob = settingsOf(channels.bob);
  // What PeerJS packs and what is sent here as text do not go through one channel.
  if (channels.alice === ends.alice.dataChannel) return;
  channels.bob.addEventListener('message', ({ data }) => {
    // Text is ours; what PeerJS sends is packed, should it have taken this channel for its own.
    if (typeof data === 'string') facts.heard.fast.add(Number(data));
  });
  await until(() => channels.alice?.readyState === 'open' && channels.bob?.readyState === 'open', signal);

  ends.alice.on('data', (data) => void (typeof data === 'string' && (facts.said = data)));
  void ends.bob.send(CHAT);
  const wire = await bench.wire();
  await wire.ask('wire:impair', { seed: 8, ends: [{ peer: 'alice', up: WIRE }] });
  while (facts.sent < MESSAGES) {
    void ends.alice.send(facts.sent);
    channels.alice.send(String(facts.sent));
    facts.sent += 1;
    await pause(INTERVAL_MS, signal);
  }
  await pause(LATE_MS + WIRE.delayMs, signal);
  await wire.ask('wire:impair', { seed: 8, ends: [] });
  // All that was not dropped is sent again until it is there.
  await until(() => facts.heard.peerjs.size === MESSAGES && facts.said !== undefined, signal);
}

const opened = (connection: DataConnection): Promise<void> =>
  new Promise((resolve) => {
    if (connection.open) resolve();
    else connection.once('open', () => resolve());
  });

/** As the browser has them: what the learner's code puts in their place on a channel is not read. */
const settingsOf = (channel: RTCDataChannel): Settings => {
  const read = <K extends keyof Settings>(name: K): Settings[K] =>
    Reflect.get<RTCDataChannel, K>(RTCDataChannel.prototype, name, channel);
  return {
    ordered: read('ordered'),
    maxRetransmits: read('maxRetransmits'),
    maxPacketLifeTime: read('maxPacketLifeTime'),
  };
};

const isFast = ({ ordered, maxRetransmits, maxPacketLifeTime }: Settings): boolean =>
  !ordered && (maxRetransmits === 0 || (maxPacketLifeTime !== null && maxPacketLifeTime <= LATE_MS));

const inWords = (settings: Settings | undefined): string =>
  settings
    ? `\`${Object.entries(settings)
        .map(([name, value]) => `${name}: ${value}`)
        .join(', ')}\``
    : 'nothing';

/** A channel of whichever page; what else the learner's code may have given is none. */
const asChannel = (value: unknown): RTCDataChannel | undefined =>
  typeof (value as RTCDataChannel | null)?.readyState === 'string' ? (value as RTCDataChannel) : undefined;

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    setTimeout(() => (signal.aborted ? reject(signal.reason as Error) : resolve()), ms);
  });

async function until(holds: () => boolean, signal: AbortSignal): Promise<void> {
  while (!holds()) await pause(50, signal);
}
