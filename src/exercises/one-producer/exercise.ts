import { defineExercise } from '../../lab-kit/exercise/define.ts';
import type { Witness } from '../../lab-kit/exercise/witness.ts';

const viewers = ['bob', 'carol', 'dave', 'erin'] as const;
type Viewer = (typeof viewers)[number];

interface Facts {
  /** The user names of ICE in the offers that came, by viewer: the same one twice is the same connection twice. */
  readonly offers: Map<string, string>;
  /** When carol has left, by the clock of the timeline; undefined before. */
  leftMs: number | undefined;
  isOver: boolean;
}

const FRAMES = 4;
/** A viewer answers when all have their offer, or at last after so long. */
const OFFERS_MS = 3_000;
const SETTLE_MS = 400;

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Of alice's connections, those that were closed by the code itself. */
const closedByAlice = ({ entries }: Witness<Facts>): number =>
  entries.filter(({ kind, peer }) => kind === 'peer-closed' && !viewers.some((viewer) => viewer === peer))
    .length;

const sees = (witness: Witness<Facts>, viewer: Viewer): boolean =>
  witness.frames(viewer).filter(({ peer }) => peer === 'alice').length >= FRAMES;

/** Frames that came after carol had left. */
const goesOn = (witness: Witness<Facts>, viewer: Viewer): boolean => {
  const { leftMs } = witness.facts;
  return leftMs !== undefined && witness.frames(viewer).filter(({ atMs }) => atMs > leftMs).length >= FRAMES;
};

const listed = (names: readonly string[]) => (names.length === 0 ? 'nobody' : names.join(', '));

export default defineExercise<Facts>({
  kind: 'complete',
  title: 'One producer, four viewers',
  task: [
    'You are alice, and you send. Viewers come and go; each has an id. `start()` is called once, with the tools and your stream. `viewerCame(id)` is called when somebody comes: open a connection and send an offer to that id. `viewerLeft(id)` is called when somebody goes: close what belongs to that id, and nothing else.',
    'The viewers are ours. They answer late, in an order of their own, and each with its own id: what comes over the signaling channel is handed over with the id of whom it is from.',
  ],
  hints: [
    'How many other ends can one connection have? And how do you find the right one when an answer comes?',
    'A `Map` from the id to its connection. Look the connection up by `from`, for answers and for candidates.',
    'In `viewerCame`: `const pc = tools.createPeer(`alice-${id}`); connections.set(id, pc)`, add the tracks, send candidates to `id`, then `setLocalDescription()` and send the offer to `id`. In the handler: `connections.get(from)`.',
  ],
  peers: ['alice', ...viewers],
  limitMs: 12_000,
  facts: () => ({ offers: new Map(), leftMs: undefined, isOver: false }),
  async play({ bench, tools, facts, call, signal }) {
    const allOffered = Promise.withResolvers<void>();
    for (const [place, viewer] of viewers.entries()) watch(viewer, viewers.length - place);
    function watch(viewer: Viewer, turn: number): void {
      const signaling = tools.signaling(viewer);
      const pc = tools.createPeer(viewer);
      pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send('alice', { candidate }));
      signaling.receive(async (_, sent) => {
        if ('candidate' in sent) return pc.addIceCandidate(sent.candidate);
        if (sent.description.type !== 'offer') return;
        facts.offers.set(viewer, /^a=ice-ufrag:(.*)$/m.exec(sent.description.sdp)?.[1]?.trim() ?? '');
        if (facts.offers.size === viewers.length) allOffered.resolve();
        await Promise.race([allOffered.promise, after(OFFERS_MS)]);
        await after(turn * 30); // the last one who came is the first to answer
        if (signal.aborted) return;
        await pc.setRemoteDescription(sent.description);
        await pc.setLocalDescription();
        await signaling.send('alice', { description: pc.localDescription });
      });
    }
    const stream = await tools.media('alice');
    await call('start', tools, stream);
    await Promise.all(viewers.map((viewer) => call('viewerCame', viewer)));
    const isUp = () =>
      viewers.every((viewer) => bench.connections.get(viewer)?.connectionState === 'connected');
    while (!isUp() && !signal.aborted) await after(50);
    signal.throwIfAborted();
    await after(SETTLE_MS);
    bench.connections.get('carol')?.close();
    await call('viewerLeft', 'carol');
    facts.leftMs = bench.timeline.nowMs;
    await after(SETTLE_MS);
    facts.isOver = true;
  },
  checks: [
    {
      id: 'offers',
      title: 'Each viewer has an offer of its own',
      hint: 'An offer belongs to one connection, and a connection to one viewer.',
      pass({ facts: { offers } }) {
        const own = new Set(offers.values()).size;
        return {
          ok: offers.size === viewers.length && own === viewers.length,
          final: offers.size === viewers.length,
          saw: `${offers.size} of ${viewers.length} viewers have an offer${offers.size > own ? `, and ${offers.size - own} of these are copies of another one’s` : ''}.`,
          wanted: 'Four offers, of four connections.',
        };
      },
    },
    {
      id: 'connected',
      title: 'All four are connected',
      hint: 'They answer in another order than they came. Whose connection does your handler give the answer to?',
      async pass(witness) {
        const up: string[] = [];
        for (const viewer of viewers)
          if ((await witness.connected(viewer)) || (viewer === 'carol' && witness.facts.leftMs !== undefined))
            up.push(viewer);
        return {
          ok: up.length === viewers.length,
          saw: `Connected: ${listed(up)}.`,
          wanted: `\`connected\` for ${viewers.join(', ')}.`,
        };
      },
    },
    {
      id: 'picture',
      title: 'Each sees alice’s frames',
      hint: 'Tracks have to be in a connection before its offer is made.',
      pass(witness) {
        const seeing = viewers.filter((viewer) => sees(witness, viewer));
        // carol has left by then, perhaps before anybody has read her pictures.
        const staying = viewers.filter((viewer) => viewer !== 'carol');
        return {
          ok: staying.every((viewer) => seeing.includes(viewer)),
          saw: `alice’s counter is seen by ${listed(seeing)}.`,
          wanted: `Her counter in the pictures of ${staying.join(', ')}.`,
        };
      },
    },
    {
      id: 'leave',
      title: 'Who leaves takes one connection along',
      hint: '`viewerLeft()` gets the id: which connection is it, and who else uses it?',
      pass(witness) {
        const { leftMs, isOver } = witness.facts;
        const closed = closedByAlice(witness);
        const staying = viewers.filter((viewer) => viewer !== 'carol' && goesOn(witness, viewer));
        return {
          ok: isOver && closed === 1 && staying.length === 3,
          final: isOver && closed !== 1,
          saw:
            leftMs === undefined
              ? 'Nobody has left yet: first all four have to be connected.'
              : `carol has left. alice has closed ${closed} ${closed === 1 ? 'connection' : 'connections'}; the picture goes on for ${listed(staying)}.`,
          wanted: 'One connection closed, and the picture goes on for bob, dave, erin.',
        };
      },
    },
  ],
});
