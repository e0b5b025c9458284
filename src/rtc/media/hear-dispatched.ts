/**
 * Lets a track's listeners hear events that a stand-in dispatches, such as `ended` of a screen that nobody captures.
 *
 * Firefox 153 hands a dispatched event on a `MediaStreamTrack` to `onended`, but to `addEventListener()` only with a
 * fourth argument of its own, “wants untrusted”. To be called before anybody listens.
 */
export function hearDispatched(track: MediaStreamTrack): void {
  const listen = track.addEventListener.bind(track) as (...args: unknown[]) => void;
  Object.defineProperty(track, 'addEventListener', {
    configurable: true,
    value: (type: string, listener: unknown, options?: unknown) => listen(type, listener, options, true),
  });
}
