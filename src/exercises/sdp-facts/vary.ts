import chromium from './chromium-156.sdp?raw';
import firefox from './firefox-153.sdp?raw';

/** A description that nobody has seen before, and what is to be found in it. */
export interface Varied {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
  readonly facts: {
    readonly sections: number;
    readonly videoMid: string;
    readonly audioDirection: string;
    readonly vp8: string;
    readonly retransmission: string;
    readonly usernameFragment: string;
    readonly firstByte: string;
  };
}

const directions = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const;
const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789'.split('');

/**
 * Varies an offer that was captured from a browser: other keys, other payload types, other m-sections in another order.
 * It stays a description that browsers accept (RFC 9429 §5.2).
 *
 * @param random gives numbers from 0 up to 1
 */
export function vary(random: () => number): Varied {
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(list: readonly T[]) => list[below(list.length)] as T;
  const captured = pick([chromium, firefox]);
  const type = pick(['offer', 'answer'] as const);
  const usernameFragment = Array.from({ length: 8 }, () => pick(letters)).join('');
  const bytes = Array.from({ length: 32 }, () => below(256).toString(16).toUpperCase().padStart(2, '0'));
  const password = Array.from({ length: 24 }, () => pick(letters)).join('');
  const payloadTypes = shuffle(
    Array.from({ length: 32 }, (_, index) => String(96 + index)),
    below,
  );

  const text = captured
    .replaceAll(/^a=ice-ufrag:.*\r$/gm, `a=ice-ufrag:${usernameFragment}\r`)
    .replaceAll(/^a=ice-pwd:.*\r$/gm, `a=ice-pwd:${password}\r`)
    .replaceAll(/^a=fingerprint:.*\r$/gm, `a=fingerprint:sha-256 ${bytes.join(':')}\r`)
    .replaceAll(/^a=setup:.*\r$/gm, `a=setup:${type === 'offer' ? 'actpass' : 'active'}\r`);
  const [session = '', ...media] = text.split(/^(?=m=)/m);
  const facts = { audioDirection: '', vp8: '', retransmission: '', videoMid: '' };
  const kept = shuffle(
    media.filter((section) => !section.startsWith('m=application') || random() < 0.6),
    below,
  );

  const sections = kept.map((section, mid) => {
    const named = section.replace(/^a=mid:.*\r$/m, `a=mid:${mid}\r`);
    if (section.startsWith('m=application')) return named;
    const direction = pick(directions);
    const directed = withDirection(named, direction);
    if (section.startsWith('m=audio')) {
      facts.audioDirection = direction;
      return renumbered(directed, payloadTypes);
    }
    const video = renumbered(directed, payloadTypes);
    facts.videoMid = String(mid);
    facts.vp8 = /^a=rtpmap:(\d+) VP8\//m.exec(video)?.[1] ?? '';
    facts.retransmission = new RegExp(`^a=fmtp:(\\d+) apt=${facts.vp8}\\r$`, 'm').exec(video)?.[1] ?? '';
    return video;
  });
  const group = `a=group:BUNDLE ${sections.map((_, mid) => mid).join(' ')}\r`;
  return {
    type,
    sdp: session.replace(/^a=group:BUNDLE.*\r$/m, group) + sections.join(''),
    facts: { ...facts, sections: sections.length, usernameFragment, firstByte: bytes[0] ?? '' },
  };
}

/** Who does not send names no stream and no source of packets. */
function withDirection(section: string, direction: (typeof directions)[number]): string {
  const directed = section.replace(/^a=sendrecv\r$/m, `a=${direction}\r`);
  return direction.startsWith('send')
    ? directed
    : directed.replaceAll(/^a=(msid|ssrc|ssrc-group):.*\r\n/gm, '');
}

/** Gives the dynamic payload types of a section (RFC 3551 §6: 96 to 127) other numbers, taken from `free`. */
function renumbered(section: string, free: string[]): string {
  const formats = /^m=\w+ \d+ \S+ (.*)\r$/m.exec(section)?.[1]?.split(' ') ?? [];
  const other = new Map(formats.filter((one) => Number(one) >= 96).map((one) => [one, free.pop() ?? one]));
  const of = (one: string) => other.get(one) ?? one;
  return section
    .replace(/^(m=\w+ \d+ \S+ )(.*)\r$/m, (_, head: string) => `${head}${formats.map(of).join(' ')}\r`)
    .replaceAll(/^(a=(?:rtpmap|fmtp|rtcp-fb):)(\d+)/gm, (_, head: string, one: string) => head + of(one))
    .replaceAll(/\bapt=(\d+)/g, (_, one: string) => `apt=${of(one)}`);
}

/** Fisher–Yates, on a copy. */
function shuffle<T>(list: readonly T[], below: (limit: number) => number): T[] {
  const copy = [...list];
  for (let last = copy.length - 1; last > 0; last--) {
    const other = below(last + 1);
    [copy[last], copy[other]] = [copy[other] as T, copy[last] as T];
  }
  return copy;
}
