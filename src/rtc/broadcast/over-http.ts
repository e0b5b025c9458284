/** What WHIP and WHEP have in common: one offer and one answer over HTTP, then candidates, then the end. */

export interface OverHttp {
  /** Of the room's broadcast, such as `/whip/blue`. */
  readonly endpoint: string;
  /** Bearer token; left out where the endpoint wants none. */
  readonly token?: string;
  /** Ends the session and the connection. */
  readonly signal: AbortSignal;
}

export interface HttpSession {
  /** Where its candidates and its end are sent: the `Location` of the answer. */
  readonly url: string;
  /** Ends it at the server, and closes the connection. May be called twice. */
  close(): Promise<void>;
}

/** An answer that is no success. Its message is what the server has written. */
export class HttpRefusal extends Error {
  override name = 'HttpRefusal';
  readonly status: number;
  /** Seconds to wait before the next try, where the server names them. */
  readonly retryAfterSec: number | undefined;

  constructor(status: number, text: string, retryAfterSec?: number) {
    super(text);
    this.status = status;
    this.retryAfterSec = retryAfterSec;
  }
}

/** For the server's farewell, in milliseconds; then the connection ends without it. */
const CLOSE_MS = 2_000;

/**
 * Sends the offer of a connection that has its transceivers, and takes the answer.
 *
 * Candidates are gathered after that, with the servers that the answer names, and follow by PATCH: those that are found
 * together go together (RFC 9725 §4.3.2).
 *
 * @throws {HttpRefusal} when the endpoint does not answer 201
 */
export async function exchange(pc: RTCPeerConnection, options: OverHttp): Promise<HttpSession> {
  const { endpoint, token, signal } = options;
  const authorization: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {};
  const offer = await pc.createOffer();
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { ...authorization, 'Content-Type': 'application/sdp' },
    body: offer.sdp ?? '',
    signal,
  });
  if (response.status !== 201) throw await refusalOf(response);
  const url = new URL(response.headers.get('Location') ?? '', response.url).href;
  const etag = response.headers.get('ETag');

  let closed = false;
  const close = async () => {
    if (closed) return;
    closed = true;
    // `keepalive`: also while the page goes away. An entity tag is not sent: the end is meant, whatever ICE does.
    const end = { method: 'DELETE', headers: authorization, keepalive: true };
    await fetch(url, { ...end, signal: AbortSignal.timeout(CLOSE_MS) }).finally(() => pc.close());
  };
  const closeQuietly = () => void close().catch(() => {});
  signal.addEventListener('abort', closeQuietly, { once: true });
  try {
    signal.throwIfAborted();
    const iceServers = iceServersIn(response.headers.get('Link') ?? '');
    if (iceServers.length > 0) pc.setConfiguration({ ...pc.getConfiguration(), iceServers });
    trickle(pc, async (fragment) => {
      if (closed) return;
      const headers = {
        ...authorization,
        'Content-Type': 'application/trickle-ice-sdpfrag',
        ...(etag && { 'If-Match': etag }),
      };
      await fetch(url, { method: 'PATCH', headers, body: fragment });
    });
    await pc.setLocalDescription(offer);
    await pc.setRemoteDescription({ type: 'answer', sdp: await response.text() });
  } catch (error) {
    closeQuietly();
    throw error;
  }
  return { url, close };
}

/** Hands candidates on as fragments of SDP, one fragment at a time: what is found while one is on its way waits. */
function trickle(pc: RTCPeerConnection, send: (fragment: string) => Promise<void>): void {
  let waiting: string[] = [];
  let isSending = false;
  const flush = async () => {
    if (isSending) return;
    isSending = true;
    // In a task of its own: the candidates of one moment come one by one.
    await new Promise((resolve) => setTimeout(resolve));
    while (waiting.length > 0) {
      const lines = waiting;
      waiting = [];
      // A server that takes no candidates is reached without them: it learns ours from our checks.
      await send(fragmentOf(pc.localDescription?.sdp ?? '', lines)).catch(() => {});
    }
    isSending = false;
  };
  pc.addEventListener('icecandidate', ({ candidate }) => {
    // With everything in one bundle only its first m-section has candidates that count.
    if (candidate && (candidate.sdpMLineIndex ?? 0) > 0) return;
    waiting.push(candidate?.candidate ? `a=${candidate.candidate}` : 'a=end-of-candidates');
    void flush();
  });
}

/** A fragment as RFC 8840 §9 has it: the bundle's first m-section, the credentials, and what is new. */
export function fragmentOf(sdp: string, lines: readonly string[]): string {
  const line = (pattern: RegExp) => pattern.exec(sdp)?.[0] ?? '';
  return [
    line(/^a=group:BUNDLE .*$/m),
    line(/^m=.*$/m),
    line(/^a=mid:.*$/m),
    line(/^a=ice-ufrag:.*$/m),
    line(/^a=ice-pwd:.*$/m),
    ...new Set(lines),
  ]
    .filter((text) => text !== '')
    .map((text) => `${text.trimEnd()}\r\n`)
    .join('');
}

/** The servers that `Link` header fields name: `<turn:…>; rel="ice-server"; username="…"; credential="…"` (§4.6). */
export function iceServersIn(link: string): RTCIceServer[] {
  const links = link.matchAll(/<([^>]*)>((?:\s*;\s*[\w-]+=(?:"(?:[^"\\]|\\.)*"|[^",;\s]*))*)/g);
  return [...links].flatMap(([, urls = '', attributes = '']) => {
    const valueOf = (name: string) =>
      new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^",;\\s]*))`)
        .exec(attributes)
        ?.slice(1)
        .find((value) => value !== undefined)
        ?.replaceAll(/\\(.)/g, '$1');
    if (valueOf('rel') !== 'ice-server') return [];
    const [username, credential] = [valueOf('username'), valueOf('credential')];
    return [
      { urls, ...(username !== undefined && { username }), ...(credential !== undefined && { credential }) },
    ];
  });
}

/** The server's own words, from a problem description (RFC 9457) or a plain text. */
export async function refusalOf(response: Response): Promise<HttpRefusal> {
  const text = await response.text().catch(() => '');
  let words = text.trim();
  try {
    const { detail, title } = JSON.parse(text) as { detail?: unknown; title?: unknown };
    if (typeof (detail ?? title) === 'string') words = (detail ?? title) as string;
  } catch {
    // Plain text.
  }
  const retryAfter = Number(response.headers.get('Retry-After') ?? Number.NaN);
  return new HttpRefusal(
    response.status,
    words.slice(0, 500) || `The server answered ${response.status}.`,
    Number.isFinite(retryAfter) ? retryAfter : undefined,
  );
}
