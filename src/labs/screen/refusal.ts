/** What a refusal of `getDisplayMedia()` means, and what to do. @see screen-capture, getDisplayMedia */
const meanings: Readonly<Record<string, string>> = {
  NotAllowedError:
    'You said no, or this site may not capture. Nothing has changed; ask again when there is a reason.',
  InvalidStateError:
    'There was no click of just now, or this page is not in front. Call it first thing in a click.',
  NotFoundError: 'There is no screen or window to choose from.',
  NotReadableError:
    'The system does not let the browser read it. On macOS: System Settings, Screen Recording.',
  OverconstrainedError: 'What was chosen cannot be brought to what was asked for.',
  AbortError: 'The capture did not start.',
  TypeError:
    'The options were refused: min, exact, advanced and video: false are not possible. Or this browser, like those of phones, has no getDisplayMedia().',
};

/** One sentence on why nothing is shared, with the browser's own words. */
export function refusalWords(error: unknown): string {
  const { name, message } = error as { name?: string; message?: string };
  const meaning = meanings[name ?? ''] ?? 'Nothing is shared.';
  return `${meaning} (${[name, message].filter(Boolean).join(': ') || String(error)})`;
}
