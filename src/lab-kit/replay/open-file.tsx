import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId } from 'preact/hooks';
import type { Place, ReplaySession } from './session.ts';

interface Props {
  readonly session: ReplaySession;
  readonly children: ComponentChildren;
}

/** Takes files that are dropped anywhere on the page, and what is pasted outside of a field. */
export function OpenFile({ session, children }: Props) {
  const isOver = useSignal(false);

  useEffect(() => {
    const paste = ({ target, clipboardData }: ClipboardEvent) => {
      if (target instanceof Element && target.closest('input, textarea')) return;
      const [file] = clipboardData?.files ?? [];
      const text = clipboardData?.getData('text') ?? '';
      if (file) void session.open(file, file.name);
      else if (text.trim() !== '') void session.openText(text);
    };
    document.addEventListener('paste', paste);
    return () => document.removeEventListener('paste', paste);
  }, [session]);

  const over = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    isOver.value = true;
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    isOver.value = false;
    const files = [...(event.dataTransfer?.files ?? [])];
    void openFiles(session, files, 'a');
  };
  return (
    // Dropping is a shortcut for the buttons inside, which the keyboard reaches.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      class="lab replay"
      data-size="full"
      data-over={isOver.value || undefined}
      onDragOver={over}
      onDragLeave={(event) => {
        if (event.target === event.currentTarget) isOver.value = false;
      }}
      onDrop={drop}
    >
      {children}
    </div>
  );
}

/** One file goes to its place; of two the second is compared with the first. */
export async function openFiles(session: ReplaySession, files: readonly File[], place: Place): Promise<void> {
  const [first, second] = files;
  if (first) await session.open(first, first.name, place);
  if (second && place === 'a' && session.problem.value === null) await session.open(second, second.name, 'b');
}

interface ButtonProps {
  readonly session: ReplaySession;
  readonly place: Place;
  readonly label: string;
  readonly isMain?: boolean;
}

/** The browser's own file choice, behind a button that looks like ours. */
export function FileButton({ session, place, label, isMain = false }: ButtonProps) {
  const id = useId();
  return (
    <span class="replay-file" data-main={isMain || undefined}>
      <input
        id={id}
        type="file"
        multiple={place === 'a'}
        accept=".json,.jsonl,.gz,.txt,application/json,application/gzip,text/plain"
        onChange={(event) => {
          const input = event.currentTarget;
          const files = [...(input.files ?? [])];
          input.value = ''; // the same file can be chosen again
          void openFiles(session, files, place);
        }}
      />
      <label for={id}>{label}</label>
    </span>
  );
}
