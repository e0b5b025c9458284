import { answerOver, connectWs, offerOver, type WsClient } from '../../lab-kit/classroom/ws-call.ts';
import { defineExercise } from '../../lab-kit/exercise/define.ts';

interface Facts {
  sender?: WsClient;
  receiver?: WsClient;
  stranger?: WsClient;
  /** How many candidates each end has sent, with the `null` at the end. */
  sent: () => { readonly sender: number; readonly receiver: number };
  /** What reached others before the call, though none of it was to be handed on. */
  leaked?: string[];
}

/** Says of an end what it has heard besides what it should. */
const kinds = (client: WsClient | undefined) =>
  [...new Set((client?.heard ?? []).map(({ type }) => `\`${type}\``))].join(', ') || 'nothing';

export default defineExercise<Facts>({
  kind: 'complete',
  title: 'A server for two',
  task: [
    'Write the server. A client says `{ type: "sender" }` or `{ type: "receiver" }` once. From then on hand `createOffer` (with its `sdp`) from the sender to the receiver, `createAnswer` (with its `sdp`) from the receiver to the sender, and `iceCandidate` (with its `candidate`) from each of them to the other.',
    'Who is neither of the two, or sends what is not theirs to send, is not listened to. The two ends are real connections: the sender has a picture.',
  ],
  hints: [
    'Keep the socket of the sender in one variable, that of the receiver in another, outside of the `connection` handler.',
    'What arrives is not a string but bytes: `JSON.parse(data.toString())`. Send a string, too, or the page gets a `Blob`.',
    'Compare sockets: `if (message.type === "createOffer" && ws === sender) receiver?.send(JSON.stringify({ type: "createOffer", sdp: message.sdp }))`.',
  ],
  runs: 'server',
  peers: ['sender', 'receiver'],
  limitMs: 6_000,
  facts: () => ({ sent: () => ({ sender: 0, receiver: 0 }) }),
  async play({ tools, facts, startServer, bench }) {
    const server = await startServer();
    facts.stranger = await connectWs(server, 'stranger');
    facts.receiver = await connectWs(server, 'receiver');
    facts.sender = await connectWs(server, 'sender');
    const { sender, receiver, stranger } = facts;
    receiver.say({ type: 'receiver' });
    sender.say({ type: 'sender' });
    await server.settled();
    stranger.say({ type: 'createOffer', sdp: 'of a stranger' });
    stranger.say({ type: 'iceCandidate', candidate: null });
    receiver.say({ type: 'createOffer', sdp: 'of the receiver' });
    sender.say({ type: 'createAnswer', sdp: 'of the sender' });
    await server.settled();
    facts.leaked = [sender, receiver, stranger].flatMap(({ name, heard }) =>
      heard.map(({ type }) => `${name} heard \`${type}\``),
    );
    facts.sent = () => {
      const of = (peer: string) =>
        bench.timeline.entries.filter(
          (entry) =>
            entry.kind === 'server-message' &&
            entry.peer === peer &&
            entry.way === 'sent' &&
            entry.name === 'iceCandidate',
        ).length;
      return { sender: of('sender'), receiver: of('receiver') };
    };
    answerOver(tools, receiver, 'receiver');
    await offerOver(tools, sender, 'sender');
  },
  checks: [
    {
      id: 'strangers',
      title: 'Nobody hears from somebody who has no say',
      hint: 'Is it the sender’s own socket that the offer came from?',
      pass({ facts }) {
        const ok = facts.leaked?.length === 0;
        return {
          ok,
          saw: ok
            ? 'An offer of a stranger, an offer of the receiver and an answer of the sender went no further.'
            : `Before the call began, ${facts.leaked?.slice(0, 3).join(', ') ?? 'nobody was heard'}.`,
          wanted: 'Offers from the sender only, answers from the receiver only, nothing from others.',
          final: facts.leaked !== undefined && !ok,
        };
      },
    },
    {
      id: 'offer',
      title: 'The receiver hears the offer, once and as text',
      hint: 'A `Buffer` that is sent on is a binary message; the sender must not hear its own offer.',
      pass({ facts: { sender, receiver, stranger } }) {
        const offers = receiver?.of('createOffer') ?? [];
        const isText = offers.length === 1 && String(offers[0]?.['sdp']).startsWith('v=0');
        const toOthers = (sender?.of('createOffer').length ?? 0) + (stranger?.heard.length ?? 0);
        const odd = receiver?.odd[0];
        return {
          ok: isText && toOthers === 0 && !odd,
          saw: odd
            ? `The receiver got ${odd}.`
            : toOthers > 0
              ? 'The offer went to others than the receiver, too.'
              : `The receiver heard ${offers.length} offers, and of all messages ${kinds(receiver)}.`,
          wanted: 'One message `createOffer` with the sender’s `sdp`, to the receiver alone.',
          final: odd !== undefined || toOthers > 0,
        };
      },
    },
    {
      id: 'candidates',
      title: 'Every candidate reaches the other end',
      hint: 'They travel both ways, also the `null` that says there are no more.',
      pass({ facts: { sender, receiver, sent } }) {
        const there = {
          sender: receiver?.of('iceCandidate').filter((one) => 'candidate' in one).length ?? 0,
          receiver: sender?.of('iceCandidate').filter((one) => 'candidate' in one).length ?? 0,
        };
        const out = sent();
        return {
          ok:
            out.sender > 1 &&
            out.receiver > 1 &&
            there.sender === out.sender &&
            there.receiver === out.receiver,
          saw: `Of the sender’s ${out.sender} the receiver heard ${there.sender}; of the receiver’s ${out.receiver} the sender heard ${there.receiver}.`,
          wanted: 'All of them, with their `candidate`, in both directions.',
        };
      },
    },
    {
      id: 'frames',
      title: 'The receiver sees the sender’s picture',
      hint: 'Offer, answer and candidates have to cross before there is a picture.',
      async pass(witness) {
        const frames = await witness.framesDecoded('receiver');
        return {
          ok: frames >= 5 && (await witness.connected('sender')),
          saw: `The receiver’s connection is \`${witness.state('receiver')}\`; it has decoded ${frames} frames.`,
          wanted: 'A connection, and five frames or more.',
        };
      },
    },
  ],
});
