import type { Run } from './bench.ts';
import { recordMethods, type CallHooks } from './recorder.ts';
import type { PeerLabel, RtcEvent } from './timeline.ts';

/** What a bench does around a recorded call: it holds it back while a run is stepped, and knows its line of `run.ts`. */
export function hooksOf(peer: PeerLabel, bench: Run): CallHooks {
  return {
    locate: () => bench.locate?.(),
    ...(bench.take && {
      take: (method, args, line, call) =>
        bench.take?.({ does: 'call', peer, method, args, ...(line !== undefined && { line }) }, call),
    }),
  };
}

/** Writes what happens to a peer's media into the record, for as long as the run lasts. */
export const recordOf = (peer: PeerLabel, bench: Run) => (event: RtcEvent) => {
  if (!bench.signal.aborted) bench.timeline.append(peer, event);
};

/**
 * Puts the calls of an object's methods on the timeline, with arguments, outcome and duration: of a `MediaRecorder`, an
 * `AudioContext`, a `<video>`. Arguments, results, promises and exceptions pass through as they are; methods that the
 * browser does not have are left out.
 *
 * @param tell what a call gave, in words; without it the recorder finds some
 * @returns the object that was given
 */
export function recordCalls<T extends object>(
  peer: PeerLabel,
  bench: Run,
  target: T,
  methods: readonly (keyof T & string)[],
  tell?: (result: unknown) => string,
): T {
  recordMethods(target, methods, recordOf(peer, bench), hooksOf(peer, bench), tell ? { tell } : {});
  return target;
}
