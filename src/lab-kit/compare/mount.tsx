import '../../rtc/signaling/no-eval.ts';
import { effect, signal, type ReadonlySignal } from '@preact/signals';
import { render } from 'preact';
import { toRtcError } from '../../rtc/errors.ts';
import { paceModes } from '../../rtc/pace.ts';
import { CompareApp } from './app.tsx';
import { thirdColumns } from './column-words.ts';
import type { CodeHtml } from './column-view.tsx';
import { CompareSession } from './session.ts';

/** Brings the comparison to life that was rendered as plain HTML. Gives back its session. */
export async function mountCompare(place: HTMLElement): Promise<CompareSession> {
  const session = await CompareSession.open(new URLSearchParams(location.search)).catch((error: unknown) => {
    place.prepend(failure(error));
    throw error;
  });
  chooseAsSet(place, session);
  const code = signal<CodeHtml>({});
  await fetchCode(session.task.value.id).then((files) => (code.value = files));
  effect(() => {
    const { id } = session.task.value;
    if (!(`${id}/raw.ts` in code.peek()))
      void fetchCode(id).then((files) => (code.value = { ...code.peek(), ...files }));
  });
  addEventListener('pagehide', () => session.stop());
  render(<Live session={session} code={code} />, place);
  return session;
}

const Live = ({ session, code }: { session: CompareSession; code: ReadonlySignal<CodeHtml> }) => (
  <CompareApp stage={session} code={code.value} />
);

/** The files of a task as the build highlighted them. Without them the page shows their plain text. */
async function fetchCode(task: string): Promise<CodeHtml> {
  try {
    const response = await fetch(`/compare/${task}.json`);
    return response.ok ? ((await response.json()) as CodeHtml) : {};
  } catch {
    return {};
  }
}

/** Choices that were made while the code was on its way. */
function chooseAsSet(place: HTMLElement, session: CompareSession): void {
  for (const { name, value, selectedOptions } of place.querySelectorAll('select')) {
    if (selectedOptions[0]?.defaultSelected !== false) continue;
    if (name === 'task') session.chooseTask(value);
    else if (name === 'third') session.chooseThird(thirdColumns.find((third) => third === value) ?? null);
    else if (name === 'source') session.chooseMedia(value);
  }
  const pace = place.querySelector<HTMLInputElement>('.compare-pace input:checked');
  if (pace && !pace.defaultChecked)
    session.choosePace(paceModes.find((mode) => mode === pace.value) ?? 'run');
}

function failure(thrown: unknown): HTMLElement {
  const { what, next } = toRtcError(thrown).help;
  const note = document.createElement('p');
  note.className = 'lab-error';
  note.role = 'alert';
  note.textContent = `${what} ${next}`;
  return note;
}
