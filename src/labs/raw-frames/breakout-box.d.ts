/**
 * What Chromium has on the window. By the standard, processors are for workers only, and VideoTrackGenerator takes the
 * place of the generator; no browser that we know of has that one yet.
 *
 * @see https://w3c.github.io/mediacapture-transform/
 */
declare class MediaStreamTrackProcessor<F extends AudioData | VideoFrame = VideoFrame> {
  constructor(init: { readonly track: MediaStreamTrack; readonly maxBufferSize?: number });
  readonly readable: ReadableStream<F>;
}

declare class MediaStreamTrackGenerator<
  F extends AudioData | VideoFrame = VideoFrame,
> extends MediaStreamTrack {
  constructor(init: { readonly kind: string });
  readonly writable: WritableStream<F>;
}
