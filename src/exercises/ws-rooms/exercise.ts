import { answerOver, connectWs, offerOver, type WsClient } from '../../lab-kit/classroom/ws-call.ts';
import { defineExercise } from '../../lab-kit/exercise/define.ts';

interface Facts {
  readonly clients: Map<string, WsClient>;
  readonly ids: Map<string, string>;
  /** What was heard of a message that went to somebody in another room. */
  crossed?: string;
  /** Whom alice took an offer for that bob had signed with another's id. */
  signed?: string;
  /** Whether the server answered after all the nonsense. */
  survived: boolean;
  /** How often each heard that dave has gone. */
  left?: { readonly carol: number; readonly others: number };
}

/** What a server gets to read sooner or later. */
const nonsense = [
  'hello',
  'null',
  '[]',
  '42',
  '{}',
  '{"type":"join"}',
  '{"type":"join","room":7}',
  '{"type":"createOffer","to":"nobody","sdp":""}',
  '{"type":"iceCandidate","to":{"toString":1},"candidate":null}',
];

const idOf = (client: WsClient | undefined) => {
  const id = client?.of('joined')[0]?.['id'];
  return typeof id === 'string' ? id : undefined;
};

export default defineExercise<Facts>({
  kind: 'complete',
  title: 'Rooms',
  task: [
    'Any number of people, in rooms. `{ type: "join", room }` puts somebody into a room. The one who comes hears `{ type: "joined", id, others }`: its own id, and the ids of those who were there. The others hear `{ type: "peerJoined", id }`, and `{ type: "peerLeft", id }` when somebody has gone.',
    '`createOffer`, `createAnswer` and `iceCandidate` have a `to`. Hand them to that one, with `from`, and only if both are in the same room. And whatever somebody sends, the server goes on.',
  ],
  hints: [
    'A `Map` from the name of a room to a `Map` from id to socket. In the `connection` handler: `const id = …; let room: string | null = null;`.',
    'Look up `message.to` among the members of the *sender’s own* room. Then nobody can reach another room: there is nothing to check.',
    'Put `JSON.parse` into `try`, and go on only if what came is an object; check that `room` and `to` are strings before you use them.',
  ],
  runs: 'server',
  peers: ['alice', 'bob', 'carol', 'dave'],
  limitMs: 7_000,
  facts: () => ({ clients: new Map(), ids: new Map(), survived: false }),
  async play({ tools, facts, startServer }) {
    const server = await startServer();
    const { clients, ids } = facts;
    const come = async (name: string, room: string) => {
      const client = await connectWs(server, name);
      clients.set(name, client);
      client.say({ type: 'join', room });
      await server.settled();
      const id = idOf(client);
      if (id !== undefined) ids.set(name, id);
      return client;
    };
    const alice = await come('alice', 'blue');
    const bob = await come('bob', 'blue');
    const carol = await come('carol', 'green');
    const dave = await come('dave', 'green');

    const before = alice.heard.length;
    dave.say({ type: 'createOffer', to: ids.get('alice'), sdp: 'from another room' });
    dave.say({ type: 'createOffer', to: 'blue', sdp: 'from another room' });
    dave.say({ type: 'createOffer', to: ids.get('alice'), room: 'blue', sdp: 'from another room' });
    await server.settled();
    facts.crossed = [alice, bob, carol]
      .flatMap(({ name, heard }) => (heard.some(({ sdp }) => sdp === 'from another room') ? [name] : []))
      .join(' and ');
    bob.say({ type: 'iceCandidate', to: ids.get('alice'), from: ids.get('carol'), candidate: null });
    await server.settled();
    const signed = alice.heard.slice(before).find(({ type }) => type === 'iceCandidate')?.['from'];
    if (typeof signed === 'string') facts.signed = signed;

    const call = async (newcomer: WsClient, there: WsClient) => {
      const [to, back] = [ids.get(there.name), ids.get(newcomer.name)];
      answerOver(tools, there, there.name, { around: { to: back }, isMine: ({ from }) => from === back });
      const around = { to };
      await offerOver(tools, newcomer, newcomer.name, { around, isMine: ({ from }) => from === to });
    };
    if (ids.size === 4) await Promise.all([call(bob, alice), call(dave, carol)]);

    const fool = await connectWs(server, 'fool');
    for (const text of nonsense) fool.say(text);
    await server.settled();
    const last = await come('last', '__proto__');
    facts.survived = idOf(last) !== undefined;

    const goer = await come('goer', 'green');
    goer.socket.close();
    await server.settled();
    const heard = (client: WsClient) =>
      client.of('peerLeft').filter(({ id }) => id === ids.get('goer') && id !== undefined).length;
    facts.left = { carol: heard(carol), others: heard(alice) + heard(bob) + heard(last) };
  },
  checks: [
    {
      id: 'roster',
      title: 'Who comes learns who is there, and those learn who came',
      hint: 'The one who comes is not one of the others.',
      pass({ facts: { clients, ids } }) {
        const joined = clients.get('bob')?.of('joined') ?? [];
        const others = joined[0]?.['others'];
        const told =
          clients
            .get('alice')
            ?.of('peerJoined')
            .map(({ id }) => id) ?? [];
        const ok =
          ids.size >= 4 &&
          new Set(ids.values()).size === ids.size &&
          Array.isArray(others) &&
          others.join() === ids.get('alice') &&
          told.join() === ids.get('bob');
        const count = Array.isArray(others) ? `${others.length}` : 'no';
        return {
          ok,
          saw:
            joined.length === 0 || ids.size < 4
              ? 'Not everybody has heard `joined`, with an `id`.'
              : `bob heard of ${count} others${Array.isArray(others) && others.includes(ids.get('bob')) ? ', himself among them' : ''}; alice heard ${told.length} times \`peerJoined\`.`,
          wanted: 'bob hears of alice alone; alice hears once, of bob.',
          final: ids.size >= 4 && !ok,
        };
      },
    },
    {
      id: 'walls',
      title: 'Nothing passes from room to room',
      hint: 'Look for `to` among the members of the room that the sender is in.',
      pass({ facts: { crossed, ids } }) {
        return {
          ok: crossed === '' && ids.size >= 4,
          saw:
            crossed === undefined || ids.size < 4
              ? 'It has not come so far.'
              : crossed === ''
                ? 'dave, in the green room, wrote to alice in the blue one, and nobody heard it.'
                : `dave, in the green room, wrote to the blue one, and ${crossed} heard it.`,
          wanted: 'Silence: he has no right to reach her.',
          final: Boolean(crossed),
        };
      },
    },
    {
      id: 'signed',
      title: 'Nobody signs with the id of another',
      hint: '`{ ...message, from: id }`: what stands last, wins.',
      pass({ facts: { signed, ids } }) {
        const ok = signed !== undefined && signed === ids.get('bob');
        return {
          ok,
          saw:
            signed === undefined
              ? 'Nothing with a `from` has reached alice.'
              : ok
                ? 'bob wrote carol’s id into a message; alice was told that it came from bob.'
                : 'bob wrote carol’s id into a message, and alice was told just that.',
          wanted: '`from` with the id of the one whose socket it was.',
          final: signed !== undefined && !ok,
        };
      },
    },
    {
      id: 'frames',
      title: 'Two calls in two rooms',
      hint: 'Offer, answer and candidates each reach the one whose id is in `to`.',
      async pass(witness) {
        const [alice, carol] = await Promise.all([
          witness.framesDecoded('alice'),
          witness.framesDecoded('carol'),
        ]);
        return {
          ok: alice >= 5 && carol >= 5,
          saw: `alice has decoded ${alice} frames of bob’s picture, carol ${carol} of dave’s.`,
          wanted: 'Five or more each.',
        };
      },
    },
    {
      id: 'nonsense',
      title: 'Nonsense harms nobody',
      hint: 'JSON may be `null`, a list, or an object without the field that you read.',
      pass({ facts: { survived } }) {
        return {
          ok: survived,
          saw: survived
            ? `After ${nonsense.length} messages that make no sense the next one to come was let in, to a room called \`__proto__\`.`
            : 'Nobody was let in after the nonsense.',
          wanted: 'The server goes on.',
        };
      },
    },
    {
      id: 'left',
      title: 'Those in the room hear who has gone, once',
      hint: 'The `close` event of the socket, and the members of its room.',
      pass({ facts: { left } }) {
        return {
          ok: left?.carol === 1 && left.others === 0,
          saw: left
            ? `Somebody in the green room closed: carol heard it ${left.carol} times, people elsewhere ${left.others} times.`
            : 'It has not come so far.',
          wanted: 'carol once; nobody in another room.',
          final: left !== undefined && !(left.carol === 1 && left.others === 0),
        };
      },
    },
  ],
});
