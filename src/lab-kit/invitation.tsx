import { useSignal, useSignalEffect } from '@preact/signals';
import { renderSVG } from 'uqr';
import { copyText } from './copy-text.ts';
import { JoinForm } from './join-form.tsx';
import { readReach, type Reach } from './reach.ts';
import type { LabSession } from './session.ts';

/** The link to the other side of a call: to open here, to copy, or to point a phone at. */
export function Invitation({ session }: { session: LabSession }) {
  const copied = useSignal(false);
  const reach = useSignal<Reach | null>(null);
  useSignalEffect(() => {
    if (session.arrangement.value !== 'two-devices') return;
    void readReach().then((found) => (reach.value = found));
  });
  const toDevice = session.arrangement.value === 'two-devices';
  const link = toDevice ? reachable(session.link.value, reach.value) : session.link.value;
  // Where it cannot be copied the field is there to copy from by hand.
  const copy = async () => {
    copied.value = await copyText(link);
  };
  return (
    <div class="lab-invitation">
      <div>
        <p>
          {session.state.value === 'running'
            ? 'Both sides are here. Reload the other one, close it, or stop the server: the record shows what happens.'
            : toDevice && session.code.value === null
              ? 'Join the call to get a code, and open this link on the other side. The one who comes later makes the offer.'
              : 'Open this link on the other side. The one who comes later makes the offer.'}
        </p>
        <p class="lab-link">
          <input
            type="text"
            readOnly
            value={link}
            aria-label="Link for the other side"
            onFocus={(event) => event.currentTarget.select()}
          />
          <button type="button" class="lab-button" onClick={() => void copy()}>
            {copied.value ? 'Copied' : 'Copy'}
          </button>
          <a href={link} target="_blank" rel="noopener">
            Open in a new tab
          </a>
        </p>
        {toDevice && session.code.value && (
          <p class="lab-room-code">
            <span>
              or type this code at <b>{new URL('/join', link).href.replace(/^https?:\/\//, '')}</b>
            </span>
            <strong
              data-code={session.code.value}
              aria-label={`Room code: ${session.code.value.split('').join(' ')}`}
            >
              <span aria-hidden="true">{session.code.value.slice(0, 3)}</span>
              <span aria-hidden="true">{session.code.value.slice(3)}</span>
            </strong>
          </p>
        )}
        {toDevice && session.state.value !== 'running' && session.state.value !== 'waiting' && (
          <details class="lab-join">
            <summary>Have a code?</summary>
            <JoinForm />
          </details>
        )}
        <p class="lab-hint">
          {toDevice
            ? 'The signaling server carries the messages between the two pages.'
            : 'The two tabs of this browser talk over a BroadcastChannel: no server takes part.'}
        </p>
        {toDevice && reach.value?.reach === 'loopback' && (
          <p class="lab-hint">
            The server listens on this computer only. For another device start it with{' '}
            <code>HOST=0.0.0.0 npm start</code>.
          </p>
        )}
      </div>
      {toDevice && reach.value?.reach === 'network' && <Qr text={link} />}
    </div>
  );
}

/** A link to point a phone at. */
export function Qr({ text }: { text: string }) {
  // Drawn by the library from the link alone: letters, digits and URL signs that we put there.
  const image = `data:image/svg+xml,${encodeURIComponent(renderSVG(text, { border: 2 }))}`;
  return <img class="lab-qr" src={image} width="132" height="132" alt="The same link as a QR code" />;
}

/** The link under an address that other devices reach; `localhost` means something else to each of them. */
export function reachable(link: string, reach: Reach | null): string {
  const here = new URL(link);
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(here.hostname);
  const origin = isLocal ? reach?.origins[0] : undefined;
  return origin ? `${origin}${here.pathname}${here.search}` : link;
}
