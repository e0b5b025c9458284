import { expect, onTestFinished, test } from 'vitest';
import { Timeline, type Entry, type EntryKind, type EntryOf } from '../timeline.ts';
import { captureGlobals } from './capture.ts';
import { Exchange } from './exchange.ts';

/** Hands on what PeerServer would: by `dst`, with the sender's id. */
class Wire extends EventTarget {
  static readonly open = new Map<string, Wire>();
  readonly OPEN = 1;
  readonly readyState = 1;
  readonly url: string;
  readonly id: string;

  constructor(url: string) {
    super();
    this.url = url;
    this.id = new URL(url).searchParams.get('id') ?? '';
    Wire.open.set(this.id, this);
    queueMicrotask(() => this.dispatchEvent(new Event('open')));
  }

  send(text: string): void {
    const message = JSON.parse(text) as { dst: string };
    const data = JSON.stringify({ ...message, src: this.id });
    Wire.open.get(message.dst)?.dispatchEvent(new MessageEvent('message', { data }));
  }
}

type Global = Window & typeof globalThis;

/** A page of its own, whose sockets are {@link Wire}s. */
function openPage(
  name: string,
  run: { readonly timeline: Timeline; readonly signal: AbortSignal },
  exchange: Exchange,
) {
  const frame = document.body.appendChild(document.createElement('iframe'));
  onTestFinished(() => frame.remove());
  const global = frame.contentWindow as Global;
  Object.assign(global, { WebSocket: Wire });
  const page = { global, isLoading: false };
  captureGlobals(global)({ name, bench: run, exchange, isLoading: () => page.isLoading });
  return page;
}

const of = <K extends EntryKind>(entries: readonly Entry[], kind: K): EntryOf<K>[] =>
  entries.filter((entry): entry is EntryOf<K> => entry.kind === kind);

test('records every connection and socket of two pages, and leaves them and this page as they are', async () => {
  const mine = [RTCPeerConnection, WebSocket, fetch, RTCPeerConnection.prototype.constructor];
  const names = Object.getOwnPropertyNames(RTCPeerConnection.prototype);
  const end = new AbortController();
  onTestFinished(() => end.abort());
  const run = { timeline: new Timeline(), signal: end.signal };
  const { timeline } = run;
  const exchange = new Exchange();
  const [alice, bob] = ['alice', 'bob'].map((name) => openPage(name, run, exchange)) as [
    ReturnType<typeof openPage>,
    ReturnType<typeof openPage>,
  ];

  // What a library tries while it is loaded has a name of its own.
  alice.isLoading = true;
  new alice.global.RTCPeerConnection().close();
  alice.isLoading = false;
  const first = new alice.global.RTCPeerConnection();
  const second = new alice.global.RTCPeerConnection();
  const other = new bob.global.RTCPeerConnection();
  expect(of(timeline.entries, 'peer-opened').map(({ peer }) => peer)).toEqual([
    'alice/probe',
    'alice',
    'alice/2',
    'bob',
  ]);
  expect(first).toBeInstanceOf(alice.global.RTCPeerConnection);
  expect(first.constructor).toBe(alice.global.RTCPeerConnection);
  expect(() => new alice.global.RTCPeerConnection({ iceServers: [{ urls: 'tea:pot' }] })).toThrow(
    alice.global.DOMException,
  );
  await expect(
    alice.global.RTCPeerConnection.generateCertificate({ name: 'ECDSA', namedCurve: 'P-256' } as Algorithm),
  ).resolves.toBeInstanceOf(alice.global.RTCCertificate);
  // What webrtc-adapter does to the prototype holds.
  const { prototype } = alice.global.RTCPeerConnection;
  Object.assign(prototype, { isPatched: true });
  expect(first).toHaveProperty('isPatched');

  const [from, to] = ['a', 'b'].map((id, index) => {
    const { WebSocket } = [alice, bob][index]!.global;
    return new WebSocket(`ws://localhost/peerjs/peerjs?key=peerjs&id=${id}&token=t`);
  }) as [WebSocket, WebSocket];
  const trickle = (candidate: RTCIceCandidate | null) =>
    candidate && from.send(JSON.stringify({ type: 'CANDIDATE', dst: 'b', payload: { candidate } }));
  second.addEventListener('icecandidate', ({ candidate }) => trickle(candidate));
  to.addEventListener('message', ({ data }) => {
    const { type, payload } = JSON.parse(data as string) as {
      type: string;
      payload: { sdp: RTCSessionDescriptionInit; candidate: RTCIceCandidateInit };
    };
    void (async () => {
      if (type === 'CANDIDATE') return other.addIceCandidate(payload.candidate);
      await other.setRemoteDescription(payload.sdp);
      await other.setLocalDescription();
      to.send(JSON.stringify({ type: 'ANSWER', dst: 'a', payload: { sdp: other.localDescription } }));
    })();
  });
  from.addEventListener('message', ({ data }) => {
    const { payload } = JSON.parse(data as string) as { payload: { sdp: RTCSessionDescriptionInit } };
    void second.setRemoteDescription(payload.sdp);
  });
  from.send('{"type":"HEARTBEAT"}');
  second
    .createDataChannel('chat')
    .addEventListener('open', ({ target }) => (target as RTCDataChannel).send('hi'));
  await second.setLocalDescription();
  from.send(JSON.stringify({ type: 'OFFER', dst: 'b', payload: { sdp: second.localDescription } }));
  await timeline.until({ kind: 'data-message', peer: 'bob', side: 'received' }, AbortSignal.timeout(20_000));

  const frames = of(timeline.entries, 'server-message');
  expect(frames.slice(0, 2).map(({ name, way, sizeBytes }) => [name, way, sizeBytes])).toEqual([
    ['connect', 'sent', undefined],
    ['connect', 'sent', undefined],
  ]);
  expect(frames.find(({ name }) => name === 'HEARTBEAT')).toMatchObject({ peer: 'alice', sizeBytes: 20 });
  const sent = of(timeline.entries, 'signal-sent');
  const received = of(timeline.entries, 'signal-received');
  const described = ({ signal }: { readonly signal: object }) => 'description' in signal;
  expect(sent.filter(described).map(({ peer, to: label }) => [peer, label])).toEqual([
    ['alice/2', 'bob'],
    ['bob', 'alice/2'],
  ]);
  expect(received.filter(described).map(({ id }) => id)).toEqual(sent.filter(described).map(({ id }) => id));
  for (const { id } of sent) expect(frames.filter((frame) => frame.id === id)).not.toHaveLength(0);

  end.abort();
  expect(of(timeline.entries, 'peer-closed').map(({ peer }) => peer)).toEqual([
    'alice/probe',
    'alice',
    'alice/2',
    'bob',
  ]);
  expect([RTCPeerConnection, WebSocket, fetch, RTCPeerConnection.prototype.constructor]).toEqual(mine);
  expect(Object.getOwnPropertyNames(RTCPeerConnection.prototype)).toEqual(names);
});
