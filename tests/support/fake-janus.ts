/** What Janus answers, as it was recorded (tests/fixtures/janus), to requests that a test reads afterwards. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

interface Recorded {
  readonly plugindata: { readonly data: Readonly<Record<string, unknown>> };
  readonly jsep: { readonly type: 'offer' | 'answer'; readonly sdp: string };
}

/** Of Janus 1.1.2 and Chromium 156. */
export const recorded = JSON.parse(
  readFileSync(new URL('../fixtures/janus/janus-1.1.2-exchange.json', import.meta.url), 'utf8'),
) as {
  /** Microphone, camera in three layers, screen, its sound, and a data channel. */
  readonly offer: string;
  readonly configured: Recorded;
  readonly attached: Recorded;
  readonly updated: Recorded;
  readonly publisherInfo: Readonly<Record<string, unknown>>;
  readonly subscriberInfo: { readonly webrtc: { readonly media: Readonly<Record<string, object>> } };
};

/** As it was recorded, with the m-section of the publisher that sends nothing in front. */
const behindDummy = {
  webrtc: {
    media: Object.fromEntries(
      Object.entries(recorded.subscriberInfo.webrtc.media).map(([mid, medium]) => {
        const later = String(Number(mid) + 1);
        return [later, { ...medium, mid: later }];
      }),
    ),
  },
};

interface Body {
  readonly request: string;
  readonly ptype?: string;
  readonly streams?: readonly { feed?: number; mid?: string; substream?: number }[];
  readonly subscribe?: readonly { feed: number; mid: string; substream?: number }[];
  readonly unsubscribe?: readonly { sub_mid: string }[];
}

export interface Request {
  readonly janus: string;
  readonly transaction: string;
  readonly apisecret?: string;
  readonly handle_id?: number;
  readonly body: Body & Readonly<Record<string, unknown>>;
  readonly jsep?: { readonly type: string; readonly sdp: string };
}

interface Line {
  mid: string;
  active: boolean;
  feed_id?: number | undefined;
  feed_mid?: string;
}

export class FakeJanus implements AsyncDisposable {
  /** All that came, but for `create`, `attach` and `keepalive`. */
  readonly requests: Request[] = [];
  /** What the plugin says to requests of that name instead. */
  readonly refusals = new Map<string, { error_code: number; error: string }>();
  /** It hears and says nothing. */
  isMute = false;
  /** Candidates come one by one. */
  trickles = false;
  readonly #server: WebSocketServer;
  #socket: WebSocket | undefined;
  #ids = 100;
  readonly #lines = new Map<number, Line[]>();

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on('connection', (socket) => {
      if (socket.protocol === 'janus-protocol') this.#socket = socket;
      socket.on('message', (bytes: Buffer) => this.#receive(socket, JSON.parse(bytes.toString()) as Request));
    });
  }

  static async start(port = 0): Promise<FakeJanus> {
    const server = new WebSocketServer({ host: '127.0.0.1', port });
    await once(server, 'listening');
    return new FakeJanus(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  /** Requests of that name to the plugin. */
  asked(request: string): Request[] {
    return this.requests.filter(({ body }) => body?.request === request);
  }

  /** An event about a handle, or whatever else. */
  tell(message: unknown): void {
    this.#socket?.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #receive(socket: WebSocket, request: Request): void {
    const { janus, transaction, handle_id: handle, body } = request;
    if (this.isMute) return;
    const say = (message: object) => socket.send(JSON.stringify({ transaction, ...message }));
    switch (janus) {
      case 'create':
      case 'attach':
        return say({ janus: 'success', data: { id: ++this.#ids } });
      case 'keepalive':
        return say({ janus: 'ack' });
      case 'handle_info':
        return say({
          janus: 'success',
          info: this.#lines.has(handle ?? 0) ? behindDummy : recorded.publisherInfo,
        });
    }
    this.requests.push(request);
    if (janus === 'detach') return say({ janus: 'success' });
    const refusal = this.refusals.get(body.request);
    const isAtOnce = ['create', 'destroy', 'listparticipants'].includes(body.request);
    if (!isAtOnce) say({ janus: 'ack' });
    say({
      janus: isAtOnce ? 'success' : 'event',
      sender: handle,
      ...(refusal
        ? { plugindata: { data: { videoroom: 'event', ...refusal } } }
        : this.#answer(handle ?? 0, request)),
    });
    if (this.trickles && request.jsep?.type === 'offer') {
      const candidate = 'candidate:1 1 udp 2015363327 10.9.0.1 39955 typ host';
      say({
        janus: 'trickle',
        transaction: undefined,
        sender: handle,
        candidate: { sdpMid: '0', candidate },
      });
      say({ janus: 'trickle', transaction: undefined, sender: handle, candidate: { completed: true } });
    }
  }

  #answer(handle: number, { body, jsep }: Request): object {
    const data = (answer: object) => ({ plugindata: { data: { ...answer } } });
    switch (body.request) {
      case 'create':
        return data({ videoroom: 'created', room: 1234 });
      case 'listparticipants':
        return data({ videoroom: 'participants', participants: [{ id: 77, dummy: true, publisher: true }] });
      case 'destroy':
        return data({ videoroom: 'destroyed' });
      case 'join':
        if (body.ptype === 'publisher') return data({ videoroom: 'joined', id: 10_000 + handle });
        return this.#offer(handle, body.streams ?? [], []);
      case 'update':
        return this.#offer(handle, body.subscribe ?? [], body.unsubscribe ?? []);
      case 'configure':
        if (jsep)
          return {
            plugindata: recorded.configured.plugindata,
            jsep: this.#described(recorded.configured.jsep),
          };
        return data({ videoroom: 'event', configured: 'ok' });
      default:
        return data({ videoroom: 'event', started: 'ok' });
    }
  }

  #offer(
    handle: number,
    subscribe: readonly { feed?: number | undefined; mid?: string; substream?: number }[],
    unsubscribe: readonly { sub_mid: string }[],
  ): object {
    const lines = this.#lines.get(handle) ?? [];
    this.#lines.set(handle, lines);
    for (const { sub_mid: mid } of unsubscribe) {
      const line = lines.find((candidate) => candidate.mid === mid);
      if (!line) continue;
      line.active = false;
      delete line.feed_id;
    }
    for (const { feed, mid = '0', substream } of subscribe) {
      let line = lines.find(({ active }) => !active);
      if (!line) {
        line = { mid: String(lines.length), active: true };
        lines.push(line);
      }
      Object.assign(line, {
        active: true,
        feed_id: feed,
        feed_mid: mid,
        send: true,
        ...(substream !== undefined && { simulcast: { 'substream-target': substream } }),
      });
    }
    return {
      plugindata: { data: { videoroom: 'updated', streams: lines } },
      jsep: this.#described(recorded.attached.jsep),
    };
  }

  #described({ type, sdp }: Recorded['jsep']): Recorded['jsep'] {
    return {
      type,
      sdp: this.trickles ? sdp.replaceAll(/^a=(candidate:.*|end-of-candidates)\r\n/gm, '') : sdp,
    };
  }
}
