import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { copyText } from '../copy-text.ts';

/** What a panel says before there is anything to show: what will appear here, and when. */
export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="ps-empty">{children}</p>;
}

const SHOWN_FOR_MS = 1600;

/** Copies a text that is made at the click. Says what came of it in its own words. */
export function CopyButton({ label, text }: { label: string; text: () => string }) {
  const outcome = useSignal<string | null>(null);
  useEffect(() => {
    if (outcome.value === null) return undefined;
    const timer = setTimeout(() => (outcome.value = null), SHOWN_FOR_MS);
    return () => clearTimeout(timer);
  }, [outcome.value]);
  const copy = async () => {
    outcome.value = (await copyText(text())) ? 'Copied' : 'The browser did not allow it';
  };
  return (
    <button type="button" class="ps-button" onClick={() => void copy()}>
      <span aria-live="polite">{outcome.value ?? label}</span>
    </button>
  );
}

let ids = 0;

/** An id that nothing else on the page has. Preact's `useId` counts from 0 in each island of a page. */
export const usePageId = (): string => useMemo(() => `ps-id-${++ids}`, []);

interface SegmentsProps<T extends string> {
  readonly label: string;
  readonly options: readonly (readonly [value: T, label: string])[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/** One choice out of a few, side by side: radio buttons, so that arrow keys work as people expect. */
export function Segments<T extends string>({ label, options, value, onChange }: SegmentsProps<T>) {
  const name = usePageId();
  return (
    <fieldset class="ps-segments">
      <legend class="ps-hidden">{label}</legend>
      {options.map(([id, text]) => (
        <label key={id}>
          <input type="radio" name={name} value={id} checked={id === value} onChange={() => onChange(id)} />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
