import { io, type Socket } from 'socket.io-client';
import type { Reply } from '../../protocol/signaling.ts';
import { randomId } from '../../rtc/signaling/rendezvous.ts';

/** Something that a dishonest client tries at the signaling server, and what the server makes of it. */
export interface Tried {
  readonly id: string;
  readonly title: string;
  /** The request as it was sent, shortened. */
  readonly sent: string;
  /** What the server answered. */
  readonly answer: string;
  /** Whether the attempt came to nothing. */
  readonly foiled: boolean;
  /** The rule behind it. */
  readonly rule: string;
}

/** How long the server may take for an answer. Milliseconds. */
const ANSWER_MS = 5_000;
const signal = (sdp = 'v=0') => ({ description: { type: 'offer', sdp } });

/**
 * Tries to cheat the signaling server of a site: five connections, three of them in one room. Real requests, real
 * answers; the rooms are made for this and end with it.
 *
 * @param url the site's origin
 * @param ended closes everything
 * @throws {Error} when the server does not answer
 */
export async function* tryServer(url: string, ended: AbortSignal): AsyncGenerator<Tried> {
  const end = new AbortController();
  const all = AbortSignal.any([ended, end.signal]);
  const open = () => connect(url, all);
  try {
    const [room, elsewhere] = [`try-${randomId()}`, `try-${randomId()}`];
    const [mallory, alice, bob, carol, nobody] = await Promise.all([open(), open(), open(), open(), open()]);
    const join = async (client: Client, name: string, where: string) =>
      (await client.ask('room:join', { room: where, page: randomId(), name })) as Joined;
    const self = {
      mallory: await join(mallory, 'mallory', room),
      alice: await join(alice, 'alice', room),
      bob: await join(bob, 'bob', room),
      carol: await join(carol, 'carol', elsewhere),
    };
    const idOf = (joined: Joined) => (joined.ok ? joined.value.self.peer : '');
    const heard: { from: string }[] = [];
    alice.on('signal:received', (received) => heard.push(received as { from: string }));

    const forged = { to: idOf(self.alice), from: idOf(self.bob), signal: signal() };
    yield refused('forged', 'Sign with somebody else’s id', 'signal:send', forged, mallory, {
      rule: 'A request has no field for the sender. What the protocol does not ask for is refused, not ignored.',
    });

    const plain = { to: idOf(self.alice), signal: signal() };
    const taken = await mallory.ask('signal:send', plain);
    for (let waited = 0; heard.length === 0 && waited < 20; waited++) await after(50);
    const isStamped = heard[0]?.from === idOf(self.mallory);
    yield {
      id: 'stamped',
      title: 'Leave the sender out',
      sent: words('signal:send', plain),
      answer: `${answerWords(taken)} alice receives it from ${isStamped ? 'mallory’s own id' : (heard[0]?.from ?? 'nobody')}.`,
      foiled: isStamped,
      rule: 'The server knows on which connection a message came, and stamps it with that participant’s id.',
    };

    const across = { to: idOf(self.carol), signal: signal() };
    yield refused('across', 'Reach a member of another room', 'signal:send', across, mallory, {
      rule: 'A receiver is looked up among the sender’s neighbours: who is not there cannot even be named.',
    });

    const outside = { to: idOf(self.alice), signal: signal() };
    yield refused('outside', 'Send without having joined', 'signal:send', outside, nobody, {
      rule: 'A connection is nobody until it has taken a seat.',
    });

    const admin = { room: elsewhere, page: randomId(), name: 'mallory', admin: true };
    yield refused('unknown-key', 'Slip in a field of one’s own', 'room:join', admin, nobody, {
      rule: 'Unknown keys are refused, so that no later version can mistake one for a right.',
    });

    const reversed = { room: elsewhere, page: randomId(), name: 'mallory\u202ebob' };
    yield refused('name', 'A name that reads backwards', 'room:join', reversed, nobody, {
      rule: 'Control characters and marks that turn the direction of reading let one name look like another.',
    });

    const session = 'a'.repeat(40);
    const again = await nobody.ask('room:join', { room, page: randomId(), name: 'bob', session });
    const resumed = again.ok && (again.value as { resumed: boolean }).resumed;
    const isNew = again.ok && idOf(again as Joined) !== idOf(self.bob);
    yield {
      id: 'seat',
      title: 'Take bob’s seat with a token of one’s own',
      sent: words('room:join', { room, name: 'bob', session }),
      answer: again.ok
        ? `A new seat with another id; resumed: ${String(resumed)}. The name is only a name.`
        : answerWords(again),
      foiled: !again.ok || (!resumed && isNew),
      rule: 'A seat is returned only to a token that the server has signed. Who you are is your id, not what you call yourself.',
    };

    const long = { to: idOf(self.alice), signal: signal('x'.repeat(70_000)) };
    yield refused('oversize', 'A description of 70 000 characters', 'signal:send', long, mallory, {
      rule: 'Each string has a greatest length; a frame of more than 100 kB costs the connection.',
    });

    const rate = self.mallory.ok ? self.mallory.value.rate.burst : 0;
    const replies = await Promise.all(Array.from({ length: rate + 100 }, () => mallory.ask('room:sync', {})));
    const limited = replies.filter((reply) => !reply.ok && reply.error.code === 'rate-limited').length;
    yield {
      id: 'flood',
      title: `${rate + 100} requests at once`,
      sent: `${rate + 100} × room:sync {}`,
      answer: `${replies.length - limited} answered, ${limited} refused: rate-limited.`,
      foiled: limited > 0,
      rule: `A connection has ${rate} requests at once, and then as many a second as the server allows: a token bucket.`,
    };
  } finally {
    end.abort();
  }
}

type AnyReply = Reply<unknown>;
type Joined = Reply<{ self: { peer: string }; rate: { burst: number }; resumed: boolean }>;

interface Client {
  ask(name: string, payload: object): Promise<AnyReply>;
  on(event: string, handle: (payload: unknown) => void): void;
}

async function connect(url: string, ended: AbortSignal): Promise<Client> {
  ended.throwIfAborted();
  // The plain client: our own one checks what it sends, and would not send most of this.
  const socket: Socket = io(url, {
    path: '/socket.io/',
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
  });
  ended.addEventListener('abort', () => socket.disconnect(), { once: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', () => reject(new Error(`No answer from the signaling server at ${url}.`)));
  });
  return {
    ask: async (name, payload) => (await socket.timeout(ANSWER_MS).emitWithAck(name, payload)) as AnyReply,
    on: (event, handle) => void socket.on(event, handle),
  };
}

async function refused(
  id: string,
  title: string,
  name: string,
  payload: object,
  client: Client,
  { rule }: { readonly rule: string },
): Promise<Tried> {
  const reply = await client.ask(name, payload);
  return { id, title, sent: words(name, payload), answer: answerWords(reply), foiled: !reply.ok, rule };
}

const answerWords = (reply: AnyReply): string =>
  reply.ok ? 'Taken.' : `${reply.error.code}: ${reply.error.message}`;

/** A request in one line; ids and long texts are cut. */
function words(name: string, payload: object): string {
  const text = JSON.stringify(payload, (_, value: unknown) =>
    typeof value === 'string' && value.length > 14 ? `${value.slice(0, 6)}…` : value,
  );
  // A mark that turns the direction of reading would do so here, too.
  return `${name} ${text.replaceAll('\u202e', '\\u202e')}`;
}

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
