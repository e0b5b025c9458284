/**
 * What crosses the signaling wire when a learner's code in a page is the mind of a forwarding server (lesson 7.6): the
 * server of this site has the connections, and hands each RTP packet over, decrypted. What comes back is encrypted for
 * the viewer that it names, and sent. Only for the page's own publisher and its own viewers.
 */
import * as z from 'zod';
import { limits } from './ids.ts';
import { ServerCandidates } from './middlebox.ts';

/** As many viewers as one page may have. */
export const MAX_VIEWERS = 8;
/** Packets of one message, one way or the other. */
export const MAX_BATCH = 256;
/** Of an RTP packet: what fits into a datagram, in base64. */
const Packet = z.base64().max(2_004);
const Viewer = z.string().regex(/^[a-z]{1,16}$/, 'a viewer’s name is 1 to 16 small letters');
const Sdp = z.string().max(limits.sdpLength);

/** Requests of a member of any room, where the server lets learners in at all (CLASSROOM). */
export const forwardRequests = {
  /** The publisher's offer: one video m-section. A stage that was there before ends. */
  'forward:publish': { payload: z.strictObject({ sdp: Sdp }), answer: z.strictObject({ sdp: Sdp }) },
  /** A further viewer, once there is a publisher: the server offers what the publisher sends. */
  'forward:view': { payload: z.strictObject({ viewer: Viewer }), answer: z.strictObject({ sdp: Sdp }) },
  /** With it the server knows whom to let in, and says where it is. */
  'forward:answer': { payload: z.strictObject({ viewer: Viewer, sdp: Sdp }), answer: ServerCandidates },
  /** Packets to be sent, each to one viewer. Of those who are not connected they are lost. */
  'forward:send': {
    payload: z.strictObject({
      packets: z
        .array(z.strictObject({ to: Viewer, packet: Packet }))
        .min(1)
        .max(MAX_BATCH),
    }),
    answer: z.null(),
  },
  /** Ask the publisher for a key frame (RFC 4585 §6.3.1). */
  'forward:key-frame': { payload: z.strictObject({}), answer: z.null() },
  /** End the stage. */
  'forward:end': { payload: z.strictObject({}), answer: z.null() },
} as const;

export const forwardEvents = {
  /** What has come from the publisher, in the order of coming. */
  'forward:packets': z.strictObject({ packets: z.array(Packet).max(MAX_BATCH) }),
  /** A viewer's browser asks for a key frame. */
  'forward:wished': z.strictObject({ viewer: Viewer }),
} as const;
