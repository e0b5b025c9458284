import { signal, type ReadonlySignal } from '@preact/signals';

/** What the Permissions API tells; `untold` where this browser keeps it to itself. */
export type Told = PermissionState | 'untold';

/** What decides whether the browser will ask. */
export interface Standing {
  readonly secureContext: boolean;
  readonly mediaDevices: boolean;
  readonly camera: Told;
  readonly microphone: Told;
}

/** Follows the permissions of this page until `ended` aborts; null before the browser has told. */
export function watchStanding(ended: AbortSignal): ReadonlySignal<Standing | null> {
  const standing = signal<Standing | null>(null);
  const put = (part: Partial<Standing>) => {
    standing.value = {
      secureContext: isSecureContext,
      mediaDevices: 'mediaDevices' in navigator,
      camera: 'untold',
      microphone: 'untold',
      ...standing.value,
      ...part,
    };
  };
  put({});
  for (const name of ['camera', 'microphone'] as const)
    void follow(name, ended, (told) => put({ [name]: told }));
  return standing;
}

async function follow(
  name: 'camera' | 'microphone',
  ended: AbortSignal,
  tell: (told: Told) => void,
): Promise<void> {
  try {
    const status = await navigator.permissions.query({ name });
    const look = () => tell(status.state);
    status.addEventListener('change', look, { signal: ended });
    if (!ended.aborted) look();
  } catch {
    tell('untold'); // a browser without that name
  }
}
