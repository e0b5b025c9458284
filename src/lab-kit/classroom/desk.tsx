import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { EntryOf } from '../../rtc/timeline.ts';
import type { Editor } from '../exercise/editor.ts';
import { endAt } from '../panels/model/fold.ts';
import { PeerName } from '../panels/peer.tsx';
import type { LabView, PanelProps } from '../view.ts';
import type { ServerDesk } from './desk.ts';
import './desk.css';

interface DeskProps extends PanelProps {
  readonly desk: ServerDesk;
  /** The file that is started: the value of the lab's control `server`. */
  readonly file: string;
  /** What can be done to the server while it runs, and what came of the run. */
  readonly children?: ComponentChildren;
}

/** The server's file, what it says, and each message that it got and sent. */
export function DeskPanel({ view, desk, file, children }: DeskProps) {
  return (
    <div class="classroom">
      {children}
      <ServerFile
        key={file}
        desk={desk}
        file={file}
        again={view.faults ? () => view.faults?.again() : undefined}
      />
      <Tape view={view} />
    </div>
  );
}

interface FileProps {
  readonly desk: ServerDesk;
  readonly file: string;
  /** Starts a run; absent in a replay. */
  readonly again: (() => void) | undefined;
}

function ServerFile({ desk, file, again }: FileProps) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | null>(null);
  const isOpen = useSignal(false);
  const text = desk.textOf(file);
  const isEdited = text !== desk.files[file];
  const open = async () => {
    if (isOpen.value || !host.current) return;
    const { openEditor } = await import('../exercise/editor.ts');
    if (isOpen.value || !host.current) return;
    editor.current = openEditor(host.current, {
      text: desk.textOf(file),
      label: 'The server. Tab indents, Escape and then Tab leaves.',
      onChange: (changed) => desk.edit(file, changed),
    });
    isOpen.value = true;
  };
  useEffect(() => {
    if (isOpen.value) editor.current?.focus();
  }, [isOpen.value]);
  useEffect(() => () => editor.current?.close(), []);
  const problem = desk.problem.value;
  useEffect(() => {
    editor.current?.mark(problem?.line === undefined ? null : { line: problem.line, text: problem.text });
  }, [problem, isOpen.value]);
  const reset = () => {
    desk.edit(file, desk.files[file] ?? '');
    editor.current?.set(desk.textOf(file), false);
  };
  const lines = text.trimEnd().split('\n');
  return (
    <section class="classroom-file" aria-label="The server">
      <header>
        <h2>
          <code>server.ts</code> {isEdited && <small>changed by you</small>}
        </h2>
        <span>
          {isEdited && again && (
            <button type="button" class="lab-button" onClick={again}>
              Start it
            </button>
          )}{' '}
          {isEdited && (
            <button type="button" class="lab-button" onClick={reset}>
              As it was
            </button>
          )}
          {!isOpen.value && (
            <button type="button" class="lab-button" data-edit-server onClick={() => void open()}>
              Edit
            </button>
          )}
        </span>
      </header>
      <div class="classroom-code" data-open={isOpen.value || undefined}>
        <div class="classroom-editor" ref={host} />
        {!isOpen.value && (
          <div class="ps-code" {...scrolls}>
            <pre>
              <code>
                {lines.map((line, index) => (
                  <span key={index} class="line">
                    {line || ' '}
                  </span>
                ))}
              </code>
            </pre>
          </div>
        )}
      </div>
      <div class="classroom-said" role="status">
        {problem && (
          <p class="classroom-problem">
            <strong>
              {problem.line === undefined ? 'The server ended.' : `The server ended in line ${problem.line}.`}
            </strong>{' '}
            {problem.text}
          </p>
        )}
      </div>
      {desk.output.value.length > 0 && (
        <ol class="classroom-output" aria-label="What the server wrote to its console">
          {desk.output.value.map(({ level, text: words }, index) => (
            <li key={index} data-level={level}>
              {words}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** What scrolls has to be within reach of the keyboard. */
const scrolls = { role: 'region', 'aria-label': 'Text of server.ts', tabIndex: 0 } as const;
const listScrolls = { 'aria-label': 'Messages', tabIndex: 0 } as const;

type Message = EntryOf<'server-message'>;
const MAX_ROWS = 200;

/** Each message between a client and the server, as the client saw it. A long one opens. */
function Tape({ view }: { view: LabView }) {
  const { list } = view.entries.value;
  const messages = list
    .slice(0, endAt(list, view.focus.value))
    .filter((entry): entry is Message => entry.kind === 'server-message');
  const peers = view.peers.value;
  const left = Math.max(0, messages.length - MAX_ROWS);
  return (
    <section class="classroom-tape" aria-label="Message tape">
      <h2>
        Message tape <small>{messages.length === 1 ? '1 message' : `${messages.length} messages`}</small>
      </h2>
      {left > 0 && <p>The first {left} are in the timeline.</p>}
      {messages.length === 0 ? (
        <p>Run the lab, and every message between a client and the server is listed here.</p>
      ) : (
        <ol {...listScrolls}>
          {messages.slice(-MAX_ROWS).map((message) => (
            <li key={message.seq} data-way={message.way} data-name={message.name}>
              <details>
                <summary>
                  <span class="classroom-time">{(message.atMs / 1000).toFixed(2)} s</span>
                  <PeerName peers={peers} peer={message.peer} />
                  <span class="classroom-way">{message.way === 'sent' ? '→ server' : '← server'}</span>
                  <b>{message.name}</b>
                  <span class="classroom-short">{message.text.slice(0, 90)}</span>
                </summary>
                <pre>{message.text || 'Nothing came with it.'}</pre>
              </details>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
