import { useSignal } from '@preact/signals';
import { FileButton } from './open-file.tsx';
import type { ReplaySession } from './session.ts';

/** Before a file: what can be opened here, and where such a file comes from. */
export function Welcome({ session }: { session: ReplaySession }) {
  const pasted = useSignal('');
  return (
    <div class="replay-welcome">
      <section class="replay-drop" aria-labelledby="replay-open">
        <h2 id="replay-open">Open a recorded run</h2>
        <p>
          Go through a call entry by entry, forwards and backwards: every message, description, candidate and
          state as it was. Two files are shown side by side.
        </p>
        <p class="replay-actions">
          <FileButton session={session} place="a" label="Choose a file" isMain />
          <button type="button" class="replay-button" data-sample onClick={() => void session.openSample()}>
            Open the sample
          </button>
        </p>
        <p class="replay-hint">
          Or drop a file anywhere on this page. It is read here, in your browser, and sent nowhere.
        </p>
        <details>
          <summary>Paste its text instead</summary>
          <label>
            Text of the file
            <textarea
              rows={5}
              spellcheck={false}
              value={pasted.value}
              onInput={(event) => (pasted.value = event.currentTarget.value)}
            />
          </label>
          <button
            type="button"
            class="replay-button"
            disabled={pasted.value.trim() === ''}
            onClick={() => void session.openText(pasted.value)}
          >
            Open the text
          </button>
        </details>
      </section>

      <section aria-labelledby="replay-kinds">
        <h2 id="replay-kinds">What can be opened</h2>
        <dl class="replay-kinds">
          <div>
            <dt>A run of a lab</dt>
            <dd>
              <strong>Save run</strong> in any <a href="/labs/">lab</a> gives a <code>.peerscope.json</code>{' '}
              file; <strong>Open in replay</strong> brings the run here at once.
            </dd>
          </div>
          <div>
            <dt>A dump of Chromium</dt>
            <dd>
              Open <code>chrome://webrtc-internals</code> in a tab of its own before the call, in Chrome, Edge
              or any other Chromium. During the call choose <strong>Create a WebRTC-Internals dump</strong>{' '}
              there and download it. It holds every connection of that browser.
            </dd>
          </div>
          <div>
            <dt>A dump of rtcstats</dt>
            <dd>
              What <code>rtcstats.js</code> collects in a page of any browser, as its server keeps it. Packed
              with gzip is fine.
            </dd>
          </div>
        </dl>
      </section>
    </div>
  );
}
