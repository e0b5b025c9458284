import { modelOrNothing, valueOf } from '../../rtc/sdp/parse.ts';
import type { StatsSample } from '../../rtc/stats/sample.ts';
import type { Entry, EntryOf, PeerLabel } from '../../rtc/timeline.ts';

export const layerIds = ['session', 'rtp', 'channel', 'srtp', 'sctp', 'dtls', 'ice', 'ip'] as const;
export type LayerId = (typeof layerIds)[number];

/** One value of the connection, as the browser tells it. */
export interface Value {
  readonly term: string;
  readonly value: string;
  /** Where it was read: a line of the description, or a member of a report of `getStats()`. */
  readonly from: string;
  /** The lesson that is about it. */
  readonly lesson: string;
}

const lessons = {
  sdp: '/lessons/signaling/sdp/',
  states: '/lessons/signaling/states/',
  byHand: '/lessons/signaling/by-hand/',
  candidates: '/lessons/connectivity/candidates/',
  checks: '/lessons/connectivity/checks/',
} as const;

/**
 * What the layers of one peer's connection say about themselves, by layer; a layer that is not in use says nothing.
 *
 * @param list a run's entries, as far as it has come
 */
export function layersOf(
  list: readonly Entry[],
  peer: PeerLabel,
): Readonly<Record<LayerId, readonly Value[]>> {
  const own = list.filter((entry) => entry.peer === peer);
  const last = <K extends Entry['kind']>(kind: K) =>
    own.findLast((entry): entry is EntryOf<K> => entry.kind === kind);
  const description = own.findLast(
    (entry): entry is EntryOf<'description'> => entry.kind === 'description' && entry.side === 'local',
  );
  const sample = last('stats')?.sample;
  const { media, session } = modelOrNothing(description?.sdp);
  const inDescription = (name: string) =>
    media.map(({ lines }) => valueOf(lines, name)).find((found) => found !== undefined) ??
    valueOf(session, name);
  const given = (term: string, value: string | undefined, from: string, lesson: string): readonly Value[] =>
    value === undefined || value === '' ? [] : [{ term, value, from, lesson }];

  const channel = own.findLast((entry) => entry.kind === 'data-channel');
  const messageLimit = inDescription('max-message-size');
  // Firefox agrees on a profile in every handshake, also where no packet of media will ever need it.
  const hasMedia = media.some(({ kind }) => kind === 'audio' || kind === 'video');
  const pair = sample?.candidatePair;
  const transport = sample?.transport;
  return {
    session: [
      ...given('m-sections', media.map(({ kind }) => kind).join(', '), 'm= lines', lessons.sdp),
      ...given('signalingState', last('signaling-state')?.state, 'the connection', lessons.states),
    ],
    rtp: streams(sample),
    channel: channel
      ? [
          {
            term: 'Channel',
            value: `“${channel.label}”, ${channel.state}`,
            from: 'RTCDataChannel',
            lesson: lessons.states,
          },
        ]
      : [],
    srtp: given(
      'SRTP profile',
      hasMedia ? transport?.srtpCipher : undefined,
      'transport.srtpCipher',
      lessons.byHand,
    ),
    sctp: [
      ...given(
        'SCTP stream',
        channel?.channelId === undefined ? undefined : String(channel.channelId),
        'RTCDataChannel.id',
        lessons.sdp,
      ),
      ...given('Largest message', messageLimit && `${messageLimit} bytes`, 'a=max-message-size', lessons.sdp),
    ],
    dtls: [
      ...given('Version', transport?.dtlsVersion, 'transport.tlsVersion', lessons.states),
      ...given('Cipher', transport?.dtlsCipher, 'transport.dtlsCipher', lessons.states),
      ...given('Fingerprint', shortened(inDescription('fingerprint')), 'a=fingerprint', lessons.byHand),
    ],
    ice: [
      ...given('User name fragment', inDescription('ice-ufrag'), 'a=ice-ufrag', lessons.sdp),
      ...given('Role', transport?.iceRole, 'transport.iceRole', lessons.checks),
      ...given(
        'Pair',
        pair && `${pair.local.type} → ${pair.remote.type}`,
        'candidate-pair',
        lessons.candidates,
      ),
    ],
    ip: [
      ...given(
        'Protocol and ports',
        pair && `${pair.local.protocol} ${pair.local.port ?? '?'} → ${pair.remote.port ?? '?'}`,
        'local-candidate, remote-candidate',
        lessons.candidates,
      ),
      ...given(
        'Bytes sent',
        pair && pair.bytesSent.toLocaleString('en'),
        'candidate-pair.bytesSent',
        lessons.checks,
      ),
    ],
  };
}

function streams(sample: StatsSample | undefined): readonly Value[] {
  return (sample?.outbound ?? []).flatMap(({ kind, ssrc, codec }) => [
    { term: `SSRC of the ${kind}`, value: String(ssrc), from: 'outbound-rtp.ssrc', lesson: lessons.sdp },
    ...(codec
      ? [{ term: `Codec of the ${kind}`, value: codec, from: 'codec.mimeType', lesson: lessons.sdp }]
      : []),
  ]);
}

/** The hash function and the first bytes: nobody compares 32 bytes by eye on a map. */
const shortened = (fingerprint: string | undefined) => fingerprint?.replace(/^(\S+ (?:..:){4}).*$/, '$1…');
