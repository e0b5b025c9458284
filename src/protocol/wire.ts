/** What the server tells a page of the STUN and TURN messages of its own session, and of the allocations that it holds. */
import * as z from 'zod';

/** `192.0.2.1:50000`, `[2001:db8::1]:50000` */
const end = z.string().max(64);
const label = z.string().max(64);
const transport = z.enum(['udp', 'tcp', 'tls']);
const count = z.int().min(0);
const ms = z.number();
const traffic = z.strictObject({ packets: count, bytes: count });

/** A STUN message as the server got or sent it. */
export const WireMessage = z.strictObject({
  /** Whose it is: the label in the user name, or the one under which the page claimed the port. */
  peer: label,
  way: z.enum(['received', 'sent']),
  transport,
  source: end,
  destination: end,
  bytes: z.base64().max(90_000),
  /** Milliseconds by a clock of the server that begins anywhere. */
  seenMs: ms,
});
export type WireMessage = z.infer<typeof WireMessage>;

/** `missed`: how many came too fast and are not in any of these events. */
export const WireMessages = z.strictObject({ messages: z.array(WireMessage).max(1_000), missed: count });

/** What the server holds for one client (RFC 8656 §3.2). */
export const WireAllocation = z.strictObject({
  peer: label,
  transport,
  client: end,
  server: end,
  relayed: end,
  lifetimeLeftMs: ms,
  permissions: z.array(z.strictObject({ address: end, leftMs: ms })).max(1_000),
  channels: z.array(z.strictObject({ number: count.max(0xffff), peer: end, leftMs: ms })).max(1_000),
  fromClient: traffic,
  toClient: traffic,
  channelDataFromClient: traffic,
  channelDataToClient: traffic,
  dropped: count,
});
export type WireAllocation = z.infer<typeof WireAllocation>;

export const WireAllocations = z.strictObject({ list: z.array(WireAllocation).max(1_000) });

/** The port of a candidate that the page has gathered: what comes from there is its own. */
export const WireClaim = z.strictObject({
  peer: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'a label is 1 to 64 of A-Z a-z 0-9 _ -'),
  port: z.int().min(1).max(65_535),
  /** The candidate's address, where it is a literal one. */
  address: z.exactOptional(z.string().regex(/^[0-9a-fA-F.:]{2,45}$/, 'an address is written in digits')),
});
export type WireClaim = z.infer<typeof WireClaim>;
