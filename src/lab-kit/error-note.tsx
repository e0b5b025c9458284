import type { RtcError } from '../rtc/errors.ts';

/** An error as a lesson: what happened, what to do, what the browser said, and where it is taught. */
export function ErrorNote({ error, onClose }: { error: RtcError; onClose: () => void }) {
  const { what, next, lesson } = error.help;
  return (
    <div class="lab-error" role="alert" data-code={error.code}>
      <p>
        <strong>{what}</strong> {next}
      </p>
      {error.message !== what && <p class="lab-error-detail">{error.message}</p>}
      <p class="lab-error-actions">
        {lesson && <a href={lesson}>The lesson about this</a>}
        <button type="button" onClick={onClose}>
          Close this message
        </button>
      </p>
    </div>
  );
}
