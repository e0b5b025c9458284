import { answerOver, connectWs, offerOver, type WsClient } from '../../lab-kit/classroom/ws-call.ts';
import { defineExercise } from '../../lab-kit/exercise/define.ts';

interface Facts {
  sender?: WsClient;
  /** In the order of coming: the first one is there before the sender. */
  receivers: WsClient[];
  /** The ids that the sender was told, in that order. */
  ids: string[];
  /** Whom the sender took an answer for that the third one had signed with another's id. */
  signed?: string;
}

export default defineExercise<Facts>({
  kind: 'complete',
  title: 'One sender, many receivers',
  task: [
    'Now there is one sender and any number of receivers, and a connection for each of them. A connection has two ends: each receiver gets an offer of its own. So each gets an id, which the server makes up.',
    'When a receiver comes, tell the sender `{ type: "receiverJoined", id }`; a sender that comes later is told of each that is there already. What the sender says has a `to`: hand `createOffer` and `iceCandidate` to that receiver alone. What a receiver says reaches the sender with `from`, its id. When a receiver has gone, the sender hears `{ type: "receiverLeft", id }`.',
  ],
  hints: [
    'A `Map` from id to socket, and the id as a variable of the `connection` handler. `crypto.randomUUID()` makes one.',
    '`from` is the id of the socket that spoke, whatever the message says: `{ ...message, from: id }`, in this order.',
    '`ws.on("close", …)`: if it was a receiver, delete it from the map and tell the sender.',
  ],
  runs: 'server',
  peers: ['sender', 'first', 'second', 'third'],
  limitMs: 7_000,
  facts: () => ({ receivers: [], ids: [] }),
  async play({ tools, facts, startServer }) {
    const server = await startServer();
    const come = async (name: string) => {
      const receiver = await connectWs(server, name);
      facts.receivers.push(receiver);
      if (name !== 'third') answerOver(tools, receiver, name);
      receiver.say({ type: 'receiver' });
      await server.settled();
      return receiver;
    };
    await come('first');
    const sender = await connectWs(server, 'sender');
    facts.sender = sender;
    const calls: Promise<unknown>[] = [];
    sender.onMessage(({ type, id }) => {
      if (type !== 'receiverJoined' || typeof id !== 'string') return;
      facts.ids.push(id);
      if (facts.ids.length <= 2)
        calls.push(
          offerOver(tools, sender, 'sender', {
            around: { to: id },
            isMine: (message) => message['from'] === id,
          }),
        );
    });
    sender.say({ type: 'sender' });
    await server.settled();
    await come('second');
    await Promise.all(calls);
    const third = await come('third');
    third.say({ type: 'createAnswer', from: facts.ids[0], sdp: 'of the third' });
    await server.settled();
    const answer = sender.of('createAnswer').find(({ sdp }) => sdp === 'of the third');
    if (answer) facts.signed = String(answer['from']);
    third.socket.close();
    await server.settled();
  },
  checks: [
    {
      id: 'ids',
      title: 'The sender learns of each receiver, by an id of its own',
      hint: 'One was there before the sender, two came after it.',
      pass({ facts: { ids, sender } }) {
        const different = new Set(ids).size;
        return {
          ok: ids.length === 3 && different === 3,
          saw: sender
            ? `Of three receivers the sender was told ${ids.length}, with ${different} different ids.`
            : 'The sender has not come yet.',
          wanted: 'Three times `receiverJoined`, each with another `id`, a string.',
          final: ids.length > 3,
        };
      },
    },
    {
      id: 'alone',
      title: 'An offer reaches the receiver for whom it is, and no other',
      when: 'end',
      hint: 'Look up `message.to` in the map, and send to that one socket.',
      pass({ facts: { receivers } }) {
        const offers = receivers.map((one) => `${one.name} ${one.of('createOffer').length}`);
        const ok = offers.join() === 'first 1,second 1,third 0';
        return {
          ok,
          saw: `Offers heard: ${offers.join(', ') || 'none'}.`,
          wanted: 'One each for first and second, to whom the sender wrote; none for third.',
        };
      },
    },
    {
      id: 'signed',
      title: 'Nobody signs with the id of another',
      hint: 'The message says who sent it, and so does the socket. Only one of the two cannot lie.',
      pass({ facts: { signed, ids } }) {
        const own = ids[2];
        const ok = signed !== undefined && signed === own;
        return {
          ok,
          saw:
            signed === undefined
              ? 'The sender has heard no answer of the third receiver.'
              : ok
                ? 'The third receiver wrote the id of the first into its answer; the sender was told the right one.'
                : `The third receiver wrote the id of another into its answer, and the sender was told \`from\`: “${signed === ids[0] ? 'the first' : signed}”.`,
          wanted: '`from` with the id of the receiver whose socket it was.',
          final: signed !== undefined && own !== undefined && !ok,
        };
      },
    },
    {
      id: 'left',
      title: 'The sender hears who has gone',
      hint: 'A page that is closed says nothing: the socket’s `close` event does.',
      pass({ facts: { sender, ids } }) {
        const gone = sender?.of('receiverLeft').map(({ id }) => id) ?? [];
        return {
          ok: gone.length === 1 && gone[0] === ids[2],
          saw: `The third receiver closed; the sender heard ${gone.length} times \`receiverLeft\`${gone.length > 0 && gone[0] !== ids[2] ? ', with another id' : ''}.`,
          wanted: 'Once, with its id.',
          final: gone.length > 1,
        };
      },
    },
    {
      id: 'frames',
      title: 'Both receivers see the picture',
      hint: 'Two connections, each with its own offer, answer and candidates.',
      async pass(witness) {
        const [first, second] = await Promise.all([
          witness.framesDecoded('first'),
          witness.framesDecoded('second'),
        ]);
        return {
          ok: first >= 5 && second >= 5,
          saw: `first has decoded ${first} frames, second ${second}.`,
          wanted: 'Five or more each.',
        };
      },
    },
  ],
});
