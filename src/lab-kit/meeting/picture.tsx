import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { attachStream } from '../../rtc/media/playback.ts';

interface PictureProps {
  readonly track: MediaStreamTrack;
  readonly label: string;
  readonly mirrored?: boolean;
}

/** One picture, without sound. It is not shown before its first frame is there. */
export function Picture({ track, label, mirrored = false }: PictureProps) {
  const video = useRef<HTMLVideoElement>(null);
  const shown = useSignal<MediaStreamTrack | null>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return undefined;
    const end = new AbortController();
    attachStream(element, new MediaStream([track]), {
      signal: end.signal,
      onFirstFrame: () => (shown.value = track),
    }).catch(() => {
      // A picture without sound is never refused; what is left is that it was taken away again.
    });
    return () => end.abort();
  }, [track]);
  return (
    <>
      {/* A live picture of this very moment: there are no words that could be written beforehand. */}
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
      <video
        ref={video}
        aria-label={label}
        muted
        playsInline
        disableRemotePlayback
        data-shown={shown.value === track || undefined}
        data-mirrored={mirrored || undefined}
      />
    </>
  );
}
