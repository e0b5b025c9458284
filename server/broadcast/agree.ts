/** What is agreed on with somebody who publishes, and with somebody who watches. */
import { Refusal } from '../signaling/refusal.ts';
import type { Codec, Extensions } from '../sfu/core/types.ts';
import { choose, type Chosen, type FeedbackKind } from '../sfu/sdp/choose.ts';
import { type Description, parameter, readDescription, type Section } from '../sfu/sdp/read.ts';
import { Problem } from './problem.ts';

export type Kind = 'audio' | 'video';

/**
 * Reads an offer of somebody who sends, or of somebody who receives: one sound, one picture, or both, in one bundle.
 *
 * Nothing is agreed on in part (RFC 9725 §4.4.3): what cannot be agreed on is 406 as a whole.
 *
 * @throws {Problem} 400 for what is no offer, 406, 422 where it insists on the passive role in DTLS
 */
export function readOffer(sdp: string, sends: boolean): Description {
  const offer = read(sdp);
  const { setup } = offer.transport;
  if (setup === 'passive')
    throw new Problem(
      422,
      'The offer says a=setup:passive: here the one who offers begins DTLS, or leaves it open.',
    );
  for (const kind of ['audio', 'video'] as const)
    if (offer.sections.filter((section) => section.kind === kind).length > 1)
      throw new Problem(
        406,
        `The offer has more than one m-section of ${kind}: a broadcast has one stream (RFC 9725 §4.4.2).`,
      );
  for (const { mid, kind, isAlive, direction } of offer.sections) {
    const where = `The m-section with a=mid:${mid}`;
    if (kind !== 'audio' && kind !== 'video')
      throw new Problem(406, `${where} is neither audio nor video, and a broadcast has nothing else.`);
    if (!isAlive)
      throw new Problem(
        406,
        `${where} is not in the bundle, or is not UDP/TLS/RTP/SAVPF with a=rtcp-mux (RFC 9725 §4.4.1).`,
      );
    if (direction !== 'sendrecv' && direction !== (sends ? 'sendonly' : 'recvonly'))
      throw new Problem(406, `${where} is ${direction}: here it is ${sends ? 'sendonly' : 'recvonly'}.`);
  }
  return offer;
}

/** By mid. @throws {Problem} 406 where an m-section has no codec that can be forwarded */
export function agreeToPublish(offer: Description, feedback: FeedbackKind): Map<string, Chosen> {
  return new Map(
    offer.sections.map((section) => {
      const chosen = choose(section, feedback);
      if (!chosen)
        throw new Problem(
          406,
          `No codec of the m-section with a=mid:${section.mid} can be forwarded: VP8, VP9, H.264, AV1 and Opus can.`,
        );
      return [section.mid, chosen];
    }),
  );
}

/**
 * The same stream under the numbers of whoever watches.
 *
 * @param published what is sent of that kind; undefined: nothing is
 * @throws {Problem} 406 where it is no codec that the offer has
 */
export function agreeToView(
  section: Section,
  published: Codec | undefined,
): { codec: Codec; extensions: Extensions } {
  const codec = published ? section.codecs.find((one) => isSame(one, published)) : section.codecs[0];
  if (!codec)
    throw new Problem(
      406,
      `The broadcast is ${published?.name ?? 'nothing'}, which the m-section with a=mid:${section.mid} does not take.`,
    );
  const { mid, absSendTime, audioLevel } = section.extensions;
  return {
    codec,
    extensions: {
      ...(mid !== undefined && { mid }),
      ...(absSendTime !== undefined && { absSendTime }),
      ...(section.kind === 'audio' && audioLevel !== undefined && { audioLevel }),
    },
  };
}

/** Whether a decoder of the one decodes the other. */
function isSame(one: Codec, other: Codec): boolean {
  if (one.name !== other.name) return false;
  const of = (name: string, otherwise: string) => [
    parameter(one.parameters, name) ?? otherwise,
    parameter(other.parameters, name) ?? otherwise,
  ];
  const equal = ([a = '', b = '']: readonly string[]) => a === b;
  switch (one.name) {
    case 'VP9':
      return equal(of('profile-id', '0'));
    case 'AV1':
      return equal(of('profile', '0'));
    case 'H264':
      // The profile counts; levels of browsers are what they encode at most (RFC 6184 §8.1).
      return (
        equal(of('packetization-mode', '0')) &&
        equal(of('profile-level-id', '42e01f').map((text) => text.slice(0, 2).toLowerCase()))
      );
    default:
      return true;
  }
}

function read(sdp: string): Description {
  try {
    return readDescription(sdp);
  } catch (error) {
    throw error instanceof Refusal ? new Problem(400, error.message) : error;
  }
}
