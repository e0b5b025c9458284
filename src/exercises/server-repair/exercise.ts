import { callee, connectIo, offerTo, type IoClient } from '../../lab-kit/classroom/io-call.ts';
import { defineExercise, type Check } from '../../lab-kit/exercise/define.ts';

interface Facts {
  readonly found: Map<string, { readonly ok: boolean; readonly saw: string }>;
  alice?: IoClient;
  bob?: IoClient;
}

const checks: readonly (readonly [id: string, title: string, wanted: string, hint: string])[] = [
  [
    'self',
    'Nobody is told of himself',
    'alice hears once that bob has come; bob hears nothing of himself.',
    '`io.to(room)` includes the sender.',
  ],
  [
    'spoof',
    'Nobody writes in the name of another',
    'The name with which the writer joined.',
    'What the server knows it must not ask the message.',
  ],
  [
    'walls',
    'Nobody writes into a room where he is not',
    'Silence in the other room.',
    'Where the writer is, the server knows, too.',
  ],
  [
    'sender',
    'An offer says who it is from',
    'It arrives, with `fromPeer` as the id of the socket that sent it.',
    '`{ ...message, fromPeer: socket.id }`: what stands last, wins.',
  ],
  [
    'cross',
    'No offer, answer or candidate crosses into another room',
    'Nothing arrives.',
    '`socket.to(id)` reaches every socket of the server. Are both in one room?',
  ],
  [
    'time',
    'The time of a message can be compared',
    'ISO 8601 with milliseconds.',
    '`toUTCString()` is for people.',
  ],
  [
    'ghost',
    'Whoever is gone is no ghost',
    '`user_left` once, though she said nothing.',
    '`disconnect` comes when the rooms have been left; `disconnecting` comes before.',
  ],
];

const times = (count: number) => (count === 1 ? 'once' : `${count} times`);

