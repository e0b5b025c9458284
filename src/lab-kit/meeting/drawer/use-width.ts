import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect, useRef, type MutableRef } from 'preact/hooks';

/** How much room a drawing has across: a place to observe, and its width in CSS pixels, 240 or more. */
export function useWidth(): readonly [MutableRef<HTMLDivElement | null>, ReadonlySignal<number>] {
  const place = useRef<HTMLDivElement | null>(null);
  const widthPx = useSignal(480);
  useEffect(() => {
    if (!place.current) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) widthPx.value = Math.max(240, Math.round(entry.contentRect.width));
    });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return [place, widthPx];
}
