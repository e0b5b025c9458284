/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a <select> can hold neither bytes in rows nor fields with their values */
import { useSignal, type Signal } from '@preact/signals';
import { useId, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { Spec } from '../../protocol/stun/names.ts';
import { specUrl } from '../../rtc/sdp/explanation.ts';
import { fromBase64 } from '../../rtc/stun/base64.ts';
import { explainMessage } from '../../rtc/stun/explain.ts';
import type { PeerLabel } from '../../rtc/timeline.ts';
import { fieldAt, placed, shown, type PlacedField } from './model/bytes.ts';
import { inMs, plural } from './model/format.ts';
import type { WireRow } from './model/wire-messages.ts';
import { CopyButton } from './parts.tsx';
import { PeerName } from './peer.tsx';

/** As a row of the RFC’s figures holds 4: attributes begin at multiples of four. */
const PER_ROW = 8;
/** More are not drawn: no message of a browser is longer. */
const MOST_BYTES = 2048;

interface Props {
  readonly row: WireRow;
  readonly peers: readonly PeerLabel[];
  readonly show: (seq: number) => void;
}

/** One message: its bytes and its fields side by side, each marking the other, and what the marked one is for. */
export function WireMessage({ row, peers, show }: Props) {
  const { entry, other, tookMs } = row;
  const bytes = useMemo(() => fromBase64(entry.bytes), [entry.bytes]);
  const { title, what, spec, fields } = useMemo(() => explainMessage(bytes), [bytes]);
  const all = useMemo(() => placed(fields), [fields]);
  /** Index of the field that stays marked, and of the one under the pointer. */
  const chosen = useSignal(-1);
  const hovered = useSignal(-1);
  const marked = hovered.value >= 0 ? hovered.value : chosen.value;
  return (
    <section class="ps-wire-message" aria-label={title}>
      <header>
        <p class="ps-details-title">
          <PeerName peers={peers} peer={entry.peer} /> <strong>{title}</strong>
          <span class="ps-details-time">{inMs(entry.atMs)} ms</span>
        </p>
        <p>
          {what} {spec && <SpecLink spec={spec} />}
        </p>
        <p class="ps-wire-ends">
          <code>{entry.source}</code> → <code>{entry.destination}</code> over {entry.transport.toUpperCase()},{' '}
          {plural(bytes.length, 'byte')}
          {other && (
            <>
              {' · '}
              <button type="button" class="ps-goto" onClick={() => show(other.entry.seq)}>
                {tookMs === undefined ? 'Show the answer' : 'Show the request'}
              </button>
            </>
          )}{' '}
          <CopyButton label="Copy hex" text={() => hexOf(bytes)} />
        </p>
      </header>
      <div class="ps-wire-sides">
        <Bytes {...{ bytes, all, chosen, hovered, marked }} />
        <FieldList {...{ all, chosen, hovered, marked }} />
      </div>
      <Explanation placed={all[marked]} />
    </section>
  );
}

const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => shown(byte).digits).join('');

interface SideProps {
  readonly all: readonly PlacedField[];
  readonly chosen: Signal<number>;
  readonly hovered: Signal<number>;
  readonly marked: number;
}

function Bytes({ bytes, all, chosen, hovered, marked }: SideProps & { bytes: Uint8Array }) {
  const id = useId();
  const element = useRef<HTMLDivElement>(null);
  const cursor = useSignal(-1);
  const range = all[marked]?.field;
  // Written straight into the document: a thousand bytes are not to be drawn anew for each move of the pointer.
  useLayoutEffect(() => {
    const cells = element.current?.querySelectorAll<HTMLElement>('[data-byte]') ?? [];
    for (const cell of cells) {
      const at = Number(cell.dataset['byte']);
      cell.toggleAttribute('data-marked', range !== undefined && at >= range.start && at < range.end);
    }
    const isByPointer = hovered.peek() >= 0;
    if (range && !isByPointer)
      element.current?.querySelector('[data-marked]')?.scrollIntoView({ block: 'nearest' });
  }, [range?.start, range?.end, bytes]);
  const atOf = (event: Event) => {
    const at = (event.target as HTMLElement).closest<HTMLElement>('[data-byte]')?.dataset['byte'];
    return at === undefined ? -1 : Number(at);
  };
  const goTo = (at: number) => {
    cursor.value = at;
    chosen.value = fieldAt(all, at);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const last = Math.min(bytes.length, MOST_BYTES) - 1;
    const from = cursor.value;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: PER_ROW, ArrowUp: -PER_ROW }[event.key];
    const to =
      event.key === 'Home'
        ? 0
        : event.key === 'End'
          ? last
          : step === undefined
            ? undefined
            : from < 0
              ? 0
              : from + step;
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    hovered.value = -1;
    if (to >= 0 && to <= last) goTo(to);
  };
  const rows = useMemo(() => rowsOf(bytes.subarray(0, MOST_BYTES), id), [bytes]);
  useLayoutEffect(() => {
    for (const cell of element.current?.querySelectorAll('[data-cursor]') ?? [])
      cell.removeAttribute('data-cursor');
    if (cursor.value < 0) return;
    const cell = element.current?.querySelector(`[data-byte="${cursor.value}"]`);
    cell?.setAttribute('data-cursor', '');
    cell?.scrollIntoView({ block: 'nearest' });
  }, [cursor.value]);
  return (
    <div
      class="ps-bytes"
      ref={element}
      role="listbox"
      aria-label="Bytes"
      aria-orientation="horizontal"
      tabIndex={0}
      {...(cursor.value >= 0 && { 'aria-activedescendant': `${id}-${cursor.value}` })}
      onKeyDown={onKeyDown}
      onPointerMove={(event) => {
        if (isPointing(event)) hovered.value = fieldAt(all, atOf(event));
      }}
      onPointerLeave={() => (hovered.value = -1)}
      onClick={(event) => {
        const at = atOf(event);
        if (at >= 0) goTo(at);
      }}
    >
      {rows}
      {bytes.length > MOST_BYTES && <p class="ps-none">{bytes.length - MOST_BYTES} bytes more</p>}
    </div>
  );
}

