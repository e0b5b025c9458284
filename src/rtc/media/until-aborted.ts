import { RtcError } from '../errors.ts';

/**
 * The result of something that cannot be cancelled, for as long as somebody wants it.
 *
 * @param discard gets a result that came too late
 * @throws {RtcError} `stopped` as soon as `signal` aborts; else what `promise` rejects with
 */
export function untilAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal,
  discard?: (late: T) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new RtcError('stopped'));
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    void promise
      .then((value) => {
        if (signal.aborted) discard?.(value);
        resolve(value);
      }, reject)
      .finally(() => signal.removeEventListener('abort', giveUp));
  });
}
