import { DirectWord } from '../../protocol/direct.ts';
import { limits, MessageId, type ChatMessage, type PeerId } from '../../protocol/signaling.ts';
import { randomId } from '../signaling/rendezvous.ts';
import { RoomError, type RoomClient } from '../signaling/room-client.ts';
import { Emitter } from './emitter.ts';
import type { DirectLine, Engine } from './engine.ts';

/** By which way a message was here first: over the data channel of its sender, by the server, or from its history. */
export type ChatPath = 'direct' | 'server' | 'history';

/** What became of a message of ours. */
export interface Sending {
  /** `sending` until the server or anybody has it. */
  readonly is: 'sending' | 'sent' | 'failed';
  /** To how many it went directly, out of how many who were there. */
  readonly direct: number;
  readonly others: number;
  /** Whether the server has it: for those without a direct way, and for those who come later. */
  readonly server: boolean;
  readonly error?: RoomError;
}

/** One message, as this page shows it. */
export interface Said {
  readonly id: MessageId;
  /** Two senders may choose the same id; nobody else has this key. */
  readonly key: string;
  readonly from: PeerId;
  /** How the sender was called then. */
  readonly name: string;
  readonly text: string;
  /** When it came here; of a message from the history, when it came to the server. Milliseconds since 1970. */
  readonly atMs: number;
  readonly path: ChatPath;
  /** How much later it came by the other way; undefined when it has come by one only. Milliseconds. */
  readonly otherAfterMs?: number;
  /** Of our own only. */
  readonly sending: Sending | undefined;
}

export interface ChatOptions {
  readonly room: Pick<RoomClient, 'on' | 'say' | 'chat' | 'self' | 'members'>;
  readonly engine: Pick<Engine, 'lines' | 'on'>;
  readonly signal: AbortSignal;
}

export interface ChatEvents {
  /** All that is kept, the oldest first. */
  messages: readonly Said[];
  /** One of somebody else, said while we were here or away for a moment; not what was said before we came. */
  heard: Said;
}

/** The oldest are forgotten beyond this. */
const KEPT = 500;
/** What one participant may say directly: so many at once, and so many a second in the long run. The server's own bound. */
const BURST = 10;
const PER_SEC = 2;

/**
 * The chat of a meeting. Every message goes two ways: directly to everybody to whom there is a data channel, and to the
 * server, which keeps it for those who come later and carries it to those whom no channel reaches.
 *
 * It is shown once, however often it comes: sender and id name it. If the ways say different things, the server's word
 * stands, because that is what the others read.
 */
export class Chat {
  readonly #options: ChatOptions;
  readonly #events = new Emitter<ChatEvents>();
  readonly on = this.#events.on;
  #messages: readonly Said[] = [];
  readonly #followed = new Map<DirectLine, () => void>();
  readonly #budgets = new Map<PeerId, { tokens: number; atMs: number }>();

  constructor(options: ChatOptions) {
    this.#options = options;
    const { room, engine, signal } = options;
    let isNew = room.self === undefined;
    const stops = [
      room.on('chat', (message) => this.#fromServer(message, 'server', true)),
      // The history is there when the seat is; after a return it holds what was missed.
      room.on('state', ({ state }) => {
        if (state !== 'joined') return;
        for (const message of room.chat) this.#fromServer(message, 'history', !isNew);
        isNew = false;
      }),
      engine.on('lines', (lines) => this.#follow(lines)),
    ];
    this.#follow(engine.lines);
    for (const message of room.chat) this.#fromServer(message, 'history', false);
    signal.addEventListener(
      'abort',
      () => {
        for (const stop of [...stops, ...this.#followed.values()]) stop();
        this.#followed.clear();
      },
      { once: true },
    );
  }

  get messages(): readonly Said[] {
    return this.#messages;
  }

  /**
   * Says something to everybody. What becomes of it is told by the message itself, which is shown at once.
   *
   * @param text 1 to 2 000 characters; spaces around it are taken off
   * @throws {RoomError} `too-large` when it is longer, `bad-request` when there is nothing in it
   */
  say(text: string): void {
    const trimmed = text.trim();
    if (trimmed === '') throw new RoomError('bad-request', 'there is nothing to send');
    if (trimmed.length > limits.chatLength)
      throw new RoomError('too-large', `a message has ${limits.chatLength} characters at most`);
    const { self } = this.#options.room;
    if (!self) throw new RoomError('closed', 'there is no meeting yet');
    const id = MessageId.parse(randomId());
    const said: Said = {
      id,
      key: keyOf(self.peer, id),
      from: self.peer,
      name: self.name,
      text: trimmed,
      atMs: Date.now(),
      path: 'direct',
      sending: { is: 'sending', direct: 0, others: 0, server: false },
    };
    this.#keep([...this.#messages, said]);
    this.#send(said);
  }

  /** Tries again what has failed; whoever has it already does not see it twice. */
  again(key: string): void {
    const said = this.#find(key);
    if (said?.sending?.is === 'failed') this.#send(said);
  }

  #send({ key, id, text }: Said): void {
    const { room, engine } = this.#options;
    this.#change(key, { is: 'sending', server: false });
    const word: DirectWord = { kind: 'chat:say', id, text };
    const direct = [...engine.lines.values()].filter((line) => line.send(word)).length;
    const taken = room.say(text, id);
    // Bots have no line and no ears.
    const others = [...room.members.values()].filter(({ bot }) => !bot).length;
    this.#change(key, { direct, others, ...(direct > 0 && { is: 'sent' }) });
    taken.then(
      () => this.#change(key, { is: 'sent', server: true }),
      (error: unknown) => {
        const reason = error instanceof RoomError ? error : new RoomError('internal', String(error));
        this.#change(key, { error: reason, ...(direct === 0 && { is: 'failed' }) });
      },
    );
  }

  #change(key: string, change: Partial<Sending>): void {
    this.#keep(
      this.#messages.map((said) =>
        said.key === key && said.sending ? { ...said, sending: { ...said.sending, ...change } } : said,
      ),
    );
  }

