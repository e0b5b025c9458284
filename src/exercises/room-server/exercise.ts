import { callee, connectIo, offerTo, type IoClient } from '../../lab-kit/classroom/io-call.ts';
import { defineExercise, type Check } from '../../lab-kit/exercise/define.ts';

/** What the script has found out; a check that has not been reached finds nothing. */
interface Facts {
  readonly found: Map<string, { readonly ok: boolean; readonly saw: string; readonly isOpen?: true }>;
}

/** Ids of the checks, in the order of the script. */
const checks: readonly (readonly [id: string, title: string, wanted: string, hint: string])[] = [
  [
    'roster',
    'Who joins is told who is there',
    'The acknowledgement of `join_room`: `{ ok: true, socketId, members: [{ socketId, personName }] }`, without the one who asks.',
    'A handler’s last argument is the function that acknowledges: `reply({ … })`.',
  ],
  [
    'told',
    'Those who are there hear who came',
    '`user_joined` once, with `socketId`, `personName` and `roomName`.',
    '`socket.to(roomName)` reaches all in the room but this socket.',
  ],
  [
    'self',
    'Nobody is told of himself',
    'No `user_joined` for the one who joins.',
    '`io.to(room)` includes the sender; `socket.to(room)` does not.',
  ],
  [
    'twice',
    'Joining twice is joining once',
    'An acknowledgement, and no second `user_joined`.',
    'Keep who is in which room, and look before you tell the others.',
  ],
  [
    'chat',
    'A message reaches everybody in the room, its writer too',
    '`message` with `content`, once for each of them, and for nobody elsewhere.',
    'Here `io.to(room)` is right: one copy for all gives one order for all.',
  ],
  [
    'time',
    'Its time is one that can be compared',
    'ISO 8601 with milliseconds, as `toISOString()` writes it.',
    '`toUTCString()` drops the milliseconds, and its texts do not sort.',
  ],
  [
    'signed',
    'Nobody writes in the name of another',
    '`personName` and `socketId` of the one whose socket it was.',
    'Remember the name when somebody joins, in `socket.data`, and read it from there.',
  ],
  [
    'walls',
    'Nobody writes into a room where he is not',
    'Silence in the other room.',
    'Do not ask the message for the room: you know where its writer is.',
  ],
  [
    'signals',
    '`offer`, `answer` and `ice_candidate` arrive under their names, with `fromPeer`',
    'Each of the three at the other one, with what was sent and `fromPeer`.',
    'The name that you emit is the name that the page listens for: one letter is enough to lose all.',
  ],
  [
    'forged',
    '`fromPeer` is the truth',
    'The id of the socket that sent it.',
    '`{ ...rest, fromPeer: socket.id }`: what stands last, wins.',
  ],
  [
    'strangers',
    'Nobody reaches a peer in another room',
    'Nothing arrives, and the acknowledgement says `{ ok: false }`.',
    '`socket.to(id)` reaches every socket of the server. Look first whether that id is in the sender’s own room.',
  ],
  [
    'left',
    'Those who stay hear who has left, once',
    '`user_left` once, with his `socketId`, though he says `leave_room` twice.',
    'Leave only whom you have in a room.',
  ],
  [
    'gone',
    'A cable that is pulled is noticed',
    '`user_left` for the others, and a roster without a ghost.',
    'In `disconnect` the rooms are empty already; `disconnecting` comes before.',
  ],
  [
    'nonsense',
    'Nonsense harms nobody',
    'The server goes on and lets the next one in.',
    'There may be no payload, `null` in its place, no acknowledgement, a name of a million letters.',
  ],
];

const words = (value: unknown) => {
  const text = JSON.stringify(value) ?? 'nothing';
  return `\`${text.length > 90 ? `${text.slice(0, 90)}…` : text}\``;
};
const times = (count: number) => (count === 1 ? 'once' : `${count} times`);

