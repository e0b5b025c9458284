import { defineExercise } from '../../lab-kit/exercise/define.ts';

const why = {
  session: 'The session is described in lines of text, once. Nothing of it is in the packets.',
  ice: 'ICE knows addresses, pairs, checks, and the user name and password that they are signed with.',
  dtls: 'DTLS knows versions, ciphers and certificates of one handshake.',
  srtp: 'SRTP has a profile: how each packet of media is encrypted and signed.',
  rtp: 'RTP numbers its sources (SSRC), its packets, and the formats in them (payload types).',
  sctp: 'SCTP carries data channels, each as a numbered stream.',
} as const;
type Layer = keyof typeof why;

const names: Readonly<Record<Layer, string>> = {
  session: 'Session: SDP',
  ice: 'ICE',
  dtls: 'DTLS',
  srtp: 'SRTP',
  rtp: 'RTP',
  sctp: 'SCTP',
};

/** A value that was read from a running call of Chromium 156, and the layers to choose from. */
function value(id: string, text: string, layer: Layer, because: string, ...others: readonly Layer[]) {
  const all = (Object.keys(names) as Layer[]).filter((one) => one === layer || others.includes(one));
  return {
    id,
    text,
    choices: all.map((one) =>
      one === layer
        ? { text: names[one], right: true as const, why: because }
        : { text: names[one], why: why[one] },
    ),
  };
}

export default defineExercise({
  kind: 'predict',
  title: 'Eight values, six layers',
  task: [
    'These values were read from one call in Chromium 156, with `getStats()` and from its descriptions. To which layer does each belong? Your own call shows values of the same kinds in the map.',
  ],
  hints: [
    'What would you ask the value about? About a path, a handshake, a packet of media, a stream of data, or the agreement?',
    'Two names look alike: a cipher that begins with `TLS_` was agreed in the handshake, a profile that begins with `SRTP_` protects the packets of media.',
    'A user name and a pair of candidates belong to ICE. A number that stands in each packet of one picture belongs to RTP. A stream of messages has its number from SCTP.',
  ],
  questions: [
    value(
      'ufrag',
      '`xEDz`, a user name fragment',
      'ice',
      'Each check names it: `a=ice-ufrag` of the side that is checked.',
      'dtls',
      'session',
      'sctp',
    ),
    value(
      'cipher',
      '`TLS_AES_128_GCM_SHA256`',
      'dtls',
      'The cipher suite that the handshake of DTLS agreed on.',
      'srtp',
      'ice',
      'rtp',
    ),
    value(
      'profile',
      '`SRTP_AES128_CM_HMAC_SHA1_80`',
      'srtp',
      'The profile by which packets of media are protected. DTLS negotiated it and made its keys.',
      'dtls',
      'rtp',
      'sctp',
    ),
    value(
      'ssrc',
      '`2485771508`, in every packet of one sound',
      'rtp',
      'The synchronisation source: which stream a packet belongs to.',
      'sctp',
      'ice',
      'session',
    ),
    value(
      'version',
      '`FEFC`',
      'dtls',
      'The version of DTLS, 1.3, as it is written in a handshake. 1.2 is `FEFD`: these numbers count down.',
      'ice',
      'srtp',
      'session',
    ),
    value(
      'stream',
      '`1`, the `dataChannelIdentifier` of a channel',
      'sctp',
      'The number of the SCTP stream. The side that is the DTLS server takes odd ones.',
      'rtp',
      'ice',
      'srtp',
    ),
    value(
      'pair',
      '`host` → `prflx`, `succeeded`',
      'ice',
      'A pair of candidates whose check was answered.',
      'dtls',
      'rtp',
      'session',
    ),
    value(
      'section',
      '`m=video 9 UDP/TLS/RTP/SAVPF 96 97`',
      'session',
      'A line of the description. It names layers, and belongs to none of them.',
      'rtp',
      'srtp',
      'dtls',
    ),
  ],
});
