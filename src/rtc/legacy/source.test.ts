import { describe, expect, test } from 'vitest';
import { findingWords, lintSource, LONGEST_SOURCE } from './source.ts';
import { legacyWords, type LegacyId } from './words.ts';

const ids = (source: string) => lintSource(source).findings.map(({ id }) => id);
const lines = (source: string) => lintSource(source).findings.map(({ id, line }) => `${line} ${id}`);

/** Of each word a way in which it is found, and one that is near and is none. */
const words: Record<LegacyId, { found: readonly string[]; passes: readonly string[] }> = {
  'callback-get-user-media': {
    found: [
      'navigator.getUserMedia({ video: true }, show, fail);',
      "window.navigator['getUserMedia'](wish, show, fail);",
      'navigator.getUserMedia = navigator.getUserMedia;',
    ],
    passes: ['await navigator.mediaDevices.getUserMedia({ video: true });', '// navigator.getUserMedia()'],
  },
  'prefixed-get-user-media': {
    found: ['navigator.webkitGetUserMedia(wish, show);', 'const ask = navigator.mozGetUserMedia;'],
    passes: ["show('navigator.webkitGetUserMedia');"],
  },
  'callbacks-of-media-devices': {
    found: ['navigator.mediaDevices.getUserMedia(wish, show, fail);'],
    passes: ['navigator.mediaDevices.getUserMedia(wish).then(show, fail);'],
  },
  'bare-get-user-media': {
    found: ['const stream = await getUserMedia({ video: true });'],
    passes: [
      "import { getUserMedia } from './media.js'; await getUserMedia({ video: true });",
      'const { getUserMedia } = media; await getUserMedia();',
    ],
  },
  'get-sources': {
    found: ['MediaStreamTrack.getSources((list) => show(list));'],
    passes: ['media.getSources();'],
  },
  'mandatory-constraints': {
    found: [
      'const wish = { video: { mandatory: { minWidth: 640 } } };',
      'const wish = { video: { optional: [{ minWidth: 1280 }] } };',
      'const wish = { video: { minWidth: 640 } };',
      'const wish = { audio: { mandatory: more } };',
    ],
    passes: [
      'const field = { label: "Name", mandatory: true, optional: [] };',
      'const box = { minWidth: 640 };',
      'const wish = { video: { width: { min: 640 } } };',
    ],
  },
  'screen-by-constraint': {
    found: [
      "const wish = { video: { mandatory: { chromeMediaSource: 'screen' } } };",
      "const wish = { video: { mediaSource: 'window' } };",
    ],
    passes: ['player.open({ mediaSource: source });'],
  },
  'display-media-of-navigator': {
    found: ['await navigator.getDisplayMedia({ video: true });'],
    passes: ['await navigator.mediaDevices.getDisplayMedia({ video: true });'],
  },
  'stream-as-url': {
    found: [
      'video.src = window.URL.createObjectURL(stream);',
      'pc.ontrack = (e) => { video.src = URL.createObjectURL(e.streams[0]); };',
      'navigator.getUserMedia(wish, (s) => { video.src = URL.createObjectURL(s); }, fail);',
      'navigator.getUserMedia(wish, show, fail); function show(it) { video.src = URL.createObjectURL(it); }',
      'const it = await navigator.mediaDevices.getUserMedia(wish); video.src = URL.createObjectURL(it);',
    ],
    passes: [
      'link.href = URL.createObjectURL(new Blob(pieces));',
      'video.src = URL.createObjectURL(new MediaSource());',
      'const file = await read(); video.src = URL.createObjectURL(file);',
    ],
  },
  'moz-src-object': { found: ['video.mozSrcObject = stream;'], passes: ['video.srcObject = stream;'] },
  'stream-stop': {
    found: ['localStream.stop();', 'const s = new MediaStream(); s.stop();'],
    passes: ['for (const track of stream.getTracks()) track.stop();', 'recorder.stop();'],
  },
  'not-constructed': {
    found: ['const remote = MediaStream();', 'const pc = RTCPeerConnection(wish);'],
    passes: ['const remote = new MediaStream();', 'function MediaStream() {} MediaStream();'],
  },
  'stream-of-stream': {
    found: [
      'const remote = new MediaStream(); remote.addTrack(event.track, remote);',
      'remoteStream.addTrack(track, remoteStream);',
    ],
    passes: ['pc.addTrack(track, stream);', 'remoteStream.addTrack(track);'],
  },
  'missing-await': {
    found: [
      'const s = navigator.mediaDevices.getUserMedia(wish); video.srcObject = s;',
      'video.srcObject = navigator.mediaDevices.getUserMedia(wish);',
      'navigator.mediaDevices.getUserMedia(wish).getTracks();',
      'const o = pc.createOffer(); await pc.setLocalDescription(o);',
    ],
    passes: [
      'const s = navigator.mediaDevices.getUserMedia(wish); video.srcObject = await s;',
      'navigator.mediaDevices.getUserMedia(wish).then(show);',
      'const s = navigator.mediaDevices.getUserMedia(wish); s.then(show);',
    ],
  },
  'prefixed-audio-context': {
    found: ['new webkitAudioContext();', 'const A = window.AudioContext || window.webkitAudioContext;'],
    passes: ['new AudioContext();'],
  },
  'script-processor': {
    found: ['audio.createScriptProcessor(1024, 1, 1);'],
    passes: ['audio.createGain();'],
  },
  'prefixed-peer-connection': {
    found: ['new webkitRTCPeerConnection(wish);', 'const P = window.mozRTCPeerConnection;'],
    passes: ['new RTCPeerConnection(wish);'],
  },
  'connection-constraints': {
    found: ['new RTCPeerConnection(wish, { optional: [{ DtlsSrtpKeyAgreement: true }] });'],
    passes: ['new RTCPeerConnection(wish);'],
  },
  'add-stream': {
    found: ['pc.addStream(stream);', 'this.pc.addStream(this.stream);'],
    passes: [
      "import Peer from 'simple-peer'; const peer = new Peer({ initiator: true }); peer.addStream(stream);",
    ],
  },
  'remove-stream': { found: ['pc.removeStream(stream);'], passes: ['pc.removeTrack(sender);'] },
  'stream-lists': { found: ['pc.getRemoteStreams()[0];'], passes: ['pc.getReceivers();'] },
  'on-add-stream': {
    found: ['pc.onaddstream = show;', "pc.addEventListener('addstream', show);"],
    passes: ['pc.ontrack = show;', "pc.addEventListener('track', show);"],
  },
  'attach-media-stream': {
    found: ['attachMediaStream(video, event.stream);'],
    passes: ['function attachMediaStream(v, s) { v.srcObject = s; } attachMediaStream(video, stream);'],
  },
  'one-callback': {
    found: [
      'pc.createOffer((offer) => send(offer));',
      'pc.createOffer(gotOffer);',
      'pc.createAnswer(describe); function describe(a) {}',
      'pc.createOffer(this.made.bind(this));',
    ],
    passes: ['await pc.createOffer({ iceRestart: true });', 'await pc.createOffer(options);'],
  },
  'offer-callbacks': {
    found: ['pc.createOffer((offer) => send(offer), (error) => show(error));'],
    passes: ['pc.createOffer().then(send, show);'],
  },
  'description-callbacks': {
    found: ['pc.setLocalDescription(offer, () => send(offer), onError);'],
    passes: ['await pc.setLocalDescription(offer);'],
  },
  'mandatory-offer': {
    found: ['pc.createOffer(ok, no, { mandatory: { OfferToReceiveVideo: true } });'],
    passes: ["pc.addTransceiver('video');"],
  },
  'offer-to-receive': {
    found: ['await pc.createOffer({ offerToReceiveVideo: true });'],
    passes: ['await pc.createOffer({ iceRestart: true });'],
  },
  'description-constructor': {
    found: ['await pc.setRemoteDescription(new RTCSessionDescription(message));'],
    passes: ['await pc.addIceCandidate(new RTCIceCandidate(message));'],
  },
  'not-awaited': {
    found: ['pc.setRemoteDescription(offer);'],
    passes: [
      'await pc.setRemoteDescription(offer);',
      'const set = () => pc.setRemoteDescription(offer);',
      'pc.setRemoteDescription(offer).catch(show);',
      'void pc.setLocalDescription();',
    ],
  },
  'stats-callback': {
    found: ['pc.getStats((report) => show(report));'],
    passes: ['await pc.getStats(track);'],
  },
  'reliable-channel': {
    found: ["pc.createDataChannel('x', { reliable: false });"],
    passes: ['peer.connect(id, { reliable: false });', "pc.createDataChannel('x', { ordered: false });"],
  },
  'ice-url': {
    found: ["const config = { iceServers: [{ url: 'stun:stun.example.org' }] };"],
    passes: [
      "fetch({ url: 'https://example.org' });",
      "const config = { iceServers: [{ urls: 'stun:stun.example.org' }] };",
    ],
  },
  'ice-credentials': {
    found: [
      "const config = { iceServers: [{ urls: 'turn:turn.example.org', username: 'u', credentials: 'c' }] };",
    ],
    passes: [
      "fetch(url, { credentials: 'include' });",
      "const a = { urls: ['https://example.org'], credentials: 'omit' };",
    ],
  },
  'turn-without-credential': {
    found: ["const iceServers = [{ urls: 'turn:turn.example.org' }];"],
    passes: [
      "const iceServers = [{ urls: 'turn:turn.example.org', username, credential }];",
      "const iceServers = [{ urls: 'turn:turn.example.org', ...secret }];",
    ],
  },
  'ice-scheme': {
    found: [
      "const config = { iceServers: [{ urls: 'stun.example.org:3478' }] };",
      "const config = { iceServers: [{ urls: ['stun://stun.example.org'] }] };",
    ],
    passes: [
      "const config = { iceServers: [{ urls: ['stun:stun.example.org', 'stuns:stun.example.org'] }] };",
    ],
  },
  'ice-address': {
    found: [
      "const config = { iceServers: [{ urls: 'stun:stun.l.google.com:1902' }] };",
      "const config = { iceServers: [{ urls: 'stun:stun.1.google.com:19302' }] };",
    ],
    passes: [
      "const config = { iceServers: [{ urls: ['stun:stun.l.google.com:19302', 'stun:stun2.l.google.com:19302'] }] };",
      "const config = { iceServers: [{ urls: 'stun:stun.example.org:1902' }] };",
    ],
  },
  'ice-list': {
    found: [
      "const config = { iceServers: ['stun:stun.example.org'] };",
      "const config = { iceServers: { urls: 'stun:stun.example.org' } };",
    ],
    passes: ['const config = { iceServers };', 'const config = { iceServers: [first, second] };'],
  },
  'ice-misplaced': {
    found: [
      "new RTCPeerConnection([{ urls: 'stun:stun.example.org' }]);",
      "const config = { iceServer: [{ urls: 'stun:stun.example.org' }] };",
    ],
    passes: ["new RTCPeerConnection({ iceServers: [{ urls: 'stun:stun.example.org' }] });"],
  },
};

