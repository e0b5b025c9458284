import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { Segments } from '../panels/parts.tsx';
import { Results } from './results.tsx';
import type { CheckSession, Source } from './session.ts';
import '../app.css';
import '../panels/panel.css';
import './check.css';

interface Props {
  readonly session: CheckSession;
  /** Whether the code is there; before, the page is what the build wrote. */
  readonly isAlive: boolean;
}

/** The check: what to test on one side, what came of it on the other. */
export function CheckApp({ session, isAlive }: Props) {
  const { state, progress, observations, failure } = session;
  return (
    <div class="check" data-state={state.value}>
      <Form session={session} isAlive={isAlive} />
      <div class="check-out">
        <p class="check-progress" role="status">
          {progress.value}
        </p>
        {failure.value !== null && (
          <div class="lab-error" role="alert">
            <p>
              <strong>The check could not be made.</strong> {failure.value}
            </p>
          </div>
        )}
        {state.value === 'running' && <Running session={session} />}
        {state.value !== 'running' && observations.value && (
          <Results session={session} observations={observations.value} />
        )}
        {state.value === 'idle' && !observations.value && <Welcome />}
      </div>
    </div>
  );
}

function Form({ session, isAlive }: Props) {
  const { source, servers, username, credential, problems, notes, state } = session;
  const isRunning = state.value === 'running';
  const submit = (event: JSX.TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isRunning) return session.stop();
    void session.start();
    // On a phone what comes of it stands below the form.
    if (session.problems.value.length === 0)
      event.currentTarget.nextElementSibling?.scrollIntoView({ block: 'nearest' });
  };
  return (
    // The inputs have no name: a form that is sent before its code is there sends nothing of them.
    <form class="check-form" onSubmit={submit} autoComplete="off">
      <h2>Which server?</h2>
      <Segments<Source>
        label="Whose server is tested"
        options={[
          ['own', 'This playground’s own'],
          ['given', 'Another one'],
        ]}
        value={source.value}
        onChange={(value) => (source.value = value)}
      />
      {source.value === 'own' ? (
        <p class="check-hint">
          The STUN and TURN server that came with this site, over UDP, TCP and, with <code>HTTPS=on</code>,
          TLS. It makes a user name and a credential for this check, which end by themselves.
        </p>
      ) : (
        <div class="check-fields">
          <label>
            <span>URLs, one on a line, or a pasted iceServers list</span>
            <textarea
              rows={5}
              data-field="servers"
              spellcheck={false}
              autoCapitalize="off"
              placeholder={
                'stun:turn.example.org\nturn:turn.example.org?transport=udp\nturn:turn.example.org?transport=tcp'
              }
              value={servers.value}
              aria-invalid={problems.value.length > 0}
              aria-describedby="check-problems"
              onInput={(event) => (servers.value = event.currentTarget.value)}
            />
          </label>
          <label>
            <span>User name</span>
            <input
              data-field="username"
              spellcheck={false}
              autoCapitalize="off"
              autoComplete="off"
              value={username.value}
              onInput={(event) => (username.value = event.currentTarget.value)}
            />
          </label>
          <Credential session={session} value={credential.value} />
          <p class="check-hint">
            STUN needs neither. Both stay in this page: they go to the server as TURN sends them, and into no
            address, log, report or recording.
          </p>
        </div>
      )}
      <ul id="check-problems" class="check-problems" role="alert">
        {problems.value.map(({ about, text, suggestion }) => (
          <li key={`${about} ${text}`}>
            <code>{about}</code> {text}
            {suggestion !== undefined && servers.value.includes(about) && (
              <button
                type="button"
                onClick={() => {
                  servers.value = servers.value.replace(about, () => suggestion);
                  problems.value = problems.value.filter((problem) => problem.about !== about);
                }}
              >
                Write {suggestion}
              </button>
            )}
          </li>
        ))}
      </ul>
      {notes.value.length > 0 && (
        <ul class="check-notes" role="status">
          {notes.value.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <button
        type="submit"
        class="lab-run check-start"
        data-busy={isRunning || undefined}
        disabled={!isAlive}
      >
        {isRunning ? 'Stop' : 'Check'}
      </button>
    </form>
  );
}

function Credential({ session, value }: { readonly session: CheckSession; readonly value: string }) {
  const isShown = useSignal(false);
  return (
    <div class="check-secret">
      <label>
        <span>Credential</span>
        <input
          type={isShown.value ? 'text' : 'password'}
          data-field="credential"
          spellcheck={false}
          autoCapitalize="off"
          autoComplete="off"
          value={value}
          onInput={(event) => (session.credential.value = event.currentTarget.value)}
        />
      </label>
      <button
        type="button"
        class="lab-button"
        aria-pressed={isShown.value}
        onClick={() => (isShown.value = !isShown.value)}
      >
        {isShown.value ? 'Hide' : 'Show'}
      </button>
    </div>
  );
}

/** What is being tested, URL by URL. */
function Running({ session }: { readonly session: CheckSession }) {
  const words = {
    gathering: 'asking …',
    waiting: 'lent an address; its call comes next',
    calling: 'calling through it …',
    'calling again': 'nothing passed; trying with one side only …',
    done: 'done',
  } as const;
  return (
    <ol class="check-running">
      {session.tested.value.map(({ url }, index) => {
        const row = session.rows.value[index] ?? 'gathering';
        return (
          <li key={`${url} ${index}`} data-row={row}>
            <code>{url}</code> <span>{words[row]}</span>
          </li>
        );
      })}
    </ol>
  );
}

/** Before the first check: what it will do, in its order. */
function Welcome() {
  return (
    <div class="check-welcome">
      <h2>Does your relay relay?</h2>
      <p>
        A list of candidates shows that a server lends an address. It does not show that anything passes. This
        page makes the call.
      </p>
      <ol>
        <li>
          <strong>It asks each URL alone,</strong> so that every candidate and every error belongs to one
          server, and stops waiting after six seconds. A browser waits up to forty.
        </li>
        <li>
          <strong>It calls itself through each relay,</strong> with <code>iceTransportPolicy: 'relay'</code>{' '}
          at both ends, over UDP, TCP and TLS, and moves bytes.
        </li>
        <li>
          <strong>It measures</strong> the round trip beside a direct one, what is lost of messages that are
          sent once, and how much passes.
        </li>
        <li>
          <strong>It says in sentences</strong> what works, what does not, what to do about it, and what to
          write in the configuration.
        </li>
      </ol>
      <p class="check-hint">
        Nobody but the given servers is asked. How the verdict is reached is no secret:{' '}
        <a href="/lessons/connectivity/server-tester/">lesson 3.6</a> lets you judge recorded cases by the
        same rules.
      </p>
    </div>
  );
}
