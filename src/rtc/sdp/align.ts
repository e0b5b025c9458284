import type { MediaSection, SdpLine, SessionDescriptionModel } from './parse.ts';

/** Two lines about the same thing; one of them may be missing. */
export type LinePair = {
  /** What both are about, such as "a=rtpmap:96" or "c". */
  key: string;
  left?: SdpLine;
  right?: SdpLine;
  /** Both there and alike to the letter. */
  same: boolean;
};

export type SectionPair = {
  /** −1 for the session section. */
  index: number;
  left?: MediaSection;
  right?: MediaSection;
  /** False where both sections carry a mid and the two differ, which breaks the call (RFC 9429 §5.3.1). */
  midsAgree: boolean;
  lines: LinePair[];
};

export type LineChange =
  | { kind: 'added'; key: string; sectionIndex: number; after: SdpLine }
  | { kind: 'removed'; key: string; sectionIndex: number; before: SdpLine }
  | { kind: 'changed'; key: string; sectionIndex: number; before: SdpLine; after: SdpLine };

/**
 * Puts an offer (left) and its answer (right) side by side.
 *
 * Media sections are paired by their place, as offer/answer demands: an answer has the sections of the offer in their
 * order. Within a section, lines about the same thing are paired whatever their order; the offer's order is kept, and
 * lines of the answer alone follow what they follow there.
 *
 * @see RFC 3264 §6, RFC 9429 §5.3.1
 */
export function alignDescriptions(
  offer: SessionDescriptionModel,
  answer: SessionDescriptionModel,
): SectionPair[] {
  const sections: SectionPair[] = [
    { index: -1, midsAgree: true, lines: pairLines(offer.session, answer.session) },
  ];
  const count = Math.max(offer.media.length, answer.media.length);
  for (let index = 0; index < count; index += 1) {
    const left = offer.media[index];
    const right = answer.media[index];
    sections.push({
      index,
      ...(left && { left }),
      ...(right && { right }),
      midsAgree: left?.mid === undefined || right?.mid === undefined || left.mid === right.mid,
      lines: pairLines(left?.lines ?? [], right?.lines ?? []),
    });
  }
  return sections;
}

/** What changed from one description to a later one of the same peer, say over an ICE restart, in the later one's order. */
export function diffDescriptions(
  before: SessionDescriptionModel,
  after: SessionDescriptionModel,
): LineChange[] {
  return alignDescriptions(before, after).flatMap(({ index, lines }) =>
    lines.flatMap(({ key, left, right, same }): LineChange[] => {
      if (same) return [];
      if (left && right) return [{ kind: 'changed', key, sectionIndex: index, before: left, after: right }];
      if (left) return [{ kind: 'removed', key, sectionIndex: index, before: left }];
      return right ? [{ kind: 'added', key, sectionIndex: index, after: right }] : [];
    }),
  );
}

function pairLines(left: readonly SdpLine[], right: readonly SdpLine[]): LinePair[] {
  const rightKeys = subjects(right);
  const rightByKey = new Map(right.map((line, i) => [rightKeys[i] ?? '', line]));
  const pairs = subjects(left).map((key, i): LinePair => {
    const [leftLine, rightLine] = [left[i], rightByKey.get(key)];
    return {
      key,
      ...(leftLine && { left: leftLine }),
      ...(rightLine && { right: rightLine }),
      same: leftLine?.raw === rightLine?.raw,
    };
  });
  const placeOf = new Map(pairs.map((pair) => [pair.key, pair]));
  let previous: LinePair | undefined;
  right.forEach((line, i) => {
    const key = rightKeys[i] ?? '';
    let pair = placeOf.get(key);
    if (!pair) {
      pair = { key, right: line, same: false };
      pairs.splice(previous ? pairs.indexOf(previous) + 1 : 0, 0, pair);
    }
    previous = pair;
  });
  return pairs;
}

/**
 * What each line of a section is about, such as "a=rtpmap:96": the same for the line about the same thing in another
 * description. The second line about it gets "#2", so that the nth of one side meets the nth of the other.
 */
export function subjects(lines: readonly SdpLine[]): string[] {
  const counts = new Map<string, number>();
  return lines.map((line) => {
    const key = keyOf(line);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count === 1 ? key : `${key}#${count}`;
  });
}

/** What a line is about: its attribute, with what tells lines of that attribute apart. */
function keyOf({ type, attribute, value, raw }: SdpLine): string {
  if (type === '') return raw;
  if (attribute === undefined) return type;
  const [first = ''] = value.split(' ');
  switch (attribute) {
    case 'sendrecv':
    case 'sendonly':
    case 'recvonly':
    case 'inactive':
      return 'a=direction';
    case 'rtpmap':
    case 'fmtp':
    case 'rid':
    case 'group':
    case 'ssrc-group':
    case 'imageattr':
      return `a=${attribute}:${first}`;
    case 'candidate': {
      // Its address is this connection's own; what kind it is can be found elsewhere too (RFC 8839 §5.1).
      const [, , transport = '', , , , , type = ''] = value.split(' ');
      return `a=candidate:${transport.toLowerCase()}:${type}`;
    }
    case 'rtcp-fb':
      return `a=rtcp-fb:${value}`;
    case 'extmap':
      // Its id may differ from one side to the other; the URI, with what an encrypted one wraps, is what it is about.
      return `a=extmap:${value.slice(first.length + 1)}`;
    default:
      return `a=${attribute}`;
  }
}
