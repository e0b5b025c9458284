import type { Entry, EntryOf, PeerLabel } from '../../rtc/timeline.ts';

/** What a sample says of the picture that a peer sends and the other one receives. */
export interface Moment {
  readonly atMs: number;
  /** MIME type less `video/`; undefined before the first packet. */
  readonly codec: string | undefined;
  readonly bitrateBps: number;
  readonly frameWidth: number | undefined;
  readonly framesPerSecond: number | undefined;
}

/** One line of what this browser can do. */
export interface Capability {
  readonly name: string;
  readonly sends: boolean;
  readonly receives: boolean;
  /** How many entries there are for it: profiles and packetisations. */
  readonly variants: number;
}

/** What repairs and what helps: it is chosen with a codec, never in its place. */
const HELPERS = new Set(['rtx', 'red', 'ulpfec', 'flexfec-03', 'CN', 'telephone-event']);

/** The codecs of both lists, each once, in the order of the browser; without what only helps. */
export function capabilitiesOf(
  send: readonly Pick<RTCRtpCodec, 'mimeType'>[],
  receive: readonly Pick<RTCRtpCodec, 'mimeType'>[],
): Capability[] {
  const name = ({ mimeType }: Pick<RTCRtpCodec, 'mimeType'>) => mimeType.replace(/^\w+\//, '');
  const names = [...new Set([...send, ...receive].map(name))].filter((one) => !HELPERS.has(one));
  return names.map((one) => {
    const [sends, receives] = [send, receive].map(
      (list) => list.filter((codec) => name(codec) === one).length,
    );
    return { name: one, sends: sends! > 0, receives: receives! > 0, variants: Math.max(sends!, receives!) };
  });
}

/** The samples of the picture that a peer sends, oldest first. */
export function momentsOf(entries: readonly Entry[], peer: PeerLabel): Moment[] {
  return entries
    .filter((entry): entry is EntryOf<'stats'> => entry.kind === 'stats' && entry.peer === peer)
    .flatMap(({ atMs, sample }) =>
      sample.outbound
        .filter(({ kind, bitrateBps }) => kind === 'video' && bitrateBps !== undefined)
        .map(({ codec, bitrateBps = 0, frameWidth, framesPerSecond }) => ({
          atMs,
          codec: codec?.replace(/^video\//, ''),
          bitrateBps,
          frameWidth,
          framesPerSecond,
        })),
    );
}

/** What a peer decodes, by its own last word. */
export function receivedCodec(entries: readonly Entry[], peer: PeerLabel): string | undefined {
  const last = entries.findLast(
    (entry): entry is EntryOf<'stats'> => entry.kind === 'stats' && entry.peer === peer,
  );
  return last?.sample.inbound.find(({ kind }) => kind === 'video')?.codec?.replace(/^video\//, '');
}

/** Header extensions that are in force in the video section: those of the answer (RFC 8285 §6). Short names. */
export function extensionsOf(entries: readonly Entry[]): string[] | undefined {
  const answer = entries.findLast(
    (entry): entry is EntryOf<'description'> => entry.kind === 'description' && entry.type === 'answer',
  );
  const section = answer?.sdp.split(/^(?=m=)/m).find((one) => one.startsWith('m=video'));
  if (!section) return undefined;
  return [...section.matchAll(/^a=extmap:\d+(?:\/\w+)? (\S+)/gm)].map(([, uri = '']) => shortUri(uri));
}

/** The last part of a URI that says something: `urn:ietf:params:rtp-hdrext:sdes:mid` is `mid`. */
export const shortUri = (uri: string): string =>
  (uri.split(/[/:#]/).findLast((part) => part !== '') ?? uri)
    .replace(/^draft-holmer-rmcat-/, '')
    .replace(/-extensions-\d+$/, '');

/** Every setParameters() of a peer, as the record has it: how many, and the browser's words to the last refusal. */
export function parameterCalls(
  entries: readonly Entry[],
  peer: PeerLabel,
): { made: number; refusal?: string } {
  const settled = entries.filter(
    (entry): entry is EntryOf<'call-settled'> =>
      entry.kind === 'call-settled' && entry.peer === peer && entry.method === 'setParameters',
  );
  const last = settled.at(-1)?.outcome;
  return { made: settled.length, ...(last && !last.ok && { refusal: `${last.name}: ${last.message}` }) };
}
