import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { directLimits } from '../../../protocol/direct.ts';
import { limits } from '../../../protocol/signaling.ts';
import type { Said } from '../../../rtc/meeting/chat.ts';
import type { Transfer } from '../../../rtc/meeting/files/transfer.ts';
import type { MeetingSession } from '../session.ts';
import { withLinks } from './links.ts';
import { peopleOf, type People } from './people.ts';
import { TransferRow } from './transfer-row.tsx';
import { usePaths } from './use-paths.ts';
import { messagePath, sizeWords } from './words.ts';
import './people.css';

/** So near to its end a list counts as being at its end. CSS pixels. */
const NEAR = 48;
/** From here on it is said how much room is left. */
const COUNTED_FROM = limits.chatLength - 200;

type Item = { readonly said: Said } | { readonly transfer: Transfer };

/** The chat of a meeting, with the files that are offered in it. */
export function ChatPanel({ session }: { readonly session: MeetingSession }) {
  const people = peopleOf(session);
  const paths = usePaths(session);
  const list = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const missed = useSignal(0);
  const items = inOrder(people.messages.value, people.transfers.value);
  const seen = useRef(items.length);
  const toEnd = () => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
    missed.value = 0;
  };
  // Whoever reads further up stays there, and is told that there is more below.
  useLayoutEffect(() => {
    const more = items.length - seen.current;
    seen.current = items.length;
    if (isAtEnd.current) toEnd();
    else if (more > 0) missed.value += more;
  }, [items.length]);
  const onScroll = () => {
    const { current } = list;
    if (!current) return;
    isAtEnd.current = current.scrollHeight - current.scrollTop - current.clientHeight < NEAR;
    if (isAtEnd.current) missed.value = 0;
  };
  return (
    <div class="people-chat">
      <div
        ref={list}
        class="people-log"
        role="log"
        aria-label="Messages"
        // A list that scrolls has to be reached by the keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onScroll={onScroll}
      >
        {items.length === 0 && (
          <p class="people-empty">
            Nothing has been said. Messages go straight to everybody whom a data channel reaches, and to the
            server, which keeps the last {limits.chatHistory} for those who come later.
          </p>
        )}
        {items.map((item) =>
          'said' in item ? (
            <Message key={item.said.key} said={item.said} people={people} />
          ) : (
            <TransferRow
              key={item.transfer.key}
              transfer={item.transfer}
              people={people}
              path={paths.value.get(item.transfer.peer)}
            />
          ),
        )}
      </div>
      <div class="people-more">
        {missed.value > 0 && (
          <button type="button" class="meet-small" onClick={toEnd}>
            {missed.value === 1 ? '1 new message below' : `${missed.value} new messages below`}
          </button>
        )}
      </div>
      <Composer session={session} people={people} onSent={() => (isAtEnd.current = true)} />
    </div>
  );
}

function Message({ said, people }: { readonly said: Said; readonly people: People }) {
  const { name, text, atMs, sending, key } = said;
  const { text: path, title } = messagePath(said);
  const hasFailed = sending?.is === 'failed';
  return (
    <article
      class="people-message"
      data-own={sending !== undefined}
      data-path={said.path}
      data-failed={hasFailed}
    >
      <header>
        <bdi class="people-name">{sending ? 'You' : name}</bdi>
        <time dateTime={new Date(atMs).toISOString()}>{clock.format(atMs)}</time>
      </header>
      <p class="people-text" dir="auto">
        {withLinks(text).map((piece, index) =>
          typeof piece === 'string' ? (
            piece
          ) : (
            <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer">
              {piece.href}
            </a>
          ),
        )}
      </p>
      <footer aria-live="off">
        <span class="people-path" title={title}>
          {path}
        </span>
        {hasFailed && (
          <button type="button" class="people-inline" onClick={() => people.chat.value?.again(key)}>
            Send again
          </button>
        )}
      </footer>
    </article>
  );
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

interface ComposerProps {
  readonly session: MeetingSession;
  readonly people: People;
  readonly onSent: () => void;
}

/** Where a message is written, and a file is chosen. */
function Composer({ session, people, onSent }: ComposerProps) {
  const text = useSignal('');
  const problem = useSignal('');
  const to = useSignal('');
  const field = useRef<HTMLTextAreaElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  const length = text.value.trim().length;
  const isTooLong = length > limits.chatLength;
  const others = session.people.value.filter(({ member }) => !member.bot);
  const send = () => {
    if (length === 0) return;
    if (isTooLong) {
      problem.value = `A message has ${limits.chatLength} characters at most: this one has ${length}.`;
      return;
    }
    onSent();
    void people.attempt(() => people.chat.value?.say(text.value));
    text.value = '';
    problem.value = '';
  };
  // Whoever was chosen may have left.
  const receiver = others.find(({ peer }) => peer === to.value)?.peer;
  const offer = (files: readonly File[]) => {
    const receivers = receiver ? [receiver] : others.map(({ peer }) => peer);
    problem.value =
      receivers.length === 0 && files.length > 0
        ? 'Nobody is here who could take a file: invite somebody first.'
        : '';
    for (const file of files) {
      if (file.size > directLimits.fileBytes)
        problem.value = `${file.name} has ${sizeWords(file.size)}: ${sizeWords(directLimits.fileBytes)} is the most that can be sent.`;
      else if (receivers.length > 0) {
        onSent();
        people.files.value?.offer(file, receivers);
      }
    }
  };
  return (
    // A file may be dropped here as well; the button does the same.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form
      class="people-composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        offer([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <textarea
        aria-label="Message to everybody"
        ref={field}
        rows={2}
        placeholder="Message to everybody"
        value={text.value}
        aria-describedby="people-problem"
        aria-invalid={isTooLong}
        onInput={({ currentTarget }) => (text.value = currentTarget.value)}
        onKeyDown={(event) => {
          // Enter that ends a composition (Japanese, Chinese) is not for sending.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <p id="people-problem" class="people-problem" role="alert">
        {problem.value}
      </p>
      <div class="people-send">
        <input
          ref={chooser}
          type="file"
          multiple
          hidden
          onChange={({ currentTarget }) => {
            offer([...(currentTarget.files ?? [])]);
            currentTarget.value = '';
          }}
        />
        <button
          type="button"
          class="meet-small"
          title="It goes from this page to theirs; each of them decides whether to take it"
          onClick={() => chooser.current?.click()}
        >
          Send a file …
        </button>
        {others.length > 1 && (
          <select
            aria-label="Who is offered the file"
            value={receiver ?? ''}
            onChange={({ currentTarget }) => (to.value = currentTarget.value)}
          >
            <option value="">to all</option>
            {others.map(({ peer, member }) => (
              <option key={peer} value={peer}>
                to {member.name}
              </option>
            ))}
          </select>
        )}
        <span class="people-count" role="status">
          {length > COUNTED_FROM && `${length} of ${limits.chatLength}`}
        </span>
        <button type="submit" class="meet-small people-primary" aria-disabled={length === 0 || isTooLong}>
          Send
        </button>
      </div>
    </form>
  );
}

/** Messages as they came, and each file before the first message that is younger. */
function inOrder(messages: readonly Said[], transfers: readonly Transfer[]): readonly Item[] {
  const items: Item[] = [];
  const waiting = [...transfers];
  for (const said of messages) {
    // The history has the server's clock.
    while (said.path !== 'history' && waiting[0] && waiting[0].atMs <= said.atMs)
      items.push({ transfer: waiting.shift()! });
    items.push({ said });
  }
  return [...items, ...waiting.map((transfer) => ({ transfer }))];
}
