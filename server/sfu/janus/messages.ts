/** What Janus sends, as far as it is used here. @see https://janus.conf.meetecho.com/docs/JanusGateway.html */
import * as z from 'zod';

/** Ids are numbers of 53 bits, or text where its configuration says `string_ids`: we send back what we got. */
export const JanusId = z.union([z.number(), z.string().max(256)]);
export type JanusId = z.infer<typeof JanusId>;

const Sdp = z.string().max(1_000_000);

export const Jsep = z.object({ type: z.enum(['offer', 'answer']), sdp: Sdp });
export type Jsep = z.infer<typeof Jsep>;

const Candidate = z.union([
  z.object({ completed: z.literal(true) }),
  z.object({ candidate: z.string().max(1_000), sdpMid: z.string().max(64).optional() }),
]);

/** The envelope of everything that comes. */
export const Message = z.object({
  janus: z.string().max(64),
  transaction: z.string().max(64).optional(),
  /** The handle that it is about. */
  sender: JanusId.optional(),
  /** Of `success`. */
  data: z.object({ id: z.number() }).optional(),
  error: z.object({ code: z.int(), reason: z.string() }).optional(),
  plugindata: z.object({ data: z.record(z.string(), z.unknown()) }).optional(),
  jsep: Jsep.optional(),
  /** Of `trickle`. */
  candidate: Candidate.optional(),
  /** Of `hangup`. */
  reason: z.string().optional(),
  /** Of `slowlink`: whether it is the way to Janus that loses packets. */
  uplink: z.boolean().optional(),
  /** Of `handle_info`, on the connection for administrators. */
  info: z.unknown().optional(),
});
export type Message = z.infer<typeof Message>;

/** What a plugin answers when it refuses. */
export const PluginError = z.object({ error_code: z.int(), error: z.string() });

/** Answers and events of the VideoRoom. @see https://janus.conf.meetecho.com/docs/videoroom.html */
export const Created = z.object({ videoroom: z.literal('created'), room: JanusId });
/** The publisher without a sender that a room can have, to which one can be subscribed from the beginning. */
export const Participants = z.object({
  participants: z.array(z.object({ id: JanusId, dummy: z.boolean().optional() })),
});
export const Joined = z.object({ videoroom: z.literal('joined'), id: JanusId });

/** What a subscriber is offered: m-sections, of which `mid` is ours and `feed_mid` the publisher's. */
export const SubscribedStreams = z.object({
  streams: z.array(
    z.object({
      mid: z.string().max(64),
      active: z.boolean().optional(),
      feed_id: JanusId.optional(),
      feed_mid: z.string().max(64).optional(),
      send: z.boolean().optional(),
      simulcast: z.object({ 'substream-target': z.int() }).optional(),
    }),
  ),
});

/** Another layer is forwarded now. */
export const Switched = z.object({
  videoroom: z.literal('event'),
  mid: z.string().max(64),
  substream: z.int(),
});

/** Somebody who may has ended the room. */
export const Destroyed = z.object({ videoroom: z.literal('destroyed') });

export const Talking = z.object({
  videoroom: z.enum(['talking', 'stopped-talking']),
  id: JanusId,
  /** 0 is as loud as can be, 127 is silence: the level of RFC 6464 without its sign. */
  'audio-level-dBov-avg': z.number().min(0).max(127),
});

const Counter = z.object({
  packets: z.number(),
  bytes: z.number(),
  bytes_lastsec: z.number(),
  nacks: z.number().optional(),
});

/** `handle_info`. @see https://janus.conf.meetecho.com/docs/admin.html */
export const HandleInfo = z.object({
  plugin_specific: z
    .object({
      streams: z
        .array(
          z.object({
            mid: z.string().optional(),
            codec: z.string().max(32).optional(),
            'audio-level-dBov': z.number().min(0).max(127).optional(),
          }),
        )
        .optional(),
    })
    .optional(),
  webrtc: z
    .object({
      media: z
        .record(
          z.string(),
          z.object({
            mid: z.string(),
            codecs: z.object({ codec: z.string().max(32).optional() }).optional(),
            rtcp: z.record(z.string(), z.object({ lost: z.number().optional() })).optional(),
            stats: z.object({
              in: Counter.extend({
                'video-simulcast-1': Counter.optional(),
                'video-simulcast-2': Counter.optional(),
              }),
              out: Counter,
            }),
          }),
        )
        .optional(),
    })
    .optional(),
});
export type HandleInfo = z.infer<typeof HandleInfo>;
