import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { type Jsep, type JanusId, Message, PluginError } from './messages.ts';

export interface SessionOptions {
  readonly url: string;
  /** `api_secret` of Janus, or `admin_secret` on its port for administrators. */
  readonly secret: string | undefined;
  readonly limits?: Partial<SessionLimits>;
}

export interface SessionLimits {
  /** So long Janus may take for an answer. */
  readonly answerMs: number;
  /** It forgets a session of which it hears nothing for a minute. */
  readonly keepaliveMs: number;
}

const defaults: SessionLimits = { answerMs: 10_000, keepaliveMs: 25_000 };
const MAX_MESSAGE = 4_194_304;

/** Janus refused, or did not answer. */
export class JanusError extends Error {
  /** Of Janus or its plugin; 0: it did not answer. */
  readonly code: number;

  constructor(code: number, reason: string) {
    super(reason);
    this.name = 'JanusError';
    this.code = code;
  }
}

export interface HandleEvents {
  /** What a plugin tells without having been asked. */
  told?(data: Record<string, unknown>, jsep: Jsep | undefined): void;
  /** ICE and DTLS are done. */
  connected?(): void;
  hungUp?(reason: string): void;
  /** Packets get lost. @param towards to Janus, or away from it */
  slow?(towards: 'janus' | 'peer'): void;
}

export interface Told {
  readonly data: Record<string, unknown>;
  readonly jsep: Jsep | undefined;
}

interface Waiting {
  readonly isDone: (message: Message) => boolean;
  readonly resolve: (message: Message) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One WebSocket to Janus and one session in it (the subprotocol `janus-protocol`). Every request has a transaction, by
 * which its answer is found; what is not an answer belongs to a handle.
 */
export class JanusSession {
  /** A sentence about why it has ended. */
  readonly ended: Promise<string>;
  readonly #end = Promise.withResolvers<string>();
  readonly #socket: WebSocket;
  readonly #options: SessionOptions;
  readonly #limits: SessionLimits;
  readonly #waiting = new Map<string, Waiting>();
  readonly #handles = new Map<JanusId, JanusHandle>();
  #id: number | undefined;
  #keepalive: NodeJS.Timeout | undefined;
  #isOver = false;

  /** @throws {Error} when nobody answers there, or it is refused */
  static async open(options: SessionOptions): Promise<JanusSession> {
    const session = new JanusSession(options, 'janus-protocol');
    await session.#open();
    const { data } = await session.#orEnd(session.request({ janus: 'create' }));
    session.#id = data?.id;
    session.#keepAlive();
    return session;
  }

  /** A connection for administrators: it has no session, and its one use is `handle_info`. @throws {Error} as {@link open} */
  static async openAdmin(options: SessionOptions): Promise<JanusSession> {
    const session = new JanusSession(options, 'janus-admin-protocol');
    await session.#open();
    return session;
  }

