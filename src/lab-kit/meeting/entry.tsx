import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { randomId } from '../../rtc/signaling/rendezvous.ts';
import { Qr } from '../invitation.tsx';
import { meetingLink, readMeetingId } from './address.ts';
import { ShareLink, useLink } from './share.tsx';

/** The page without a meeting: a new one, with its link, or one that is typed. */
export function Entry({ problem }: { readonly problem: string | null }) {
  const mid = useMemo(randomId, []);
  const { link, reach } = useLink(mid);
  return (
    <div class="meet-entry">
      {problem !== null && (
        <p class="meet-problem" role="alert">
          <strong>This link leads to no meeting.</strong> {problem} A new meeting is ready for you here.
        </p>
      )}
      <section aria-labelledby="meet-new">
        <h2 id="meet-new">A new meeting</h2>
        <p>
          Whoever opens this link meets the others there: picture and sound go straight from each to each, and
          you can look into every one of these connections while they run.
        </p>
        <ShareLink link={link} />
        {reach?.reach === 'loopback' && (
          <p class="meet-hint">
            The server listens on this computer only. For another device start it with{' '}
            <code>HOST=0.0.0.0 npm start</code>; phones want <code>HTTPS=on</code> too, for their camera.
          </p>
        )}
        <p>
          <a class="meet-primary" href={meetingLink(location.origin, mid)}>
            Join this meeting
          </a>
        </p>
      </section>
      {reach?.reach !== 'loopback' && (
        <div class="meet-qr">
          <Qr text={link} />
          <p class="meet-hint">For a phone</p>
        </div>
      )}
      <JoinOther />
    </div>
  );
}

/** A place for the id or the link that somebody else has sent. */
function JoinOther() {
  const problem = useSignal('');
  const submit = (event: Event) => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const typed = new FormData(event.currentTarget).get('mid');
    const read = readMeetingId(typeof typed === 'string' ? typed : '');
    if ('problem' in read) problem.value = read.problem;
    else location.assign(meetingLink(location.origin, read.value));
  };
  return (
    <form class="meet-other" onSubmit={submit} noValidate>
      <h2>Invited by somebody else?</h2>
      <label class="meet-field">
        <span>Id or link of the meeting</span>
        <input
          name="mid"
          autoComplete="off"
          autoCapitalize="off"
          spellcheck={false}
          aria-describedby="meet-other-problem"
          aria-invalid={problem.value !== ''}
        />
      </label>
      <button type="submit" class="meet-small">
        Go there
      </button>
      <p id="meet-other-problem" class="meet-problem" role="alert">
        {problem.value}
      </p>
    </form>
  );
}