/** A mouse that moves, not a page that scrolls away under one that rests. */
const isPointing = ({ pointerType, movementX, movementY }: PointerEvent): boolean =>
  pointerType === 'mouse' && (movementX !== 0 || movementY !== 0);

function rowsOf(bytes: Uint8Array, id: string) {
  return Array.from({ length: Math.ceil(bytes.length / PER_ROW) }, (_, row) => {
    const start = row * PER_ROW;
    const cells = Array.from(bytes.subarray(start, start + PER_ROW), (byte, index) => ({
      at: start + index,
      ...shown(byte),
    }));
    return (
      <div key={row} class="ps-byte-row" role="presentation">
        <span class="ps-byte-at" aria-hidden="true">
          {start.toString().padStart(3, '0')}
        </span>
        <span class="ps-byte-digits" role="presentation">
          {cells.map(({ at, digits }) => (
            <span
              key={at}
              id={`${id}-${at}`}
              role="option"
              tabIndex={-1}
              aria-selected="false"
              data-byte={at}
              aria-label={`byte ${at}: ${digits}`}
            >
              {digits}
            </span>
          ))}
        </span>
        <span class="ps-byte-letters" aria-hidden="true">
          {cells.map(({ at, letter }) => (
            <span key={at} data-byte={at}>
              {letter}
            </span>
          ))}
        </span>
      </div>
    );
  });
}

function FieldList({ all, chosen, hovered, marked }: SideProps) {
  const id = useId();
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (chosen.value >= 0)
      element.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen.value]);
  const onKeyDown = (event: KeyboardEvent) => {
    const last = all.length - 1;
    const from = chosen.value;
    const to = { ArrowDown: Math.min(last, from + 1), ArrowUp: Math.max(0, from - 1), Home: 0, End: last }[
      event.key
    ];
    if (event.key === 'Escape' && from >= 0) chosen.value = -1;
    else if (to !== undefined && !event.altKey && !event.ctrlKey && !event.metaKey) chosen.value = to;
    else return;
    hovered.value = -1;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      class="ps-wire-fields"
      ref={element}
      role="listbox"
      aria-label="Fields"
      tabIndex={0}
      {...(chosen.value >= 0 && { 'aria-activedescendant': `${id}-${chosen.value}` })}
      onKeyDown={onKeyDown}
      onPointerLeave={() => (hovered.value = -1)}
    >
      {all.map(({ field, depth }, index) => (
        // The listbox has the focus and takes the keys for all of its options.
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
        <div
          key={index}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          class="ps-wire-field"
          aria-selected={index === chosen.value}
          data-marked={index === marked || undefined}
          data-unknown={field.known ? undefined : true}
          style={{ '--depth': depth }}
          onPointerMove={(event) => {
            if (isPointing(event)) hovered.value = index;
          }}
          onClick={() => {
            chosen.value = index;
            element.current?.focus({ preventScroll: true });
          }}
        >
          <span class="ps-wire-name">{field.name}</span> <code>{field.value}</code>
        </div>
      ))}
    </div>
  );
}

function Explanation({ placed: one }: { placed: PlacedField | undefined }) {
  if (!one)
    return (
      <p class="ps-details ps-hint">
        <span class="ps-keys">
          Point at a byte or at a field, or go there with <kbd>Tab</kbd> and the arrow keys: each marks the
          other.
        </span>
        <span class="ps-touch">Tap a byte or a field: each marks the other.</span>
      </p>
    );
  const { name, value, what, spec, start, end } = one.field;
  return (
    <div class="ps-details ps-wire-explanation" aria-live="polite">
      <p class="ps-details-title">
        <strong>{name}</strong> <code>{value}</code>
        <span class="ps-details-time">
          {end - start === 1 ? `byte ${start}` : `bytes ${start} to ${end - 1}`}
        </span>
      </p>
      <p>
        {what} {spec && <SpecLink spec={spec} />}
      </p>
    </div>
  );
}

function SpecLink({ spec }: { spec: Spec }) {
  const { name, section } = spec;
  const words = `${name}${section ? ` §${section}` : ''}`;
  const url = specUrl({ ...spec, title: '' });
  return url ? (
    <a href={url} rel="external noopener">
      {words}
    </a>
  ) : (
    <span class="ps-none">{words}</span>
  );
}