  #follow(lines: ReadonlyMap<PeerId, DirectLine>): void {
    const present = new Set(lines.values());
    for (const [line, stop] of this.#followed) {
      if (present.has(line)) continue;
      stop();
      this.#followed.delete(line);
    }
    for (const [peer, line] of lines)
      if (!this.#followed.has(line))
        this.#followed.set(
          line,
          line.on('message', (message) => this.#fromPeer(peer, message)),
        );
  }

  #fromPeer(from: PeerId, message: unknown): void {
    const parsed = DirectWord.safeParse(message);
    if (!parsed.success || parsed.data.kind !== 'chat:say') return;
    const member = this.#options.room.members.get(from);
    if (!member || !this.#mayTalk(from)) return;
    const { id, text } = parsed.data;
    const known = this.#find(keyOf(from, id));
    if (known) return this.#cameAgain(known, 'direct');
    this.#add({ id, from, name: member.name, text, atMs: Date.now() }, 'direct', true);
  }

  #fromServer(message: ChatMessage, path: ChatPath, isNews: boolean): void {
    const key = keyOf(message.from, message.id);
    const known = this.#find(key);
    if (!known) {
      this.#add(path === 'server' ? { ...message, atMs: Date.now() } : message, path, isNews);
    } else if (known.text !== message.text) {
      const { text, name } = message;
      this.#keep(this.#messages.map((said) => (said === known ? { ...said, text, name, path } : said)));
    } else this.#cameAgain(known, path);
  }

  #add(message: Omit<Said, 'key' | 'path' | 'sending'>, path: ChatPath, isNews: boolean): void {
    const { id, from, name, text, atMs } = message;
    const isOurs = from === this.#options.room.self?.peer;
    const said: Said = {
      id,
      key: keyOf(from, id),
      from,
      name,
      text,
      atMs,
      path,
      sending: isOurs ? { is: 'sent', direct: 0, others: 0, server: true } : undefined,
    };
    this.#keep([...this.#messages, said]);
    if (!isOurs && isNews) this.#events.emit('heard', said);
  }

  #find(key: string): Said | undefined {
    return this.#messages.find((said) => said.key === key);
  }

  /** By the other way. */
  #cameAgain(known: Said, path: ChatPath): void {
    const ways = new Set([known.path, path]);
    const isBoth = ways.has('direct') && ways.has('server');
    if (!isBoth || known.sending || known.otherAfterMs !== undefined) return;
    const otherAfterMs = Math.max(0, Date.now() - known.atMs);
    this.#keep(this.#messages.map((said) => (said === known ? { ...said, otherAfterMs } : said)));
  }

  #keep(messages: readonly Said[]): void {
    this.#messages = messages.slice(-KEPT);
    this.#events.emit('messages', this.#messages);
  }

  #mayTalk(peer: PeerId): boolean {
    const nowMs = performance.now();
    const budget = this.#budgets.get(peer) ?? { tokens: BURST, atMs: nowMs };
    const tokens = Math.min(BURST, budget.tokens + ((nowMs - budget.atMs) / 1000) * PER_SEC);
    this.#budgets.set(peer, { tokens: Math.max(0, tokens - 1), atMs: nowMs });
    return tokens >= 1;
  }
}

const keyOf = (from: PeerId, id: MessageId): string => `${from}/${id}`;