export default defineExercise<Facts>({
  kind: 'repair',
  title: 'A picture that never comes',
  task: [
    'The complaint: “offer and answer arrive, `ontrack` fires, and there is no picture. No error anywhere.” It is one of seven faults in this server. Find them all.',
    'The pages stay as they are: they listen for `user_joined`, `user_left`, `message`, `offer`, `answer` and `ice_candidate`, join with `{ personName, roomName }`, and say `toPeer` with each signal.',
  ],
  hints: [
    'Read the names of the events aloud, those that come in and those that go out. Then ask of each value in a message: who says so?',
    'On joining, keep the name and the room: `socket.data = { personName, roomName }`. Everything else can be read from there.',
    '`io.sockets.sockets.get(message.toPeer)` is the other socket, and its `data.roomName` tells whether it is in the same room.',
  ],
  runs: 'server',
  onSite: true,
  limitMs: 7_000,
  facts: () => ({ found: new Map() }),
  async play({ tools, facts, startServer }) {
    const server = await startServer();
    const note = (id: string, ok: boolean, saw: string) => facts.found.set(id, { ok, saw });
    const come = async (personName: string, roomName: string) => {
      const client = await connectIo(server, personName);
      client.socket.emit('join_room', { personName, roomName });
      await server.settled();
      return client;
    };
    const alice = await come('alice', 'blue');
    const bob = await come('bob', 'blue');
    const mallory = await come('mallory', 'green');
    const ids = { alice: alice.socket.id ?? '', bob: bob.socket.id ?? '', mallory: mallory.socket.id ?? '' };
    const told = alice.of('user_joined').filter(({ socketId }) => socketId === ids.bob).length;
    const own = bob.of('user_joined').filter(({ socketId }) => socketId === ids.bob).length;
    note(
      'self',
      told === 1 && own === 0,
      `bob came: alice heard it ${times(told)}, and bob himself ${times(own)}.`,
    );

    bob.socket.emit('message', { personName: 'alice', roomName: 'blue', content: 'I owe bob 100' });
    await server.settled();
    const written = alice.of('message')[0];
    note(
      'spoof',
      written?.['personName'] === 'bob',
      written
        ? `bob wrote “I owe bob 100” in the name of alice. The room read it as written by ${String(written['personName'])}.`
        : 'What bob wrote was heard by nobody.',
    );
    const timestamp = String(written?.['timestamp']);
    note('time', /^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/.test(timestamp), `It is “${timestamp}”.`);

    mallory.socket.emit('message', { personName: 'bob', roomName: 'blue', content: 'from outside' });
    await server.settled();
    const outside = alice.of('message').filter(({ content }) => content === 'from outside').length;
    note(
      'walls',
      written !== undefined && outside === 0,
      `mallory, in green, wrote into blue, and alice heard it ${times(outside)}.`,
    );

    bob.socket.emit('offer', { toPeer: ids.alice, fromPeer: ids.mallory, sdp: 'of bob' });
    await server.settled();
    const offer = alice.of('offer').find(({ sdp }) => sdp === 'of bob');
    const from = Object.entries(ids).find(([, id]) => id === offer?.['fromPeer'])?.[0];
    note(
      'sender',
      from === 'bob',
      offer
        ? `bob sent alice an offer and wrote mallory’s id into it; alice read that it came from ${from ?? 'nobody'}.`
        : 'bob’s offer did not reach alice.',
    );

    for (const name of ['offer', 'answer', 'ice_candidate'])
      for (const toPeer of [ids.alice, 'blue'])
        mallory.socket.emit(name, { toPeer, roomName: 'blue', sdp: 'of mallory' });
    await server.settled();
    const crossed = alice.heard
      .filter(({ payload }) => payload['sdp'] === 'of mallory')
      .map(({ name }) => `\`${name}\``);
    note(
      'cross',
      offer !== undefined && crossed.length === 0,
      crossed.length > 0
        ? `mallory, in green, reached alice in blue with ${[...new Set(crossed)].join(', ')}.`
        : offer
          ? 'mallory, in green, sent all three to alice and to the whole room, and nobody heard them.'
          : 'Nothing arrives at all.',
    );

    const carol = await come('carol', 'blue');
    const carols = carol.socket.id;
    carol.socket.drop();
    await server.settled();
    const left = alice.of('user_left').filter(({ socketId }) => socketId === carols).length;
    note('ghost', left === 1, `carol’s connection was cut; alice heard \`user_left\` ${times(left)}.`);

    facts.alice = alice;
    facts.bob = bob;
    callee({ tools, client: bob, to: ids.alice });
    await offerTo({ tools, client: alice, to: ids.bob });
  },
  checks: [
    ...checks.map(([id, title, wanted, hint]): Check<Facts> => ({
      id,
      title,
      hint,
      pass: ({ facts }) => {
        const found = facts.found.get(id);
        const saw = found?.saw ?? 'It has not come so far.';
        return { ok: found?.ok ?? false, saw, wanted, final: found?.ok === false };
      },
    })),
    {
      id: 'candidates',
      title: 'Candidates arrive under the name that the pages listen for',
      hint: 'One letter. Which one of the two names do you want, and where is it written?',
      pass({ facts: { alice, bob } }) {
        const heard = [alice, bob].map((one) => one?.of('ice_candidate').length ?? 0);
        const other = [
          ...new Set(
            [alice, bob].flatMap((one) =>
              (one?.heard ?? []).flatMap(({ name }) =>
                /cand/i.test(name) && name !== 'ice_candidate' ? [name] : [],
              ),
            ),
          ),
        ];
        const ok = heard.every((count) => count > 1);
        return {
          ok,
          saw: `alice heard \`ice_candidate\` ${times(heard[0] ?? 0)}, bob ${times(heard[1] ?? 0)}${other.length > 0 ? `; there was \`${other.join('`, `')}\`, to which nobody listens` : ''}.`,
          wanted: '`ice_candidate`, at both ends.',
        };
      },
    },
    {
      id: 'picture',
      title: 'bob sees alice’s picture',
      hint: 'It needs the offer, the answer, and candidates of at least one side.',
      async pass(witness) {
        const frames = await witness.framesDecoded('bob');
        return {
          ok: frames >= 5,
          saw: `bob’s connection is \`${witness.state('bob')}\`; it has decoded ${frames} frames.`,
          wanted: 'A connection, and five frames or more.',
        };
      },
    },
  ],
});
