/** What becomes of an old word in the browsers of today. */
export type Fate =
  /** An error, or a name that nobody knows. */
  | 'throws'
  /** Some engines still know it, others do not. */
  | 'one-engine'
  /** It is accepted, and nothing is done about it. */
  | 'silent'
  /** It still works everywhere, for the sake of old pages. */
  | 'kept'
  /** It never was right. */
  | 'mistake';

/** A word of the past: what it was, what is said today, and why. `code` between backticks. */
export interface LegacyWord {
  readonly was: string;
  readonly fate: Fate;
  /** Today's form, as code in one line. */
  readonly modern: string;
  readonly why: string;
  /** The lesson that teaches today's form. */
  readonly lesson: `/lessons/${string}/`;
}

const permission = '/lessons/media/permission/';
const constraints = '/lessons/media/constraints/';
const screen = '/lessons/media/screen/';
const streams = '/lessons/media/streams/';
const audio = '/lessons/media/web-audio/';
const byHand = '/lessons/signaling/by-hand/';
const transceivers = '/lessons/signaling/transceivers/';
const negotiation = '/lessons/signaling/perfect-negotiation/';
const candidates = '/lessons/connectivity/candidates/';
const turn = '/lessons/connectivity/turn/';

/** Every old word that the linter knows. What browsers do with each was tried in Chromium 156 and Firefox 153. */
export const legacyWords = {
  'callback-get-user-media': {
    was: '`navigator.getUserMedia()` with callbacks',
    fate: 'one-engine',
    modern: 'const stream = await navigator.mediaDevices.getUserMedia({ video: true });',
    why: 'Chromium still has it; in Firefox there is no such method. The standard keeps it as an optional interface for old pages (mediacapture-main §10.3).',
    lesson: permission,
  },
  'prefixed-get-user-media': {
    was: '`webkitGetUserMedia()`, `mozGetUserMedia()`',
    fate: 'one-engine',
    modern: 'const stream = await navigator.mediaDevices.getUserMedia({ video: true });',
    why: 'A prefix is a browser’s own word: the `webkit` one is in Chromium alone, the `moz` one in Firefox alone.',
    lesson: permission,
  },
  'callbacks-of-media-devices': {
    was: '`mediaDevices.getUserMedia()` with callbacks',
    fate: 'silent',
    modern: 'const stream = await navigator.mediaDevices.getUserMedia({ video: true });',
    why: 'It takes one argument and gives a promise. The callbacks are passed over and never run.',
    lesson: permission,
  },
  'bare-get-user-media': {
    was: '`getUserMedia()` as a function by itself',
    fate: 'throws',
    modern: 'const stream = await navigator.mediaDevices.getUserMedia({ video: true });',
    why: 'It is a method of `navigator.mediaDevices`. A global function of this name has never been there.',
    lesson: permission,
  },
  'get-sources': {
    was: '`MediaStreamTrack.getSources()`',
    fate: 'throws',
    modern: 'const devices = await navigator.mediaDevices.enumerateDevices();',
    why: 'It was in one browser for a while. The standard’s list of devices is a promise.',
    lesson: '/lessons/media/devices/',
  },
  'mandatory-constraints': {
    was: '`mandatory`, `optional`, `minWidth`, …',
    fate: 'one-engine',
    modern: '{ video: { width: { min: 640, ideal: 1280 }, frameRate: { max: 15 } } }',
    why: 'Chromium still obeys them, Firefox passes over them and opens what it likes. Today each property says for itself what must be and what would be nice (mediacapture-main §11).',
    lesson: constraints,
  },
  'screen-by-constraint': {
    was: '`chromeMediaSource`, `mediaSource`: a screen by `getUserMedia()`',
    fate: 'one-engine',
    modern: 'const stream = await navigator.mediaDevices.getDisplayMedia({ video: true });',
    why: 'Each was one browser’s word for it. The other one does not know it and opens the camera. `getDisplayMedia()` asks the user, in the click (screen-capture §5.1).',
    lesson: screen,
  },
  'display-media-of-navigator': {
    was: '`navigator.getDisplayMedia()`',
    fate: 'throws',
    modern: 'const stream = await navigator.mediaDevices.getDisplayMedia({ video: true });',
    why: 'An early draft had it there. It is a method of `navigator.mediaDevices`.',
    lesson: screen,
  },
  'stream-as-url': {
    was: '`URL.createObjectURL(stream)`',
    fate: 'throws',
    modern: 'video.srcObject = stream;',
    why: 'Out of the standard in 2013, out of Firefox with 62, out of Chrome with 71. A URL is for files.',
    lesson: streams,
  },
  'moz-src-object': {
    was: '`mozSrcObject`',
    fate: 'silent',
    modern: 'video.srcObject = stream;',
    why: 'Firefox took its own name out with 58. What is set there is a property like any other, and the picture stays black.',
    lesson: streams,
  },
  'stream-stop': {
    was: '`stream.stop()`',
    fate: 'throws',
    modern: 'for (const track of stream.getTracks()) track.stop();',
    why: 'A stream is a group of tracks, and each of them is stopped by itself.',
    lesson: streams,
  },
  'not-constructed': {
    was: '`MediaStream()` without `new`',
    fate: 'throws',
    modern: 'const stream = new MediaStream();',
    why: 'It is a class; without `new` it cannot be called.',
    lesson: streams,
  },
  'stream-of-stream': {
    was: '`stream.addTrack(track, stream)` of a `MediaStream`',
    fate: 'silent',
    modern: 'stream.addTrack(track);',
    why: 'A stream’s method takes one argument; the second is passed over. The one with a stream behind the track is the connection’s.',
    lesson: streams,
  },
  'missing-await': {
    was: 'a promise that is used as if it had arrived',
    fate: 'mistake',
    modern: 'const stream = await navigator.mediaDevices.getUserMedia({ video: true });',
    why: 'What you have is a promise: it has no tracks, no type, and is no stream for a player.',
    lesson: permission,
  },
  'prefixed-audio-context': {
    was: '`webkitAudioContext`',
    fate: 'throws',
    modern: 'const audio = new AudioContext();',
    why: 'Chrome took the prefix off in 2014 and the old name out in 2017; Firefox has never had it.',
    lesson: audio,
  },
  'script-processor': {
    was: '`createScriptProcessor()`',
    fate: 'kept',
    modern: 'const node = new AudioWorkletNode(audio, "meter");',
    why: 'It computes on the page’s own thread, and what is late crackles. The standard has deprecated it; an audio worklet has a thread of its own.',
    lesson: audio,
  },
  'prefixed-peer-connection': {
    was: '`webkitRTCPeerConnection`, `mozRTCPeerConnection`, …',
    fate: 'one-engine',
    modern: 'const pc = new RTCPeerConnection({ iceServers });',
    why: 'Chromium keeps `webkitRTCPeerConnection` as a second name of the same class; the `moz` names are gone everywhere.',
    lesson: byHand,
  },
  'connection-constraints': {
    was: 'a second argument of `RTCPeerConnection`',
    fate: 'silent',
    modern: 'const pc = new RTCPeerConnection({ iceServers });',
    why: 'DTLS-SRTP and SCTP are not options any more, they are how it is done. A second argument is passed over.',
    lesson: byHand,
  },
  'add-stream': {
    was: '`pc.addStream(stream)`',
    fate: 'kept',
    modern: 'for (const track of stream.getTracks()) pc.addTrack(track, stream);',
    why: 'It has left the standard and gives nothing back. `addTrack()` gives the sender, with which you replace a track, limit a bitrate, stop sending.',
    lesson: transceivers,
  },
  'remove-stream': {
    was: '`pc.removeStream(stream)`',
    fate: 'one-engine',
    modern: 'pc.removeTrack(sender);',
    why: 'Firefox has `addStream()` and not this. Keep the sender that `addTrack()` gave you.',
    lesson: transceivers,
  },
  'stream-lists': {
    was: '`getLocalStreams()`, `getRemoteStreams()`',
    fate: 'kept',
    modern: 'const tracks = pc.getReceivers().map(({ track }) => track);',
    why: 'A connection carries tracks. Ask its senders, receivers or transceivers.',
    lesson: transceivers,
  },
  'on-add-stream': {
    was: '`onaddstream`, `onremovestream`',
    fate: 'kept',
    modern: 'pc.ontrack = ({ streams: [stream] }) => { video.srcObject = stream; };',
    why: 'It tells of streams, not of tracks: a second track of the same stream, and a track without a stream, come without it.',
    lesson: transceivers,
  },
  'attach-media-stream': {
    was: '`attachMediaStream()`',
    fate: 'throws',
    modern: 'video.srcObject = stream;',
    why: 'A helper of the first years of adapter.js, and never a part of a browser.',
    lesson: streams,
  },
  'one-callback': {
    was: '`createOffer(callback)` with one callback',
    fate: 'silent',
    modern: 'await pc.setLocalDescription();',
    why: 'A single argument is read as options, and a function has none of them: it never runs.',
    lesson: byHand,
  },
  'offer-callbacks': {
    was: '`createOffer(success, failure)`',
    fate: 'kept',
    modern: 'await pc.setLocalDescription();',
    why: 'A legacy overload of the standard (webrtc-pc §4.4.3.1): its promise gives `undefined`, and errors go into a function that mostly does nothing.',
    lesson: byHand,
  },
  'description-callbacks': {
    was: '`setLocalDescription(description, success, failure)`',
    fate: 'kept',
    modern: 'await pc.setLocalDescription();',
    why: 'A legacy overload (webrtc-pc §4.4.3.1). A promise can be awaited, and its error is not lost.',
    lesson: byHand,
  },
  'mandatory-offer': {
    was: '`{ mandatory: { OfferToReceiveVideo: true } }`',
    fate: 'silent',
    modern: "pc.addTransceiver('video', { direction: 'recvonly' });",
    why: 'Nobody reads it any more: the offer has no m-section for what you want to receive.',
    lesson: transceivers,
  },
  'offer-to-receive': {
    was: '`offerToReceiveAudio`, `offerToReceiveVideo`',
    fate: 'kept',
    modern: "pc.addTransceiver('video', { direction: 'recvonly' });",
    why: 'Legacy options of the standard. A transceiver says the same and can be changed later.',
    lesson: transceivers,
  },
  'description-constructor': {
    was: '`new RTCSessionDescription(description)`',
    fate: 'kept',
    modern: 'await pc.setRemoteDescription(message.description);',
    why: '`createOffer()` gives a plain object with `type` and `sdp`, and every method takes one. The wrap does nothing.',
    lesson: byHand,
  },
  'not-awaited': {
    was: 'a description that is set without `await`',
    fate: 'mistake',
    modern: 'await pc.setLocalDescription();',
    why: 'Its error is lost, and what follows goes on as if it had worked: an offer is sent that the own side has refused.',
    lesson: negotiation,
  },
  'stats-callback': {
    was: '`getStats(callback)`',
    fate: 'throws',
    modern: 'const report = await pc.getStats();',
    why: 'Chrome had a form of its own until 117. The standard’s takes a track or nothing, and gives a promise of a map.',
    lesson: byHand,
  },
  'reliable-channel': {
    was: '`reliable`, `maxRetransmitTime` of a data channel',
    fate: 'silent',
    modern: "pc.createDataChannel('state', { ordered: false, maxRetransmits: 0 });",
    why: 'Words of the time before SCTP. They are passed over, and the channel is reliable and ordered all the same.',
    lesson: byHand,
  },
  'ice-url': {
    was: '`url` of an ICE server',
    fate: 'kept',
    modern: "{ iceServers: [{ urls: 'stun:stun.example.org' }] }",
    why: 'It is `urls` in the standard, a text or a list of texts. Browsers fall back to `url`, which is not in it.',
    lesson: candidates,
  },
  'ice-credentials': {
    was: '`credentials` or `password` of an ICE server',
    fate: 'throws',
    modern: "{ urls: 'turn:turn.example.org', username, credential }",
    why: 'The word is `credential`. A `turn:` URL without it is an `InvalidAccessError` (webrtc-pc §4.4.1.5).',
    lesson: turn,
  },
  'turn-without-credential': {
    was: 'a `turn:` URL without `username` and `credential`',
    fate: 'throws',
    modern: "{ urls: 'turn:turn.example.org', username, credential }",
    why: 'A relay costs money, so it wants to know for whom. Both are required: `InvalidAccessError` (webrtc-pc §4.4.1.5).',
    lesson: turn,
  },
  'ice-scheme': {
    was: 'the address of an ICE server without `stun:` or `turn:`',
    fate: 'throws',
    modern: "{ urls: 'stun:stun.example.org:3478' }",
    why: 'Which protocol is spoken stands in front, as in every URL; and no slashes behind it (RFC 7064, RFC 7065). Else it is a `SyntaxError`.',
    lesson: candidates,
  },
  'ice-address': {
    was: 'a slip in the address of Google’s STUN server',
    fate: 'silent',
    modern: "{ urls: 'stun:stun.l.google.com:19302' }",
    why: 'The letter l and no digit 1, and port 19302. No constructor can know: gathering waits for an answer, and `icecandidateerror` 701 is all you hear.',
    lesson: candidates,
  },
  'ice-list': {
    was: '`iceServers` that is no list of objects',
    fate: 'throws',
    modern: "{ iceServers: [{ urls: 'stun:stun.example.org' }] }",
    why: 'A list, also for one server; and in it objects with `urls`, no plain texts. Else it is a `TypeError`.',
    lesson: candidates,
  },
  'ice-misplaced': {
    was: 'ICE servers where nobody looks for them',
    fate: 'silent',
    modern: "new RTCPeerConnection({ iceServers: [{ urls: 'stun:stun.example.org' }] })",
    why: 'The configuration is an object, and the key is `iceServers`, with an s. Anything else is passed over: there is no server, and nobody says so.',
    lesson: candidates,
  },
} as const satisfies Record<string, LegacyWord>;

export type LegacyId = keyof typeof legacyWords;

/** What becomes of a word, said for a list of findings. */
export const fateWords: Record<Fate, string> = {
  throws: 'An error today',
  'one-engine': 'In some browsers only',
  silent: 'Passed over in silence',
  kept: 'Still works, for old pages',
  mistake: 'Never was right',
};
