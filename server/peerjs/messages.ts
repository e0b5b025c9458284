import { z } from 'zod';

/** The pattern of PeerJS (`util.validateId`), with an end: an id is a key of maps and stands in every message. */
const PeerJsId = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9]+(?:[ _-][A-Za-z0-9]+)*$/);
/** Whoever knows it may take the id over: printable, so that it fits in the URL as PeerJS writes it there. */
const Token = z
  .string()
  .max(64)
  .regex(/^[!-~]+$/);

/** What PeerJS writes into the URL of its WebSocket. */
const Knock = z.object({ id: PeerJsId, token: Token, key: z.string().max(64) });
export type Knock = z.infer<typeof Knock>;

/** One connection of two peers, as PeerJS numbers them; what more it says of it is for the other page. */
const connection = {
  connectionId: z.string().min(1).max(128),
  type: z.enum(['data', 'media']),
};
const description = <T extends 'offer' | 'answer'>(type: T) =>
  z.looseObject({ ...connection, sdp: z.looseObject({ type: z.literal(type), sdp: z.string() }) });

/**
 * What a client may send. PeerServer takes LEAVE and EXPIRE too, from anybody to anybody: with the one a stranger
 * closes connections, with the other it makes peers unavailable. PeerJS sends neither, the server does.
 */
const Message = z.discriminatedUnion('type', [
  z.object({ type: z.literal('HEARTBEAT') }),
  z.object({ type: z.literal('OFFER'), dst: PeerJsId, payload: description('offer') }),
  z.object({ type: z.literal('ANSWER'), dst: PeerJsId, payload: description('answer') }),
  z.object({
    type: z.literal('CANDIDATE'),
    dst: PeerJsId,
    payload: z.looseObject({ ...connection, candidate: z.looseObject({ candidate: z.string().max(2_000) }) }),
  }),
]);
export type Message = z.infer<typeof Message>;

/** What was read, or a sentence for whoever sent it. */
export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

/** @param query what follows the question mark */
export function readKnock(query: string): Read<Knock> {
  const asked = new URLSearchParams(query);
  // PeerServer's own words, and its way of leaving a name out: the empty text.
  if (!['id', 'token', 'key'].every((name) => asked.get(name)))
    return { ok: false, why: 'No id, token, or key supplied to websocket server' };
  return read(Knock, Object.fromEntries(asked));
}

/** A frame of text as one of the messages that PeerJS sends. */
export function readMessage(text: string): Read<Message> {
  let sent: unknown;
  try {
    sent = JSON.parse(text);
  } catch {
    return { ok: false, why: 'This is not JSON' };
  }
  return read(Message, sent);
}

function read<T>(schema: z.ZodType<T>, sent: unknown): Read<T> {
  const parsed = schema.safeParse(sent);
  if (parsed.success) return { ok: true, value: parsed.data };
  const [first] = parsed.error.issues;
  const where = first?.path.join('.');
  // A message of zod's may quote what was sent: it is cut.
  const why = `${where ? `${where}: ` : ''}${first?.message ?? 'not understood'}`.slice(0, 200);
  return { ok: false, why };
}
