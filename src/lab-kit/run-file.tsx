import { useSignal } from '@preact/signals';
import { fileName, toText } from '../rtc/recording/save.ts';
import { download } from './download.ts';
import { layDown } from './handoff.ts';
import type { LabView } from './view.ts';
import './run-file.css';

/** Keeps a run: as a file, in the replay, or sent to somebody. Says what came of it in its own words. */
export function RunFile({ view }: { view: Pick<LabView, 'entries' | 'record'> }) {
  const said = useSignal('');
  const isEmpty = view.entries.value.list.length === 0;
  const take = () => {
    const recording = view.record();
    return { name: fileName(recording), text: toText(recording) };
  };

  const save = () => {
    const { name, text } = take();
    download(fileOf(name, text));
    said.value = `Saved as ${name}`;
  };
  const share = async () => {
    const { name, text } = take();
    try {
      await navigator.share({ files: [fileOf(name, text)], title: name });
    } catch (error) {
      // Closing the system's own window is an answer, not an error.
      if (error instanceof Error && error.name !== 'AbortError') save();
    }
  };
  const replay = async () => {
    const { name, text } = take();
    try {
      const key = await layDown(text, name);
      const address = `/replay/#run=${key}`;
      const tab = window.open(address, '_blank');
      said.value = tab
        ? 'Opened in another tab'
        : 'The browser blocked the new tab. Allow it, or save the run and open the file.';
    } catch {
      download(fileOf(name, text));
      said.value = `This browser allows no storage, so the run was saved as ${name}: open that file in the replay.`;
    }
  };

  return (
    <div class="run-file" role="group" aria-label="Keep this run">
      <button
        type="button"
        class="lab-button"
        disabled={isEmpty}
        onClick={save}
        title="One JSON file with everything recorded"
      >
        Save run
      </button>
      <button
        type="button"
        class="lab-button"
        disabled={isEmpty}
        onClick={() => void replay()}
        title="In a new tab, with a scrubber"
      >
        Open in replay
      </button>
      {canShareFiles() && (
        <button type="button" class="lab-button" disabled={isEmpty} onClick={() => void share()}>
          Share
        </button>
      )}
      <span class="run-file-said" role="status">
        {said.value}
      </span>
    </div>
  );
}

const fileOf = (name: string, text: string): File => new File([text], name, { type: 'application/json' });

/** Whether this browser hands files to the system's sharing; not while the page is being built. */
function canShareFiles(): boolean {
  if (typeof navigator === 'undefined' || !('canShare' in navigator)) return false;
  return navigator.canShare({ files: [fileOf('run.json', '{}')] });
}
