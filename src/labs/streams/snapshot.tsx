import { useSignal, type Signal } from '@preact/signals';
import { useRef } from 'preact/hooks';

/** Filters by CSS and, with the same words, by `context.filter`. */
export const filters = {
  none: { label: 'none', css: 'none' },
  grayscale: { label: 'grayscale(1)', css: 'grayscale(1)' },
  blur: { label: 'blur(4px)', css: 'blur(4px)' },
  invert: { label: 'invert(1)', css: 'invert(1)' },
  sepia: { label: 'sepia(1)', css: 'sepia(1)' },
} as const;

interface Props {
  readonly video: () => HTMLVideoElement | undefined;
  readonly filter: Signal<keyof typeof filters>;
  readonly disabled: boolean;
}

/** One frame, taken with `drawImage()`; and a filter, on the element or on the snapshot. */
export function Snapshot({ video, filter, disabled }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const isInPicture = useSignal(false);
  const words = useSignal('');
  const take = () => {
    const element = video();
    const context = canvas.current?.getContext('2d');
    if (!element || !canvas.current || !context) return;
    if (element.videoWidth === 0) {
      words.value = 'There is no frame to draw yet.';
      return;
    }
    canvas.current.width = element.videoWidth;
    canvas.current.height = element.videoHeight;
    const canFilter = 'filter' in context;
    if (isInPicture.value && canFilter) context.filter = filters[filter.value].css;
    context.drawImage(element, 0, 0);
    words.value =
      isInPicture.value && !canFilter
        ? 'Taken; this browser has no context.filter.'
        : `Taken: ${element.videoWidth} × ${element.videoHeight}.`;
  };
  return (
    <fieldset class="doctor-switches doctor-snapshot">
      <legend>A filter, and a snapshot</legend>
      <canvas ref={canvas} width={160} height={90} role="img" aria-label="The snapshot" />
      <div>
        <label class="doctor-wide">
          CSS filter on the element
          <select
            value={filter.value}
            disabled={disabled}
            onChange={({ currentTarget }) => (filter.value = currentTarget.value as keyof typeof filters)}
          >
            {Object.entries(filters).map(([id, { label }]) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <label>
          <input
            type="checkbox"
            checked={isInPicture.value}
            disabled={disabled}
            onChange={({ currentTarget }) => (isInPicture.value = currentTarget.checked)}
          />
          in the snapshot, too
        </label>
        <button type="button" class="ps-button" disabled={disabled} onClick={take}>
          Take a snapshot
        </button>
        <p class="doctor-played" role="status">
          {words.value}
        </p>
      </div>
    </fieldset>
  );
}
