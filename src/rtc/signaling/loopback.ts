import type { Carrier, Envelope } from './signaling.ts';

/**
 * Carries signals between peers of the same page, without a server.
 *
 * Each one is copied as structured data and arrives in a later task, as it would from a wire.
 */
export function openLoopback(signal: AbortSignal): Carrier {
  let receiver: ((envelope: Envelope) => void) | undefined;
  // A MessageChannel keeps order and, unlike a timer, is not slowed down in a background tab.
  const { port1, port2 } = new MessageChannel();
  port2.addEventListener('message', ({ data }: MessageEvent<Envelope>) => receiver?.(data));
  port2.start();
  signal.addEventListener('abort', () => (port1.close(), port2.close()), { once: true });
  let posted = 0;
  return {
    post: (parcel) => {
      const id = `loopback-${++posted}`;
      port1.postMessage({ ...parcel, id } satisfies Envelope);
      return { id, taken: Promise.resolve() };
    },
    deliver: (next) => void (receiver = next),
  };
}
