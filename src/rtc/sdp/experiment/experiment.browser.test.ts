import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSyntheticMedia } from '../../media/synthetic.ts';
import { modelOrNothing, type SessionDescriptionModel } from '../parse.ts';
import { addressOf, type Edit } from './edit.ts';
import { tryEdit } from './experiment.ts';
import type { Intervention } from './pair.ts';

interface Exchange {
  readonly offer: SessionDescriptionModel;
  readonly answer: SessionDescriptionModel;
}
let trickled: Exchange;
let withCandidates: Exchange;
const end = new AbortController();

beforeAll(async () => {
  trickled = await exchange(false);
  withCandidates = await exchange(true);
});
afterAll(() => end.abort());

/** A call with sound, picture and data as a lab would make it. */
async function exchange(waits: boolean): Promise<Exchange> {
  const [alice, bob] = [new RTCPeerConnection(), new RTCPeerConnection()];
  const signal = end.signal;
  for (const [peer, pc] of [
    ['alice', alice],
    ['bob', bob],
  ] as const) {
    const { stream } = openSyntheticMedia({ peer, signal });
    const tracks = [...stream.getAudioTracks(), ...stream.getVideoTracks()];
    for (const track of tracks) pc.addTrack(track, stream);
  }
  alice.createDataChannel('lab');
  const describe = async (pc: RTCPeerConnection) => {
    await pc.setLocalDescription();
    if (waits && pc.iceGatheringState !== 'complete')
      await new Promise<void>((resolve) => {
        pc.addEventListener('icecandidate', ({ candidate }) => candidate ?? resolve());
      });
    return pc.localDescription!;
  };
  const offer = await describe(alice);
  await bob.setRemoteDescription(offer);
  const answer = await describe(bob);
  alice.close();
  bob.close();
  return { offer: modelOrNothing(offer.sdp), answer: modelOrNothing(answer.sdp) };
}

interface Wish extends Partial<Pick<Intervention, 'side' | 'where'>> {
  readonly section?: number;
  /** Another text in place of the line; without one the line is taken away. */
  readonly text?: (raw: string) => string;
  readonly of?: Exchange;
}

function outcome(
  start: string,
  { section = 0, side = 'offer', where = 'on-the-way', text, of = trickled }: Wish = {},
) {
  const line = of[side].lines.find(
    ({ raw, sectionIndex }) => raw.startsWith(start) && sectionIndex === section,
  );
  const found = line && addressOf(line, of[side]);
  if (!found?.ok) throw new Error(`no ${start} in section ${section}`);
  const at = found.address;
  const edit: Edit = text ? { does: 'replace', at, text: text(at.raw) } : { does: 'remove', at };
  return tryEdit({ ...of, side, where, edit, signal: end.signal });
}

test.each([
  ['a=fingerprint', {}, 'bob: setRemoteDescription(offer)', 'without DTLS fingerprint'],
  ['a=ice-ufrag', {}, 'bob: setRemoteDescription(offer)', 'without ice-ufrag'],
  ['a=mid', { where: 'before-set' }, 'alice: setLocalDescription(offer)', 'missing a MID'],
  ['a=setup', { where: 'before-set' }, 'alice: setRemoteDescription(answer)', 'actpass'],
  ['a=rtcp-mux', {}, 'bob: setRemoteDescription(offer)', 'rtcp-mux must be enabled'],
  ['a=rtpmap:111', {}, 'bob: setRemoteDescription(offer)', 'Failed to parse codecs'],
  ['m=audio', {}, 'bob: setRemoteDescription(offer)', 'Failed to parse'],
] satisfies [string, Wish, string, string][])(
  'without %s the browser refuses, in its own words',
  async (start, wish, step, words) => {
    const { kind, browserWords, headline } = await outcome(start, wish);
    expect(kind).toBe('refused');
    expect(browserWords.join()).toContain(step);
    expect(browserWords.join()).toContain(words);
    expect(headline).toContain('refuses it');
  },
);

test('without a=group:BUNDLE each section has a transport of its own', async () => {
  const { kind, effects } = await outcome('a=group:BUNDLE', { section: -1 });
  expect(kind).toBe('changed');
  expect(effects[0]).toContain('3 DTLS transports in place of 1');
});

test.each([
  ['a=sendrecv', 0, 'sendrecv is what holds without it (RFC 8866 §6.7)'],
  ['a=sctp-port', 2, '5000 is what Chromium takes without it'],
])('without %s in section %i nothing breaks: %s', async (start, section) => {
  const { kind, effects, headline } = await outcome(start, { section });
  expect(kind).toBe('nothing');
  expect(effects).toEqual([]);
  expect(headline).toContain('Nothing broke');
});

