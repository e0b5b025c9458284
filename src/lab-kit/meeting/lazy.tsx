import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';

/** A component whose code is fetched when it is first shown. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const loaded = signal<ComponentType<P> | null>(null);
  const hasFailed = signal(false);
  const fetchOnce = () => {
    if (loaded.value) return;
    hasFailed.value = false;
    load().then(
      (component) => (loaded.value = component),
      () => (hasFailed.value = true),
    );
  };
  return function Lazy(props: P) {
    useEffect(fetchOnce, []);
    const Loaded = loaded.value;
    if (Loaded) return <Loaded {...props} />;
    return (
      <p class="meet-fetching" role="status">
        {hasFailed.value
          ? 'This part of the page could not be fetched: close it, and open it again.'
          : 'Being fetched …'}
      </p>
    );
  };
}
