import { attributeLines, type Direction, type MediaSection, type SessionDescriptionModel } from '../parse.ts';

/** One m-section of the pair that is to be made. */
export interface PlannedSection {
  readonly kind: 'audio' | 'video' | 'application';
  readonly offered: Direction;
  /** What the answerer makes of it; `rejected` is port 0. */
  readonly answered: Direction | 'rejected';
  /** Codecs as `name/clock rate`, in the order in which the descriptions prefer them. */
  readonly offerCodecs: readonly string[];
  readonly answerCodecs: readonly string[];
  /** Simulcast layers that the offerer sends, by rid (RFC 8853); none where one picture is sent. */
  readonly layers: readonly string[];
}

/** What a pair of fresh connections has to be like, so that its descriptions look like those in question. */
export interface Plan {
  readonly sections: readonly PlannedSection[];
  /** Whether the descriptions held their candidates; else these follow one by one (RFC 8838). */
  readonly candidates: 'in-description' | 'trickled';
  readonly configuration: Pick<RTCConfiguration, 'bundlePolicy' | 'rtcpMuxPolicy'>;
}

/**
 * Reads off an exchange what a fresh pair must be given to make one like it.
 *
 * m-sections that are off are left out: a first offer has none. Without an answer, the answerer takes all it is offered.
 */
export function planOf(
  offer: SessionDescriptionModel,
  answer: SessionDescriptionModel | undefined,
  { bundlePolicy, rtcpMuxPolicy }: RTCConfiguration = {},
): Plan {
  const sections = offer.media.flatMap((section): PlannedSection[] => {
    const { kind, direction, rejected, index } = section;
    if (rejected || (kind !== 'audio' && kind !== 'video' && kind !== 'application')) return [];
    const reply = answer?.media[index];
    return [
      {
        kind,
        offered: direction,
        answered: reply?.rejected ? 'rejected' : (reply?.direction ?? mirrored(direction)),
        offerCodecs: codecsOf(section),
        answerCodecs: reply ? codecsOf(reply) : [],
        layers: attributeLines(section.lines, 'rid').flatMap(({ value }) => {
          const [rid = '', way] = value.split(' ');
          return way === 'send' ? [rid] : [];
        }),
      },
    ];
  });
  const hasCandidates = attributeLines(offer.lines, 'candidate').length > 0;
  return {
    sections,
    candidates: hasCandidates ? 'in-description' : 'trickled',
    configuration: { ...(bundlePolicy && { bundlePolicy }), ...(rtcpMuxPolicy && { rtcpMuxPolicy }) },
  };
}

/** Codecs in the order of the m= line. Retransmission and its like are no codecs of their own. */
export function codecsOf({ formats, codecs }: MediaSection): string[] {
  const names = formats.flatMap((format) => {
    const codec = codecs.get(format);
    return codec && !/^(?:rtx|red|ulpfec|flexfec-03|telephone-event|CN)$/i.test(codec.name)
      ? [`${codec.name}/${codec.clockRateHz}`.toLowerCase()]
      : [];
  });
  return [...new Set(names)];
}

/** What an answerer that wants everything makes of a direction (RFC 3264 §6.1). */
function mirrored(direction: Direction): Direction {
  if (direction === 'sendonly') return 'recvonly';
  return direction === 'recvonly' ? 'sendonly' : direction;
}

export const sends = (direction: Direction | 'rejected'): boolean =>
  direction === 'sendrecv' || direction === 'sendonly';
export const receives = (direction: Direction | 'rejected'): boolean =>
  direction === 'sendrecv' || direction === 'recvonly';