test('without its candidate alice is found all the same: her check comes through', async () => {
  const { kind } = await outcome('a=candidate', { of: withCandidates });
  expect(['nothing', 'changed']).toContain(kind);
});

test('one hexadecimal digit of the fingerprint ends the DTLS handshake', async () => {
  const text = (raw: string) => raw.slice(0, -1) + (raw.endsWith('0') ? '1' : '0');
  for (const side of ['offer', 'answer'] as const) {
    const { kind, browserWords, edited } = await outcome('a=fingerprint', { side, text });
    expect(kind).toBe('dtls-failed');
    expect(browserWords.join()).toMatch(/connectionState failed|dtls failed/);
    expect(edited?.after).toHaveLength(edited?.before?.length ?? 0);
  }
}, 20_000);

test('with another ICE password no check is answered', async () => {
  const text = () => 'a=ice-pwd:0000000000000000000000';
  const { kind, browserWords } = await outcome('a=ice-pwd', { side: 'answer', text });
  expect(kind).toBe('ice-failed');
  expect(browserWords.join()).toContain('iceConnectionState checking');
}, 20_000);

test('another direction in the answer stops a picture', async () => {
  const { kind, headline } = await outcome('a=sendrecv', {
    side: 'answer',
    where: 'before-set',
    section: 1,
    text: () => 'a=recvonly',
  });
  expect(kind).toBe('no-media');
  expect(headline).toContain('no picture of bob arrives at alice');
}, 20_000);

test('another codec order makes another codec', async () => {
  const text = (raw: string) => raw.replace(/SAVPF (\d+) (\d+) (\d+) (.*)$/, 'SAVPF $3 $1 $2 $4');
  const { kind, effects } = await outcome('m=video', { section: 1, text });
  expect(kind).toBe('changed');
  expect(effects.join()).toMatch(/is sent as \w+ in place of VP8/);
}, 20_000);

test('an edit that says the same changes nothing', async () => {
  const { kind, effects } = await outcome('a=fmtp:111', { text: (raw) => `${raw};x-unknown=1` });
  expect(kind).toBe('nothing');
  expect(effects).toEqual([]);
});

test('nothing is left open, and a stopped one stops at once', async () => {
  const opened: RTCPeerConnection[] = [];
  const Original = RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Original {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      opened.push(this);
    }
  };
  try {
    await outcome('a=sendrecv');
    const stop = new AbortController();
    const at = addressOf(trickled.offer.lines[0]!, trickled.offer);
    if (!at.ok) throw new Error(at.why);
    const edit = { does: 'replace', at: at.address, text: 'v=0' } as const;
    const running = tryEdit({ ...trickled, side: 'offer', where: 'on-the-way', edit, signal: stop.signal });
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: 'stopped' });
  } finally {
    globalThis.RTCPeerConnection = Original;
  }
  expect(opened.length).toBeGreaterThan(2);
  expect(opened.map(({ connectionState }) => connectionState)).toEqual(opened.map(() => 'closed'));
});

test('layers and a preferred codec are made again on the pair', async () => {
  const pc = new RTCPeerConnection();
  const { stream } = openSyntheticMedia({ peer: 'alice', signal: end.signal, audio: false });
  const sendEncodings = [{ rid: 'h' }, { rid: 'l', scaleResolutionDownBy: 2 }];
  const transceiver = pc.addTransceiver(stream.getVideoTracks()[0]!, { streams: [stream], sendEncodings });
  const { codecs } = RTCRtpReceiver.getCapabilities('video')!;
  const rank = ({ mimeType }: RTCRtpCodec) => (mimeType === 'video/VP9' ? 0 : 1);
  transceiver.setCodecPreferences(codecs.toSorted((a, b) => rank(a) - rank(b)));
  const { sdp } = await pc.createOffer();
  pc.close();
  const offer = modelOrNothing(sdp);
  const line = offer.lines.find(({ attribute }) => attribute === 'simulcast')!;
  const found = addressOf(line, offer);
  if (!found.ok) throw new Error(found.why);
  const edit: Edit = { does: 'remove', at: found.address };
  const side = 'offer';
  const where = 'before-set';
  const layers = await tryEdit({ offer, answer: undefined, side, where, edit, signal: end.signal });
  expect(layers.kind).not.toBe('not-applicable');
  expect(layers.edited?.before).toMatch(/^a=simulcast:send h;l$/);

  const first = offer.media[0]!.lines[0]!;
  const media = addressOf(first, offer);
  if (!media.ok) throw new Error(media.why);
  const back: Edit = { does: 'replace', at: media.address, text: `${first.raw} 127` };
  const codec = await tryEdit({
    offer,
    answer: undefined,
    side,
    where: 'on-the-way',
    edit: back,
    signal: end.signal,
  });
  expect(codec.edited?.before).toBe(first.raw);
}, 30_000);
