import type { LegacyId } from '../../rtc/legacy/words.ts';

/** Which engine lets old code believe that all is well. */
export type Liar = 'Chromium' | 'Firefox' | 'Both' | 'Neither';

/** A piece of old code in the museum. It is a claim, with what a label beside it says. */
export interface Exhibit {
  /** The claim that runs; also the exhibit’s name in links. */
  readonly claim: string;
  /** The word of the linter that finds it. */
  readonly word: LegacyId;
  /** Its name on the label, as code. */
  readonly name: string;
  /** When one wrote so. */
  readonly years: string;
  /** Where it was usual; `code` between backticks. */
  readonly usual: string;
  readonly liar: Liar;
  /** What that engine makes one believe, or that none does. */
  readonly lie: string;
  /** Why it went, and when. */
  readonly end: string;
  /** The exercise that modernises it, where it is another one than the museum’s own. */
  readonly exercise?: string;
}

export interface Room {
  readonly id: string;
  readonly title: string;
  readonly exhibits: readonly Exhibit[];
}

export const rooms: readonly Room[] = [
  {
    id: 'asking',
    title: 'Asking for a camera',
    exhibits: [
      {
        claim: 'callback-get-user-media',
        word: 'callback-get-user-media',
        name: 'navigator.getUserMedia()',
        years: '2012–2016',
        usual: 'Talks, slides, and every first tutorial.',
        liar: 'Chromium',
        lie: 'It works there as on the first day, so nobody notices before the first user with Firefox.',
        end: 'The standard moved it to `navigator.mediaDevices`, which gives a promise. What is left is an optional interface (mediacapture-main §10.3).',
      },
      {
        claim: 'prefixed-get-user-media',
        word: 'prefixed-get-user-media',
        name: 'navigator.webkitGetUserMedia()',
        years: '2012–2016',
        usual: 'Pages written for Chrome alone; the long line with four names and `||` between them.',
        liar: 'Chromium',
        lie: 'The prefixed name is still there.',
        end: 'Prefixes were for experiments. Browsers have stopped to invent them, and keep the old ones for old pages.',
      },
      {
        claim: 'moz-get-user-media',
        word: 'prefixed-get-user-media',
        name: 'navigator.mozGetUserMedia()',
        years: '2013–2016',
        usual: 'The second name in the same long line.',
        liar: 'Firefox',
        lie: 'It is there, and says in the console that it should not be used.',
        end: 'Firefox has had `mediaDevices.getUserMedia()` since its version 36.',
      },
      {
        claim: 'bare-get-user-media',
        word: 'bare-get-user-media',
        name: 'getUserMedia()',
        years: '2020',
        usual: 'Notes that were shortened by hand.',
        liar: 'Neither',
        lie: 'Both know no such function.',
        end: 'It never lived: the object in front of the dot was lost in copying.',
      },
      {
        claim: 'stream-without-await',
        word: 'missing-await',
        name: 'video.srcObject = getUserMedia(…)',
        years: '2017–today',
        usual: 'Code on its way from callbacks to promises.',
        liar: 'Neither',
        lie: 'Both say that a promise is no stream.',
        end: 'It never lived. A type checker finds it as you write.',
      },
      {
        claim: 'mandatory-width',
        word: 'mandatory-constraints',
        name: 'mandatory: { minWidth: … }',
        years: '2012–2016',
        usual: 'Wherever a camera had to be HD.',
        liar: 'Firefox',
        lie: 'It opens a camera as if nothing had been asked. Chromium tells another lie: it obeys, so the code looks right.',
        end: 'The standard gave each property its own `min`, `max`, `exact` and `ideal` (mediacapture-main §11).',
        exercise: 'modern-constraints',
      },
      {
        claim: 'mixed-constraints',
        word: 'mandatory-constraints',
        name: 'mandatory: … beside width: …',
        years: '2015–2018',
        usual: 'Code that wanted to please old and new browsers at once.',
        liar: 'Firefox',
        lie: 'It takes the new half and drops the old one without a word; Chromium refuses the mixture.',
        end: 'There is nothing to please any more: every browser knows the new words.',
        exercise: 'modern-constraints',
      },
    ],
  },
  {
    id: 'screens',
    title: 'Capturing a screen',
    exhibits: [
      {
        claim: 'screen-by-constraint',
        word: 'screen-by-constraint',
        name: "chromeMediaSource: 'screen'",
        years: '2013–2018',
        usual: 'Conferences with a Chrome extension.',
        liar: 'Firefox',
        lie: 'It opens the camera instead of the screen.',
        end: '`getDisplayMedia()` asks the user each time, and no page can choose for them (screen-capture §5.1).',
        exercise: 'screen-not-camera',
      },
      {
        claim: 'screen-by-media-source',
        word: 'screen-by-constraint',
        name: "mediaSource: 'screen'",
        years: '2015–2019',
        usual: 'The other branch of the same code, for Firefox, with a list of sites that were allowed to.',
        liar: 'Chromium',
        lie: 'It looks for a camera. Firefox still knows its word.',
        end: 'Since Firefox 52 no list of sites was needed, and then the standard’s method came.',
        exercise: 'screen-not-camera',
      },
    ],
  },
  {
    id: 'showing',
    title: 'Showing and hearing',
    exhibits: [
      {
        claim: 'stream-as-url',
        word: 'stream-as-url',
        name: 'URL.createObjectURL(stream)',
        years: '2012–2018',
        usual: 'The line after every `getUserMedia()`.',
        liar: 'Neither',
        lie: 'Both throw.',
        end: 'Out of the standard in 2013. Safari removed it first, Firefox took it out with 62, Chrome with 71, both in 2018. A URL that nobody revoked kept the camera on.',
      },
      {
        claim: 'stream-stop',
        word: 'stream-stop',
        name: 'stream.stop()',
        years: '2012–2015',
        usual: 'Every button “hang up”.',
        liar: 'Neither',
        lie: 'Both throw.',
        end: 'Deprecated in Chrome 45 and in Firefox 44, in 2015, then removed: tracks are stopped, one by one.',
      },
      {
        claim: 'not-constructed',
        word: 'not-constructed',
        name: 'MediaStream()',
        years: '2020',
        usual: 'Notes about the remote side.',
        liar: 'Neither',
        lie: 'Both want `new`.',
        end: 'It never lived.',
      },
      {
        claim: 'stream-of-stream',
        word: 'stream-of-stream',
        name: 'remoteStream.addTrack(track, remoteStream)',
        years: '2018–today',
        usual: 'Handlers of `track` that gather tracks by hand.',
        liar: 'Both',
        lie: 'They pass over the second argument, so it looks as if it did something.',
        end: 'It never lived: two methods of the same name were taken for one.',
        exercise: 'one-stream',
      },
      {
        claim: 'webkit-audio-context',
        word: 'prefixed-audio-context',
        name: 'new webkitAudioContext()',
        years: '2011–2014',
        usual:
          'The first meters, filters and games. Often with the microphone connected to the speakers, which howls.',
        liar: 'Neither',
        lie: 'Both have the standard’s name only.',
        end: 'Chrome has had `AudioContext` since 35, and removed the prefix in 2017. Firefox began without one, with 25.',
      },
    ],
  },
  {
    id: 'connecting',
    title: 'The connection and its streams',
    exhibits: [
      {
        claim: 'prefixed-peer-connection',
        word: 'prefixed-peer-connection',
        name: 'new webkitRTCPeerConnection()',
        years: '2012–2016',
        usual: 'The first line of every call.',
        liar: 'Chromium',
        lie: 'It is there, as a second name of the same class.',
        end: 'The prefix fell when the standard was near its end. Firefox has removed its `moz` names.',
      },
      {
        claim: 'connection-constraints',
        word: 'connection-constraints',
        name: 'optional: [{ DtlsSrtpKeyAgreement: true }]',
        years: '2012–2014',
        usual: 'The second argument of the same line.',
        liar: 'Both',
        lie: 'They accept anything there, and read none of it.',
        end: 'Keys from DTLS became the only way (RFC 8827). Chrome announced the end of RTP data channels in 2020.',
      },
      {
        claim: 'add-stream',
        word: 'add-stream',
        name: 'pc.addStream(stream)',
        years: '2012–2018',
        usual: 'Every call before transceivers.',
        liar: 'Both',
        lie: 'It works. What you miss shows later: no sender, and so no change of track, no bitrate, no stop.',
        end: 'It was taken out of the standard when tracks came in; webrtc-pc mentions it only to show how to do without.',
      },
      {
        claim: 'on-add-stream',
        word: 'on-add-stream',
        name: 'pc.onaddstream',
        years: '2012–2018',
        usual: 'The other end of the same call.',
        liar: 'Both',
        lie: 'It fires for the first track of a stream. The second one comes unannounced.',
        end: 'Replaced by `track`, an event for each track (webrtc-pc §5.1.4).',
      },
      {
        claim: 'remove-stream',
        word: 'remove-stream',
        name: 'pc.removeStream(stream)',
        years: '2012–2018',
        usual: 'Switching a camera, with an offer for it.',
        liar: 'Chromium',
        lie: 'It works there. Firefox kept its twin and let it go.',
        end: 'Gone with `addStream()`. To switch, `replaceTrack()` needs no offer at all.',
        exercise: 'camera-to-screen',
      },
    ],
  },
  {
    id: 'negotiating',
    title: 'Offers and answers',
    exhibits: [
      {
        claim: 'one-callback',
        word: 'one-callback',
        name: 'pc.createOffer(gotOffer)',
        years: '2012–2015',
        usual: 'Slides, where there is no room for the second callback.',
        liar: 'Both',
        lie: 'No error, no warning, and no offer.',
        end: 'Promises came. The legacy form with two callbacks is still in the standard, one alone is read as options (webrtc-pc §4.4.3.1).',
      },
      {
        claim: 'offer-callbacks',
        word: 'offer-callbacks',
        name: 'pc.createOffer(success, failure)',
        years: '2012–2016',
        usual: 'Everything written before `async`.',
        liar: 'Both',
        lie: 'It still runs. But its promise is empty, which whoever modernises half of the code finds out late.',
        end: 'Kept as a legacy overload (webrtc-pc §4.4.3.1).',
      },
      {
        claim: 'mandatory-offer',
        word: 'mandatory-offer',
        name: 'mandatory: { OfferToReceiveVideo: true }',
        years: '2012–2015',
        usual: 'Whoever only wanted to watch.',
        liar: 'Both',
        lie: 'They accept it and offer to receive nothing.',
        end: 'First it became `offerToReceiveVideo`, now a legacy option itself; then a transceiver.',
        exercise: 'receive-only',
      },
      {
        claim: 'sent-before-set',
        word: 'not-awaited',
        name: 'pc.setLocalDescription(desc); send(desc)',
        years: '2012–today',
        usual: 'Callbacks that were copied into `async` functions.',
        liar: 'Both',
        lie: 'It works until both sides offer at once.',
        end: 'It never was right. `await pc.setLocalDescription()` makes the description and sets it in one step.',
        exercise: 'perfect-negotiation',
      },
      {
        claim: 'description-constructor',
        word: 'description-constructor',
        name: 'new RTCSessionDescription(offer)',
        years: '2012–2017',
        usual: 'Around every message that came in.',
        liar: 'Both',
        lie: 'It works, and does nothing.',
        end: 'The methods take plain objects now; the constructor is deprecated.',
      },
      {
        claim: 'stats-callback',
        word: 'stats-callback',
        name: 'pc.getStats(callback)',
        years: '2013–2023',
        usual: 'Chrome’s own format of statistics.',
        liar: 'Neither',
        lie: 'Both want a track or nothing.',
        end: 'Removed with Chrome 117, in 2023.',
      },
      {
        claim: 'reliable-channel',
        word: 'reliable-channel',
        name: "createDataChannel('x', { reliable: false })",
        years: '2012–2014',
        usual: 'The first games. PeerJS has a word `reliable` of its own to this day.',
        liar: 'Both',
        lie: 'You get a channel. It is reliable.',
        end: 'SCTP brought `ordered`, `maxRetransmits` and `maxPacketLifeTime` (webrtc-pc §6.2).',
      },
    ],
  },
  {
    id: 'servers',
    title: 'ICE servers',
    exhibits: [
      {
        claim: 'credentials-with-s',
        word: 'ice-credentials',
        name: 'credentials: …',
        years: '2014–today',
        usual: 'Configurations that were typed from memory.',
        liar: 'Neither',
        lie: 'Both refuse the relay.',
        end: 'It never lived. With a `stun:` URL both pass over it.',
        exercise: 'modernise-ice-servers',
      },
      {
        claim: 'ice-without-scheme',
        word: 'ice-scheme',
        name: "urls: 'stun.example.org:3478'",
        years: '2012–today',
        usual: 'Lists of free servers, which have names and ports only.',
        liar: 'Neither',
        lie: 'Both refuse it.',
        end: 'It never lived.',
        exercise: 'modernise-ice-servers',
      },
      {
        claim: 'ice-list-of-texts',
        word: 'ice-list',
        name: "iceServers: ['stun:…']",
        years: '2012–today',
        usual: 'Notes, also with a key inside the brackets, which no JavaScript reads.',
        liar: 'Neither',
        lie: 'Both refuse it.',
        end: 'It never lived.',
        exercise: 'modernise-ice-servers',
      },
      {
        claim: 'ice-url',
        word: 'ice-url',
        name: "url: 'stun:…'",
        years: '2012–2015',
        usual: 'Every configuration before servers had more than one address.',
        liar: 'Both',
        lie: 'They take it for `urls`.',
        end: 'It is `urls` in the standard (webrtc-pc §4.2.2).',
        exercise: 'modernise-ice-servers',
      },
      {
        claim: 'ice-typo',
        word: 'ice-address',
        name: 'stun:stun.l.google.com:1902',
        years: '2013–today',
        usual: 'Slides. The digits are easily lost, and the l is easily taken for a 1.',
        liar: 'Both',
        lie: 'Nothing is said before gathering, and then only to who listens for it.',
        end: 'It never lived. Ask your own server, and test it.',
        exercise: 'modernise-ice-servers',
      },
    ],
  },
];

export const exhibits: readonly Exhibit[] = rooms.flatMap((room) => room.exhibits);
