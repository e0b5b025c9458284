import * as z from 'zod';

/** From where this site's server can be reached: this computer only, or the network, under these origins. */
const Reach = z.strictObject({
  reach: z.enum(['loopback', 'network']),
  origins: z.array(z.url({ protocol: /^https?$/ })),
});
export type Reach = z.infer<typeof Reach>;

/** Asks the server; null when it does not answer, since the link works without. */
export async function readReach(): Promise<Reach | null> {
  try {
    const response = await fetch('/links.json');
    return Reach.parse(await response.json());
  } catch {
    return null;
  }
}
