import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { endAt } from '../../lab-kit/panels/model/fold.ts';
import { PeerName } from '../../lab-kit/panels/peer.tsx';
import type { PanelProps } from '../../lab-kit/view.ts';
import type { Entry, PeerLabel } from '../../rtc/timeline.ts';
import { tryServer, type Tried } from './tries.ts';
import { fingerprintsOf, safetyWords } from './words.ts';
import './security.css';

const callers = ['alice', 'bob'] as const;

/** What one caller knows: her own description, the one that she was given, and how her connection is. */
interface Known {
  local: string;
  remote: string;
  state: RTCPeerConnectionState;
}

function knownBy(peer: PeerLabel, entries: readonly Entry[]): Known {
  const known: Known = { local: '', remote: '', state: 'new' };
  for (const entry of entries) {
    if (entry.peer !== peer) continue;
    if (entry.kind === 'description') known[entry.side] = entry.sdp;
    if (entry.kind === 'connection-state') known.state = entry.state;
  }
  return known;
}

/** The words that each caller would read to the other, and what our own server makes of people who cheat. */
export function Security({ view }: PanelProps) {
  const { list } = view.entries.value;
  const entries = list.slice(0, endAt(list, view.focus.value));
  const known = callers.map((peer) => knownBy(peer, entries));
  const words = [useWords(known[0]), useWords(known[1])];
  const peers = view.peers.value;
  const verdict = verdictOf(known, words);
  return (
    <section class="ps-panel security" aria-label="Who is there?">
      <h2>Four words, read aloud</h2>
      <div class="security-ends">
        {callers.map((peer, index) => (
          <End key={peer} peer={peer} peers={peers} known={known[index]} words={words[index]} />
        ))}
      </div>
      <p class="security-verdict" data-is={verdict.is} role="status">
        {verdict.text}
      </p>
      <Tries />
    </section>
  );
}

function End({
  peer,
  peers,
  known,
  words,
}: {
  peer: PeerLabel;
  peers: readonly PeerLabel[];
  known: Known | undefined;
  words: readonly string[] | undefined;
}) {
  return (
    <section class="security-end" aria-label={`What ${peer} would read aloud`} data-peer={peer}>
      <h3>
        <PeerName peers={peers} peer={peer} /> reads <small>{known?.state}</small>
      </h3>
      <ol class="security-words">
        {Array.from({ length: 4 }, (_, place) => (
          <li key={place}>{words?.[place] ?? '…'}</li>
        ))}
      </ol>
      <dl>
        <dt>own certificate</dt>
        <dd>{hashOf(known?.local)}</dd>
        <dt>the other’s, as told</dt>
        <dd>{hashOf(known?.remote)}</dd>
      </dl>
    </section>
  );
}

const hashOf = (sdp = ''): string => fingerprintsOf(sdp)[0]?.split(' ')[1] ?? 'none yet';

function verdictOf(
  known: readonly (Known | undefined)[],
  [ofAlice, ofBob]: readonly (readonly string[] | undefined)[],
): { is: 'open' | 'same' | 'other'; text: string } {
  if (!ofAlice || !ofBob)
    return {
      is: 'open',
      text: 'Press Run. As soon as each of them has both descriptions, each has four words.',
    };
  const isSame = ofAlice.every((word, place) => word === ofBob[place]);
  if (isSame)
    return { is: 'same', text: 'The same words: each has the other’s certificate, and nobody sits between.' };
  const failed = known.some((one) => one?.state === 'failed');
  return {
    is: 'other',
    text: failed
      ? 'Other words, and no call: the certificate in the handshake was not the one that the text spoke of.'
      : 'Other words. Whatever the pictures show, alice and bob do not have each other’s certificate: somebody sits between.',
  };
}

/** The words of both descriptions; undefined until there are two of them. */
function useWords(known: Known | undefined): readonly string[] | undefined {
  const words = useSignal<{ readonly of: string; readonly list: readonly string[] | undefined }>({
    of: '',
    list: undefined,
  });
  const { local = '', remote = '' } = known ?? {};
  // Descriptions grow while candidates are found; only the fingerprints count.
  const of = [...fingerprintsOf(local), '/', ...fingerprintsOf(remote)].join(' ');
  useEffect(() => {
    let isCurrent = true;
    void safetyWords(local, remote).then((list) => {
      if (isCurrent) words.value = { of, list };
    });
    return () => void (isCurrent = false);
  }, [of]);
  return words.value.of === of ? words.value.list : undefined;
}

/** Really tried, at the server of this site, whenever somebody asks for it. */
function Tries() {
  const tried = useSignal<readonly Tried[]>([]);
  const state = useSignal<'idle' | 'running' | 'done'>('idle');
  const problem = useSignal('');
  const end = useRef<AbortController>();
  // Until the page is alive, a press would be lost.
  const isAlive = useSignal(false);
  useEffect(() => {
    isAlive.value = true;
    return () => end.current?.abort();
  }, []);
  const run = async () => {
    const own = new AbortController();
    end.current = own;
    tried.value = [];
    problem.value = '';
    state.value = 'running';
    try {
      for await (const one of tryServer(location.origin, own.signal)) tried.value = [...tried.value, one];
      state.value = 'done';
    } catch (error) {
      if (own.signal.aborted) return;
      problem.value = error instanceof Error ? error.message : String(error);
      state.value = 'idle';
    }
  };
  const foiled = tried.value.filter((one) => one.foiled).length;
  return (
    <section class="security-tries" aria-label="Cheating this site’s server">
      <h2>Try to cheat this site’s own server</h2>
      <p>
        Real requests to the signaling server that serves this page, in rooms made for it. None of them
        disturbs anybody.
      </p>
      <button
        type="button"
        class="ps-button"
        disabled={!isAlive.value || state.value === 'running'}
        onClick={() => void run()}
      >
        {state.value === 'done' ? 'Try again' : 'Try nine ways'}
      </button>
      <p role="status">
        {state.value === 'running' && `Trying: ${tried.value.length} of 9 …`}
        {state.value === 'done' && `${foiled} of ${tried.value.length} came to nothing.`}
      </p>
      {problem.value && <p role="alert">{problem.value}</p>}
      <ol>
        {tried.value.map(({ id, title, sent, answer, foiled: isFoiled, rule }) => (
          <li key={id} data-try={id} data-foiled={isFoiled}>
            <h3>
              {title} <small>{isFoiled ? '✓ came to nothing' : '✕ went through'}</small>
            </h3>
            <code>{sent}</code>
            <p>{answer}</p>
            <p class="security-rule">{rule}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}
