/** What a learner may do to the relayed packets of one direction: the wire that is lossy on purpose. */
import * as z from 'zod';

/** Upper bounds; all lower bounds are 0, except that of the rate. */
const limits = {
  percent: 100,
  delayMs: 2_000,
  jitterMs: 1_000,
  minRateKbps: 16,
  rateKbps: 100_000,
  queueMs: 5_000,
} as const;

const Percent = z.number().min(0).max(limits.percent);

/**
 * Each member is left out where nothing is done. Sizes are those of what UDP carries, without its headers.
 *
 * Loss, then rate, then delay, as in Linux's netem: a packet that is lost takes no room in the queue.
 */
export const Impairment = z.strictObject({
  /** Chance of each packet to be dropped, in per cent. */
  lossPct: z.exactOptional(Percent),
  /** How long each packet is kept, in milliseconds. */
  delayMs: z.exactOptional(z.int().min(0).max(limits.delayMs)),
  /** Up to so many milliseconds more, by chance. Packets keep their order: a late one holds up those behind it. */
  jitterMs: z.exactOptional(z.int().min(0).max(limits.jitterMs)),
  /** Chance of a packet to be kept a little longer than the others, which pass it, in per cent. */
  reorderPct: z.exactOptional(Percent),
  /** Chance of a packet to arrive twice, in per cent. */
  duplicatePct: z.exactOptional(Percent),
  /** Thousands of bits a second that get through; the rest waits. */
  rateKbps: z.exactOptional(z.int().min(limits.minRateKbps).max(limits.rateKbps)),
  /** A packet that would have to wait longer than so many milliseconds for its turn is dropped. */
  queueMs: z.exactOptional(z.int().min(0).max(limits.queueMs)),
});
export type Impairment = z.infer<typeof Impairment>;

/** Its user name in the credentials, which says whose allocations are meant. */
const Label = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

/** What is done to the packets of one peer's allocations. A way that is left out is left alone. */
export const ImpairedEnd = z.strictObject({
  peer: Label,
  /** From the peer, through its relay, to whom it talks to. */
  up: z.exactOptional(Impairment),
  /** Back. */
  down: z.exactOptional(Impairment),
});
export type ImpairedEnd = z.infer<typeof ImpairedEnd>;

/** How long a packet waits for its turn at most where nobody has said so, in milliseconds. */
export const QUEUE_MS = 250;

/** Whether anything is done at all. */
export const impairs = (impairment: Impairment): boolean =>
  Object.entries(impairment).some(([name, value]) => name !== 'queueMs' && value > 0);