describe.each(Object.entries(words))('%s', (id, { found, passes }) => {
  test.each(found)('is found in: %s', (source) => expect(ids(source)).toContain(id));
  test.each(passes)('is not in: %s', (source) => expect(ids(source)).not.toContain(id));
});

test('today’s form of every word is passed', () => {
  for (const [id, { modern }] of Object.entries(legacyWords))
    expect({ id, found: ids(modern.startsWith('{') ? `const wish = ${modern};` : modern) }).toEqual({
      id,
      found: [],
    });
});

test('a whole call of 2013 is told line by line', () => {
  const call = `
var pc = new webkitRTCPeerConnection({ iceServers: [{ url: 'stun.l.google.com:1902' }] },
  { optional: [{ DtlsSrtpKeyAgreement: true }] });
pc.onaddstream = function (e) { remote.src = URL.createObjectURL(e.stream); };
navigator.webkitGetUserMedia({ video: { mandatory: { minWidth: 640 } } }, function (s) {
  local.src = webkitURL.createObjectURL(s);
  pc.addStream(s);
  pc.createOffer(function (desc) {
    pc.setLocalDescription(desc);
    send(desc);
  });
});
`;
  expect(lines(call)).toEqual([
    '2 prefixed-peer-connection',
    '2 ice-url',
    '2 ice-scheme',
    '3 connection-constraints',
    '4 on-add-stream',
    '4 stream-as-url',
    '5 prefixed-get-user-media',
    '5 mandatory-constraints',
    '6 stream-as-url',
    '7 add-stream',
    '8 one-callback',
    '9 not-awaited',
  ]);
});

