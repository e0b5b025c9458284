import { answerOver, connectWs, offerOver, type WsClient } from '../../lab-kit/classroom/ws-call.ts';
import { defineExercise } from '../../lab-kit/exercise/define.ts';
import { gatheringComplete } from '../../rtc/index.ts';

interface Facts {
  receiver?: WsClient;
  /** How many candidates the sender had sent before the receiver came. */
  early: number;
  /** What a receiver heard after one sender had gone and another had come. */
  after?: WsClient;
  /** What a second receiver heard, whose offer the first had taken. */
  second?: WsClient;
}

const order = ({ heard }: WsClient) => heard.map(({ type }) => type);

export default defineExercise<Facts>({
  kind: 'repair',
  title: 'The receiver comes late',
  task: [
    'This server works when the receiver is there first. Here the sender comes first, and has sent its offer and all its candidates before anybody listens.',
    'Keep what is early, and hand it to the receiver when it comes: all of it, once, in the order in which it was sent. And forget it in time: what a sender has offered who has gone again, nobody can answer.',
  ],
  hints: [
    'An array outside of the handlers: while there is no receiver, push what would have been sent.',
    'When somebody says `receiver`, send all that is in the array, and empty it.',
    'A new sender begins with an empty array. `ws.on("close", …)` tells you who has gone: a receiver that has gone is no receiver.',
  ],
  runs: 'server',
  peers: ['sender', 'receiver'],
  limitMs: 6_000,
  facts: () => ({ early: 0 }),
  async play({ bench, tools, facts, startServer }) {
    const other = await startServer();
    const gone = await connectWs(other, 'sender who goes');
    gone.say({ type: 'sender' });
    gone.say({ type: 'createOffer', sdp: 'of the one who has gone' });
    await other.settled();
    gone.socket.close();
    const next = await connectWs(other, 'next sender');
    next.say({ type: 'sender' });
    next.say({ type: 'createOffer', sdp: 'of the next' });
    await other.settled();
    facts.after = await connectWs(other, 'late receiver');
    facts.after.say({ type: 'receiver' });
    await other.settled();
    facts.after.socket.close();
    facts.second = await connectWs(other, 'second receiver');
    facts.second.say({ type: 'receiver' });
    await other.settled();

    const server = await startServer();
    const sender = await connectWs(server, 'sender');
    sender.say({ type: 'sender' });
    const pc = await offerOver(tools, sender, 'sender');
    await gatheringComplete(pc, bench);
    await server.settled();
    facts.early = bench.timeline.entries.filter(
      (entry) => entry.kind === 'server-message' && entry.peer === 'sender' && entry.name === 'iceCandidate',
    ).length;
    const receiver = await connectWs(server, 'receiver');
    facts.receiver = receiver;
    answerOver(tools, receiver, 'receiver');
    receiver.say({ type: 'receiver' });
    await server.settled();
  },
  checks: [
    {
      id: 'stale',
      title: 'An offer whose sender has gone is not handed on',
      hint: 'When another sender comes, what the first one said is worth nothing.',
      pass({ facts: { after } }) {
        const offers = after?.of('createOffer').map(({ sdp }) => String(sdp)) ?? [];
        return {
          ok: offers.length === 1 && offers[0] === 'of the next',
          saw: after
            ? `The sender went, another came and offered. The receiver then heard ${offers.length} offers${offers.length > 0 ? `: “${offers.join('”, “')}”` : ''}.`
            : 'No receiver has come yet.',
          wanted: 'One offer, that of the sender who is there.',
          final: after !== undefined && offers.length > 1,
        };
      },
    },
    {
      id: 'taken',
      title: 'An offer that was taken is not handed out again',
      when: 'end',
      hint: 'One connection has two ends. Empty the array when you have handed out what is in it.',
      pass({ facts: { second } }) {
        const offers = second?.of('createOffer').length ?? 0;
        return {
          ok: second !== undefined && offers === 0,
          saw: second
            ? `The first receiver took the offer and left; a second one came and heard ${offers} offers.`
            : 'No second receiver came.',
          wanted: 'None: the connection behind that offer has its other end already.',
        };
      },
    },
    {
      id: 'order',
      title: 'The receiver hears everything, the offer first',
      hint: 'Candidates before the offer are refused by the browser, and candidates that are lost do not come again.',
      pass({ facts: { receiver, early } }) {
        const heard = receiver ? order(receiver) : [];
        const candidates = heard.filter((type) => type === 'iceCandidate').length;
        const offers = heard.filter((type) => type === 'createOffer').length;
        return {
          ok: heard[0] === 'createOffer' && offers === 1 && candidates === early && early > 0,
          saw: `The receiver heard ${offers} offers and ${candidates} of ${early} candidates, ${heard[0] ? `\`${heard[0]}\` first` : 'nothing at all'}.`,
          wanted: `One offer, and then all ${early || ''} candidates.`.replace('  ', ' '),
          final: offers > 1 || (heard.length > 0 && heard[0] !== 'createOffer'),
        };
      },
    },
    {
      id: 'frames',
      title: 'The late receiver sees the picture',
      hint: 'The answer has to find its way back to the sender, too.',
      async pass(witness) {
        const frames = await witness.framesDecoded('receiver');
        return {
          ok: frames >= 5,
          saw: `The receiver’s connection is \`${witness.state('receiver')}\`; it has decoded ${frames} frames.`,
          wanted: 'A connection, and five frames or more.',
        };
      },
    },
  ],
});
