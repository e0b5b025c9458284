import { useSignal } from '@preact/signals';
import './join-form.css';

/** A place to type a room code: it leads to the call that somebody reads it from. */
export function JoinForm({ code = '' }: { readonly code?: string }) {
  const problem = useSignal('');
  const busy = useSignal(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement) || busy.value) return;
    const typed = new FormData(event.currentTarget).get('code');
    busy.value = true;
    problem.value = '';
    const { findByCode } = await import('./join.ts');
    const found = await findByCode(typeof typed === 'string' ? typed : '', location.origin, async (path) =>
      (await fetch(path)).json(),
    );
    busy.value = false;
    if ('href' in found) location.assign(found.href);
    else problem.value = found.problem;
  };
  return (
    <form class="join-form" onSubmit={(event) => void submit(event)}>
      <label>
        <span>Room code</span>
        <input
          name="code"
          defaultValue={code}
          placeholder="K7M 2QX"
          maxLength={12}
          required
          autoComplete="off"
          autoCapitalize="characters"
          spellcheck={false}
          aria-describedby="join-problem"
          aria-invalid={problem.value !== ''}
        />
      </label>
      <button type="submit" aria-disabled={busy.value}>
        Join
      </button>
      <p id="join-problem" role="alert">
        {problem.value}
      </p>
    </form>
  );
}