test('TypeScript, tags and casts are read', () => {
  expect(ids('const pc: RTCPeerConnection = make(); (pc as Legacy).addStream(stream!);')).toEqual([
    'add-stream',
  ]);
  expect(ids('const View = () => <video ref={(v) => (v.mozSrcObject = stream)} />;')).toEqual([
    'moz-src-object',
  ]);
});

test('what cannot be read is told with its line, and the rest is looked at', () => {
  const { findings, broken } = lintSource(
    "navigator.getUserMedia(a, b, c);\nconst config = { iceServers: ['urls': 'stun:stun.example.org'] };\n",
  );
  expect(broken).toEqual({ line: 2, text: expect.stringContaining('A list has no keys') });
  expect(findings[0]).toMatchObject({ id: 'callback-get-user-media', line: 1 });
  expect(lintSource('').findings).toEqual([]);
});

test('of a page in HTML its scripts are read, at their lines', () => {
  const page =
    '<!doctype html>\n<!-- <script>pc.addStream(s)</script> -->\n<p>pc.addStream(s)</p>\n<script>\npc.addStream(s);\n</script>\n<script type="application/json">{"a": 1}</script>\n<script type="module">pc.onaddstream = show;</script>\n';
  expect(lintSource(page).broken).toBeUndefined();
  expect(lines(page)).toEqual(['5 add-stream', '8 on-add-stream']);
});

test('a text that is too long is refused before it is read', () => {
  expect(() => lintSource('x'.repeat(LONGEST_SOURCE + 1))).toThrow('100,000 are read at most');
});

test('a finding is a sentence with its line, its reason and today’s form', () => {
  const [finding] = lintSource('pc.addStream(stream);').findings;
  expect(findingWords(finding!)).toMatch(/^Line 1: `pc\.addStream\(stream\)`\. .+ Today: `for \(const track/);
});
