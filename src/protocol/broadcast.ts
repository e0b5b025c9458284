/**
 * A broadcast: one sends by WHIP (RFC 9725), many receive by WHEP (draft-ietf-wish-whep) or as segments over HTTP.
 *
 * Each room may have one, beside whatever its members do among themselves. Members ask here for the token with which any
 * program, their own page included, reaches the endpoints.
 */
import * as z from 'zod';

/** What a token allows. */
export const BroadcastScope = z.enum(['publish', 'view']);
export type BroadcastScope = z.infer<typeof BroadcastScope>;

/** Where a room's broadcast is reached: paths on the origin of the site. @param room a `RoomId` */
export function broadcastPaths(room: string): {
  readonly whip: string;
  readonly whep: string;
  /** Of the segments: their playlist. */
  readonly playlist: string;
} {
  return { whip: `/whip/${room}`, whep: `/whep/${room}`, playlist: `/segments/${room}/live.m3u8` };
}

export const broadcastRequests = {
  /** A bearer token (RFC 6750) for the broadcast of one's own room. It goes into no page's source and no URL. */
  'broadcast:token': {
    payload: z.strictObject({ scope: BroadcastScope }),
    answer: z.strictObject({
      token: z.string().max(300),
      /** Milliseconds since 1970. What was opened with it goes on. */
      expiresAtMs: z.int().min(0),
    }),
  },
} as const;