  private constructor(options: SessionOptions, protocol: 'janus-protocol' | 'janus-admin-protocol') {
    this.#options = options;
    this.#limits = { ...defaults, ...options.limits };
    this.ended = this.#end.promise;
    this.#socket = new WebSocket(options.url, protocol, {
      handshakeTimeout: this.#limits.answerMs,
      maxPayload: MAX_MESSAGE,
      perMessageDeflate: false,
    });
    this.#socket.on('message', (bytes: Buffer) => this.#receive(bytes.toString('utf8')));
    this.#socket.on('error', (error) => this.#finish(`Janus cannot be reached: ${error.message}`));
    this.#socket.on('close', () => this.#finish('the connection to Janus was lost'));
  }

  /** Of the session, for `handle_info`. */
  get id(): number | undefined {
    return this.#id;
  }

  /** @throws {JanusError} */
  async attach(events: HandleEvents): Promise<JanusHandle> {
    const { data } = await this.request({ janus: 'attach', plugin: 'janus.plugin.videoroom' });
    if (data === undefined) throw new JanusError(0, 'Janus gave no handle');
    const handle = new JanusHandle(this, data.id, events, () => this.#handles.delete(data.id));
    this.#handles.set(data.id, handle);
    return handle;
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @throws {JanusError} when it is refused, or not answered in time
   */
  async request(body: Readonly<Record<string, unknown>> & { readonly janus: string }): Promise<Message> {
    const transaction = randomUUID();
    const { secret } = this.#options;
    const isAdmin = this.#socket.protocol === 'janus-admin-protocol';
    const text = JSON.stringify({
      ...body,
      transaction,
      ...(this.#id !== undefined && { session_id: this.#id }),
      ...(secret !== undefined && { [isAdmin ? 'admin_secret' : 'apisecret']: secret }),
    });
    const { promise, resolve, reject } = Promise.withResolvers<Message>();
    if (this.#isOver) throw new JanusError(0, 'the connection to Janus was lost');
    // A message to a plugin is acknowledged first, and answered by an event.
    const isDone = ({ janus }: Message) => janus !== 'ack' || body.janus === 'keepalive';
    this.#waiting.set(transaction, { isDone, resolve, reject });
    const limit = setTimeout(
      () => reject(new JanusError(0, `Janus did not answer within ${this.#limits.answerMs / 1000} s`)),
      this.#limits.answerMs,
    );
    try {
      this.#socket.send(text);
      const message = await promise;
      if (message.error) throw new JanusError(message.error.code, message.error.reason);
      return message;
    } finally {
      clearTimeout(limit);
      this.#waiting.delete(transaction);
    }
  }

  /** May be called twice. */
  close(): void {
    this.#finish('the connection to Janus was closed');
  }

  #open(): Promise<void> {
    return this.#orEnd(
      new Promise<void>((resolve) => {
        this.#socket.once('open', resolve);
      }),
    );
  }

  /** @throws {Error} when it ends before that, with why */
  #orEnd<T>(wanted: Promise<T>): Promise<T> {
    const end = this.ended.then((why): never => {
      throw new Error(why);
    });
    return Promise.race([wanted, end]).catch((error: unknown) => {
      this.close();
      throw error;
    });
  }

  #keepAlive(): void {
    this.#keepalive = setTimeout(() => {
      this.request({ janus: 'keepalive' }).then(
        () => this.#keepAlive(),
        () => this.#finish('Janus does not answer any more'),
      );
    }, this.#limits.keepaliveMs);
    this.#keepalive.unref();
  }

  #receive(text: string): void {
    let message: Message;
    try {
      message = Message.parse(JSON.parse(text));
    } catch {
      return; // no Janus, or one that we do not know: whoever waits is told in time
    }
    const waiting = this.#waiting.get(message.transaction ?? '');
    if (waiting) {
      if (waiting.isDone(message)) waiting.resolve(message);
      return;
    }
    if (message.janus === 'timeout' && message.sender === undefined)
      return this.#finish('Janus has forgotten our session');
    if (message.sender !== undefined) this.#handles.get(message.sender)?.hear(message);
  }

  #finish(why: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#keepalive);
    for (const { reject } of this.#waiting.values()) reject(new JanusError(0, why));
    this.#handles.clear();
    this.#socket.on('error', () => {}).terminate();
    this.#end.resolve(why);
  }
}

/** One conversation with the plugin: a publisher, a subscriber, or whoever makes rooms. Each has at most one connection. */
export class JanusHandle {
  readonly id: number;
  readonly #session: JanusSession;
  readonly #events: HandleEvents;
  readonly #forget: () => void;
  readonly #candidates: string[] = [];
  readonly #gathered = Promise.withResolvers<void>();
  #isDetached = false;

  constructor(session: JanusSession, id: number, events: HandleEvents, forget: () => void) {
    this.#session = session;
    this.id = id;
    this.#events = events;
    this.#forget = forget;
  }

  /** A message to the plugin, and what it answers. @throws {JanusError} of Janus or of the plugin */
  async ask(body: Readonly<Record<string, unknown>>, jsep?: Jsep): Promise<Told> {
    const message = await this.#session.request({
      janus: 'message',
      handle_id: this.id,
      body,
      ...(jsep && { jsep }),
    });
    const data = message.plugindata?.data ?? {};
    const refused = PluginError.safeParse(data);
    if (refused.success) throw new JanusError(refused.data.error_code, refused.data.error);
    return { data, jsep: message.jsep };
  }

  /**
   * The candidates that came one by one after a description (`full_trickle`), when all are there.
   *
   * @returns values of `a=candidate`; whatever has come when that takes longer than the limit
   */
  async candidates(limitMs: number): Promise<readonly string[]> {
    const limit = setTimeout(this.#gathered.resolve, limitMs);
    await this.#gathered.promise;
    clearTimeout(limit);
    return this.#candidates;
  }

  hear({ janus, plugindata, jsep, candidate, reason, uplink }: Message): void {
    switch (janus) {
      case 'event':
        return this.#events.told?.(plugindata?.data ?? {}, jsep);
      case 'webrtcup':
        return this.#events.connected?.();
      case 'slowlink':
        return this.#events.slow?.(uplink === true ? 'janus' : 'peer');
      case 'trickle':
        if (candidate && 'candidate' in candidate) this.#candidates.push(candidate.candidate);
        else this.#gathered.resolve();
        return;
      case 'hangup':
      case 'detached':
        // It is told once, and not when it is our own doing.
        if (!this.#isDetached) this.#events.hungUp?.(reason ?? 'detached');
        return;
    }
  }

  /** Its connection ends, and it itself. May be called twice. */
  detach(): void {
    if (this.#isDetached) return;
    this.#isDetached = true;
    this.#forget();
    this.#gathered.resolve();
    // A session that is over has no handles.
    this.#session.request({ janus: 'detach', handle_id: this.id }).catch(() => {});
  }
}