export default defineExercise<Facts>({
  kind: 'complete',
  title: 'A room server that can be relied on',
  task: [
    'The server below speaks the events of the lesson. It works as long as everybody is kind, and nobody’s train enters a tunnel. Make it one that a stranger may use.',
    '`join_room { personName, roomName }` is acknowledged with `{ ok: true, socketId, members }`; others hear `user_joined`. `message { content }` goes to all in the room as `{ socketId, personName, content, timestamp }`. `offer`, `answer` and `ice_candidate` have a `toPeer`, and arrive with `fromPeer`; what cannot be handed over is acknowledged with `{ ok: false }`. Whoever leaves, or is gone, leaves behind one `user_left { socketId, personName, roomName }`.',
  ],
  hints: [
    'Keep a `Map` of rooms of your own: room → id → name. And remember in `socket.data` who somebody is and where. After that no handler needs to believe a message.',
    'Write one function `leave(socket)` that does nothing when the socket is in no room. Call it for `leave_room`, and for `disconnecting`.',
    'For the three signals: find `toPeer` among the members of the sender’s own room; if he is there, `socket.to(toPeer).emit(name, { ...rest, fromPeer: socket.id })`.',
  ],
  runs: 'server',
  limitMs: 9_000,
  facts: () => ({ found: new Map() }),
  async play({ tools, facts, startServer }) {
    const server = await startServer();
    const note = (id: string, ok: boolean, saw: string) => facts.found.set(id, { ok, saw });
    const join = (client: IoClient, roomName: unknown) =>
      client.ask('join_room', { personName: client.name, roomName });

    const alice = await connectIo(server, 'alice');
    const bob = await connectIo(server, 'bob');
    const carol = await connectIo(server, 'carol');
    const first = await join(alice, 'blue');
    const second = await join(bob, 'blue');
    await join(carol, 'green');

    const members = second?.['members'];
    const isRoster =
      Array.isArray(members) &&
      members.length === 1 &&
      JSON.stringify(members[0]) === JSON.stringify({ socketId: alice.socket.id, personName: 'alice' }) &&
      second?.['socketId'] === bob.socket.id;
    const isEmpty = Array.isArray(first?.['members']) && first['members'].length === 0;
    note(
      'roster',
      isRoster && isEmpty && second?.['ok'] === true,
      second
        ? `bob joined alice’s room and was told ${words(second)}.`
        : 'bob’s `join_room` was not acknowledged.',
    );
    const told = alice.of('user_joined').filter(({ socketId }) => socketId === bob.socket.id);
    note(
      'told',
      told.length === 1 && told[0]?.['personName'] === 'bob' && told[0]['roomName'] === 'blue',
      `bob came, and alice heard it ${times(told.length)}${told[0] ? `: ${words(told[0])}` : ''}.`,
    );
    const own = [alice, bob, carol].filter((one) =>
      one.of('user_joined').some(({ socketId }) => socketId === one.socket.id),
    );
    note(
      'self',
      own.length === 0 && told.length > 0,
      own.length > 0
        ? `${own.map(({ name }) => name).join(', ')} heard \`user_joined\` about themselves.`
        : 'Nobody heard `user_joined` about himself.',
    );
    const again = await join(bob, 'blue');
    const count = alice.of('user_joined').filter(({ socketId }) => socketId === bob.socket.id).length;
    note(
      'twice',
      again !== undefined && count === 1,
      `bob joined a second time; alice has heard of it ${times(count)}, and bob was ${again ? '' : 'not '}answered.`,
    );

    alice.socket.emit('message', { personName: 'bob', roomName: 'blue', content: 'hello' });
    await server.settled();
    const heard = [alice, bob, carol].map((one) => one.of('message').length);
    note(
      'chat',
      heard.join() === '1,1,0',
      `alice wrote a message in blue. alice heard it ${times(heard[0] ?? 0)}, bob ${times(heard[1] ?? 0)}, carol in green ${times(heard[2] ?? 0)}.`,
    );
    const message = bob.of('message')[0];
    const timestamp = String(message?.['timestamp']);
    note(
      'time',
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(timestamp),
      `Its \`timestamp\` is “${timestamp}”.`,
    );
    note(
      'signed',
      message?.['personName'] === 'alice' && message['socketId'] === alice.socket.id,
      `alice wrote it with \`personName: "bob"\`, and bob read: ${words(message)}.`,
    );
    alice.socket.emit('message', { roomName: 'green', content: 'over the wall' });
    await server.settled();
    const over = carol.of('message').length;
    note(
      'walls',
      message !== undefined && over === 0,
      `alice, in blue, wrote into green; carol there heard ${over} messages.`,
    );

    const relayed = ['offer', 'answer', 'ice_candidate'];
    for (const name of relayed)
      bob.socket.emit(name, { toPeer: alice.socket.id, fromPeer: carol.socket.id, sdp: `${name} of bob` });
    await server.settled();
    const arrived = relayed.filter((name) => alice.of(name).some(({ sdp }) => sdp === `${name} of bob`));
    const signed = relayed.filter((name) => alice.of(name).some(({ fromPeer }) => fromPeer !== undefined));
    note(
      'signals',
      arrived.length === 3 && signed.length === 3,
      `bob sent alice one of each; there arrived ${arrived.map((name) => `\`${name}\``).join(', ') || 'none'}${signed.length < arrived.length ? ', without `fromPeer`' : ''}.`,
    );
    const forged = relayed.some((name) =>
      alice.of(name).some(({ fromPeer }) => fromPeer === carol.socket.id),
    );
    note(
      'forged',
      arrived.length === 3 && signed.length === 3 && !forged,
      forged
        ? 'bob wrote carol’s id into `fromPeer`, and alice read that it came from carol.'
        : arrived.length < 3
          ? 'Not all three have arrived.'
          : 'bob wrote carol’s id into `fromPeer`, and alice read that it came from bob.',
    );
    const refused = await carol.ask('offer', { toPeer: alice.socket.id, roomName: 'blue', sdp: 'of carol' });
    const byRoom = await carol.ask('offer', { toPeer: 'blue', sdp: 'of carol' });
    const crossed = [alice, bob].filter((one) => one.of('offer').some(({ sdp }) => sdp === 'of carol'));
    note(
      'strangers',
      crossed.length === 0 && refused?.['ok'] === false && byRoom?.['ok'] === false,
      crossed.length > 0
        ? `carol, in green, sent an offer into blue, and ${crossed.map(({ name }) => name).join(' and ')} heard it.`
        : `carol’s offers to alice in blue, and to the whole room, went no further; she was told ${words(refused)}.`,
    );

    const dave = await connectIo(server, 'dave');
    await join(dave, 'blue');
    const daves = dave.socket.id;
    const leave = { personName: 'dave', roomName: 'blue' };
    await dave.ask('leave_room', leave);
    await dave.ask('leave_room', leave);
    dave.socket.disconnect();
    await server.settled();
    const left = bob.of('user_left').filter(({ socketId }) => socketId === daves);
    note(
      'left',
      left.length === 1 && left[0]?.['personName'] === 'dave',
      `dave left, said so twice, and closed his page: bob heard \`user_left\` ${times(left.length)}.`,
    );

    const erin = await connectIo(server, 'erin');
    await join(erin, 'blue');
    const erins = erin.socket.id;
    erin.socket.drop();
    await server.settled();
    erin.socket.connect();
    await server.settled();
    const back = await join(erin, 'blue');
    const lost = bob.of('user_left').filter(({ socketId }) => socketId === erins).length;
    const roster = Array.isArray(back?.['members']) ? (back['members'] as { socketId: string }[]) : undefined;
    const ghosts = roster?.filter(({ socketId }) => socketId === erins).length;
    note(
      'gone',
      lost === 1 && ghosts === 0 && roster?.length === 2,
      `erin’s connection was cut, and bob heard it ${times(lost)}. She came back with another id, and her roster has ${roster ? `${roster.length} people, ${ghosts} of them her old self` : 'nobody'}.`,
    );

    // It stays so when the server does not survive what follows.
    facts.found.set('nonsense', { ok: false, saw: 'After the nonsense nobody was answered.', isOpen: true });
    const fool = await connectIo(server, 'fool');
    for (const name of ['join_room', 'message', 'leave_room', 'offer', 'answer', 'ice_candidate']) {
      fool.socket.emit(name);
      for (const payload of [null, 7, 'text', [], { toPeer: { toString: 1 }, roomName: {}, content: 1 }])
        fool.socket.emit(name, payload);
    }
    const long = await fool.ask('join_room', { personName: 'x'.repeat(100_000), roomName: 'blue' });
    const last = await connectIo(server, 'last');
    const let_in = await join(last, '__proto__');
    note(
      'nonsense',
      let_in?.['ok'] === true && long?.['ok'] !== true,
      long?.['ok'] === true
        ? 'Somebody with a name of 100,000 letters was let in.'
        : let_in
          ? 'After six events with six kinds of nonsense each, the next one was let in.'
          : 'After the nonsense nobody was answered.',
    );

    const [a, b] = [alice.socket.id, bob.socket.id];
    if (a === undefined || b === undefined) return;
    callee({ tools, client: alice, to: b });
    await offerTo({ tools, client: bob, to: a });
  },
  checks: [
    ...checks.map(([id, title, wanted, hint]): Check<Facts> => ({
      id,
      title,
      hint,
      pass: ({ facts }) => {
        const found = facts.found.get(id);
        return {
          ok: found?.ok ?? false,
          saw: found?.saw ?? 'It has not come so far.',
          wanted,
          final: found?.ok === false && !found.isOpen,
        };
      },
    })),
    {
      id: 'frames',
      title: 'alice sees bob’s picture',
      hint: 'Offer, answer and candidates have to reach the other end of a real connection.',
      async pass(witness) {
        const frames = await witness.framesDecoded('alice');
        return {
          ok: frames >= 5,
          saw: `alice’s connection is \`${witness.state('alice')}\`; it has decoded ${frames} frames.`,
          wanted: 'A connection, and five frames or more.',
        };
      },
    },
  ],
});
