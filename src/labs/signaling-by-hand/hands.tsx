import { useSignal } from '@preact/signals';
import { copyText } from '../../lab-kit/copy-text.ts';
import type { PanelProps } from '../../lab-kit/view.ts';
import { toRtcError } from '../../rtc/errors.ts';
import type { Entry, PeerLabel } from '../../rtc/timeline.ts';
import { HandCarrier, type Letter } from './hand.ts';
import './hands.css';

/** One desk for each peer of this page: what it wants carried away, and a box for what is brought. */
export function Hands({ view }: PanelProps) {
  const carrier = view.bench.value?.carrier;
  const [offerer = 'alice', answerer = 'bob'] = view.peers.value;
  const hosted = view.hosted.value.length > 0 ? view.hosted.value : [offerer, answerer];
  const { list } = view.entries.value;
  return (
    <div class="hands">
      {hosted.map((peer) => (
        <Desk
          key={peer}
          peer={peer}
          other={peer === offerer ? answerer : offerer}
          offers={peer === offerer}
          carrier={carrier instanceof HandCarrier ? carrier : undefined}
          heard={heardBy(peer, list)}
        />
      ))}
    </div>
  );
}

function heardBy(peer: PeerLabel, entries: readonly Entry[]): string | undefined {
  const heard = entries.findLast(
    (entry) => entry.peer === peer && entry.kind === 'data-message' && entry.side === 'received',
  );
  return heard?.kind === 'data-message' ? heard.preview : undefined;
}

interface DeskProps {
  readonly peer: PeerLabel;
  readonly other: PeerLabel;
  readonly offers: boolean;
  readonly carrier: HandCarrier | undefined;
  readonly heard: string | undefined;
}

function Desk({ peer, other, offers, carrier, heard }: DeskProps) {
  const letter = carrier?.outbox.value.find(({ from }) => from === peer);
  return (
    <section class={`desk desk-${offers ? 'offerer' : 'answerer'}`} aria-label={`${peer}’s desk`}>
      <h2>
        {peer} <small>{offers ? 'makes the offer' : 'answers'}</small>
      </h2>
      {offers ? (
        <>
          <Outbox step={1} letter={letter} other={other} words="offer" />
          <Inbox
            step={4}
            peer={peer}
            other={other}
            wanted="answer"
            carrier={carrier}
            ready={letter !== undefined}
          />
        </>
      ) : (
        <>
          <Inbox
            step={2}
            peer={peer}
            other={other}
            wanted="offer"
            carrier={carrier}
            ready={carrier !== undefined}
          />
          <Outbox step={3} letter={letter} other={other} words="answer" />
        </>
      )}
      <p class="desk-heard" role="status">
        {heard && `${peer} received over the channel: ${heard}`}
      </p>
    </section>
  );
}

function Outbox({
  step,
  letter,
  other,
  words,
}: {
  step: number;
  letter: Letter | undefined;
  other: string;
  words: string;
}) {
  const copied = useSignal(false);
  const copy = async () => {
    // Where there is no clipboard the text can be selected by hand.
    if (letter) copied.value = await copyText(letter.text);
  };
  const id = `hand-out-${words}`;
  return (
    <div class="desk-step">
      <label for={id}>
        <b>{step}</b> Copy this {words} and carry it to {other}
      </label>
      <textarea
        id={id}
        readOnly
        rows={3}
        value={letter?.text ?? ''}
        placeholder={`The ${words} appears here when all candidates are found.`}
        onFocus={(event) => event.currentTarget.select()}
      />
      <button type="button" disabled={!letter} onClick={() => void copy()}>
        {copied.value ? 'Copied' : `Copy the ${words}`}
      </button>
    </div>
  );
}

interface InboxProps {
  readonly step: number;
  readonly peer: PeerLabel;
  readonly other: PeerLabel;
  readonly wanted: 'offer' | 'answer';
  readonly carrier: HandCarrier | undefined;
  readonly ready: boolean;
}

function Inbox({ step, peer, other, wanted, carrier, ready }: InboxProps) {
  const problem = useSignal('');
  const done = useSignal<HandCarrier | undefined>(undefined);
  const handOver = (form: HTMLFormElement) => {
    const text = new FormData(form).get('text');
    try {
      carrier?.handOver(peer, other, typeof text === 'string' ? text : '', wanted);
      problem.value = '';
      done.value = carrier;
    } catch (error) {
      problem.value = toRtcError(error).message; // the pasted text stays where it is
    }
  };
  const id = `hand-in-${wanted}`;
  const isDone = carrier !== undefined && done.value === carrier;
  return (
    <form
      class="desk-step"
      onSubmit={(event) => {
        event.preventDefault();
        handOver(event.currentTarget);
      }}
    >
      <label for={id}>
        <b>{step}</b> Paste {other}’s {wanted} here
      </label>
      <textarea
        id={id}
        name="text"
        rows={3}
        spellcheck={false}
        disabled={!ready}
        aria-describedby={`${id}-problem`}
        aria-invalid={problem.value !== ''}
      />
      <button type="submit" disabled={!ready || isDone}>
        {isDone ? `${peer} has the ${wanted}` : `Give it to ${peer}`}
      </button>
      <p class="desk-problem" id={`${id}-problem`} role="alert">
        {problem.value}
      </p>
    </form>
  );
}
