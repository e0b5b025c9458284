import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Bench, Shown } from '../../rtc/bench.ts';
import { attachStream } from '../../rtc/media/playback.ts';

/** What the bench shows so far. */
export function useShown(bench: Bench | null): readonly Shown[] {
  const shown = useSignal<readonly Shown[]>([]);
  useEffect(() => {
    shown.value = [];
    let isCurrent = true;
    bench?.onShow((next) => {
      if (isCurrent) shown.value = [...shown.value, next];
    });
    return () => void (isCurrent = false);
  }, [bench]);
  return shown.value;
}

interface LivePictureProps {
  readonly label: string;
  readonly bench: Bench | null;
  readonly stream: MediaStream | undefined;
}

/** A stream of the run, without its sound, in a box that has its place before there is a picture. */
export function LivePicture({ label, bench, stream }: LivePictureProps) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element || !stream || !bench) return undefined;
    const gone = new AbortController();
    // Muted pictures need no click; should a browser refuse all the same, its own play button is there.
    attachStream(element, stream, { signal: AbortSignal.any([gone.signal, bench.signal]) }).catch(
      () => (element.controls = true),
    );
    return () => gone.abort();
  }, [stream, bench]);
  // A live picture of this very moment: there are no words that could be written beforehand.
  // oxlint-disable-next-line jsx-a11y/media-has-caption
  return <video ref={video} aria-label={label} muted playsInline width={320} height={180} />;
}
