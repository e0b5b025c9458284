import { computed, useComputed, useSignal, type ReadonlySignal, type Signal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { explainLine, specUrl, type Explanation, type Spec } from '../../rtc/sdp/explain.ts';
import { parseSdp, type SdpLine, type SessionDescriptionModel } from '../../rtc/sdp/parse.ts';
import { summarise } from '../../rtc/sdp/summary.ts';
import type { PeerLabel } from '../../rtc/timeline.ts';
import type { PanelProps } from '../view.ts';
import { Fields } from './fields.tsx';
import { descriptionsFold, type Described, type Negotiation } from './model/descriptions.ts';
import { endAt } from './model/fold.ts';
import { inMs, plural } from './model/format.ts';
import { sideBySide, type PlacedLine } from './model/side-by-side.ts';
import { CopyButton, Empty, Segments } from './parts.tsx';
import { PeerName } from './peer.tsx';
import { highlightSdp, type Token } from './sdp-highlight.ts';
import './panel.css';
import './sdp.css';

const sides = ['offer', 'answer'] as const;
type Side = (typeof sides)[number];

/** A line of one of the two descriptions. */
interface Place {
  readonly side: Side;
  /** 1-based. */
  readonly line: number;
}
const keyOf = ({ side, line }: Place): string => `${side}-${line}`;

/** Offer and answer side by side, m-section by m-section; the line under the pointer or the keyboard is explained. */
export function SdpPanel({ view }: PanelProps) {
  const compute = useMemo(descriptionsFold, []);
  const wanted = useSignal<number | null>(null);
  const { list } = view.entries.value;
  const negotiations = compute(list, endAt(list, view.focus.value));
  const chosen = negotiations.find(({ number }) => number === wanted.value) ?? negotiations.at(-1);
  return (
    <div class="ps-panel ps-sdp">
      {negotiations.length > 1 && (
        <div class="ps-bar">
          <label class="ps-select">
            <span>Exchange</span>
            <select
              value={chosen?.number}
              onChange={(event) => {
                const number = Number(event.currentTarget.value);
                wanted.value = number === negotiations.length ? null : number;
              }}
            >
              {negotiations.map((one) => (
                <option key={one.number} value={one.number}>
                  {nameOf(one)}
                </option>
              ))}
            </select>
          </label>
        </div>
      )}
      {chosen ? (
        <Exchange key={chosen.number} negotiation={chosen} peers={view.peers.value} />
      ) : (
        <Empty>
          The two session descriptions will stand here side by side: the offer some milliseconds after the
          start, the answer when the other peer has read it. Each line is explained when you point at it.
        </Empty>
      )}
    </div>
  );
}

function nameOf({ number, offerer, answerer, offer, isRolledBack }: Negotiation): string {
  const who = `${offerer ?? 'someone'} → ${answerer ?? 'someone'}`;
  return `${number}: ${who}, ${inMs(offer.atMs)} ms${isRolledBack ? ', rolled back' : ''}`;
}

/** One description, read. */
interface Read {
  readonly described: Described;
  readonly model: SessionDescriptionModel | undefined;
  readonly problem: string | undefined;
}

function useRead(described: Described | undefined): Read | undefined {
  return useMemo(() => {
    if (!described) return undefined;
    const parsed = parseSdp(described.sdp, described.type);
    return parsed.ok
      ? { described, model: parsed.model, problem: undefined }
      : { described, model: undefined, problem: parsed.problem.message };
  }, [described?.sdp, described?.type, described?.atMs]);
}

/** The coloured pieces of each line, once they are there. */
function useTokens(sdp: string | undefined): readonly (readonly Token[])[] | undefined {
  const tokens = useSignal<{ sdp: string; lines: readonly (readonly Token[])[] } | undefined>(undefined);
  useEffect(() => {
    if (sdp === undefined) return undefined;
    let isCurrent = true;
    void highlightSdp(sdp).then((lines) => {
      if (isCurrent) tokens.value = { sdp, lines };
    });
    return () => void (isCurrent = false);
  }, [sdp]);
  return tokens.value?.sdp === sdp ? tokens.value?.lines : undefined;
}

function Exchange({ negotiation, peers }: { negotiation: Negotiation; peers: readonly PeerLabel[] }) {
  const { offerer, answerer, isRolledBack } = negotiation;
  const grid = useRef<HTMLDivElement>(null);
  const offer = useRead(negotiation.offer);
  const answer = useRead(negotiation.answer);
  const reads = { offer, answer };
  const tokens = { offer: useTokens(negotiation.offer.sdp), answer: useTokens(negotiation.answer?.sdp) };

  const front = useSignal<Side>('offer');
  const at = useSignal<Place>({ side: 'offer', line: 1 });
  const pointed = useSignal<Place | null>(null);
  const shown = useComputed(() => pointed.value ?? at.value);
  const models = useSignal(reads);
  models.value = reads;
  const explanation = useMemo(
    () => computed(() => explain(models.value[shown.value.side]?.model, shown.value.line)),
    [],
  );
  const referred = useMemo(
    () =>
      computed(
        () => new Set(explanation.value?.refersTo?.map((line) => keyOf({ side: shown.value.side, line }))),
      ),
    [],
  );

  const go = (place: Place | undefined) => {
    if (!place) return;
    at.value = place;
    pointed.value = null;
    front.value = place.side;
    grid.current?.querySelector<HTMLElement>(`[data-line='${keyOf(place)}']`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = neighbour(event.key, at.value, { offer: offer?.model, answer: answer?.model });
    if (!next) return;
    event.preventDefault();
    go(next);
  };

  const column = (side: Side, lines: readonly PlacedLine[]) => (
    <ol class="ps-sdp-lines" data-side={side}>
      {lines.map(({ line, row }) => (
        <Line
          key={line.number}
          tokens={tokens[side]?.[line.number - 1]}
          {...{ side, line, row, at, pointed, shown, referred }}
        />
      ))}
    </ol>
  );
  const sections = useMemo(() => sideBySide(offer?.model, answer?.model), [offer?.model, answer?.model]);

  return (
    <>
      {isRolledBack && <p class="ps-sdp-summary">This offer was rolled back: it is not in force.</p>}
      <div class="ps-bar ps-sdp-switch">
        <Segments
          label="Which description"
          options={sides.map((side) => [side, side])}
          value={front.value}
          onChange={(side) => (front.value = side)}
        />
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the lines in it are the buttons */}
      <div
        class="ps-sdp-grid"
        ref={grid}
        data-front={front.value}
        onKeyDown={onKeyDown}
        onPointerLeave={() => (pointed.value = null)}
      >
        <div class="ps-sdp-heads">
          <Head side="offer" peer={offerer} peers={peers} read={offer} />
          <Head side="answer" peer={answerer} peers={peers} read={answer} />
        </div>
        <div class="ps-sdp-columns ps-sdp-summaries">
          <p data-side="offer">{offer?.model && summarise(offer.model)}</p>
          <p data-side="answer">{answer?.model && summarise(answer.model)}</p>
        </div>
        {sections.map(({ title, hint, ...lines }) => (
          <section key={title} class="ps-sdp-section" aria-label={title}>
            <p class="ps-sdp-title">
              {title} <small>{hint}</small>
            </p>
            <div class="ps-sdp-columns">
              {column('offer', lines.offer)}
              {column('answer', lines.answer)}
            </div>
          </section>
        ))}
      </div>
      <ExplanationArea explanation={explanation} shown={shown} />
    </>
  );
}

function Head(props: {
  side: Side;
  peer: PeerLabel | undefined;
  peers: readonly PeerLabel[];
  read: Read | undefined;
}) {
  const { side, peer, peers, read } = props;
  if (!read)
    return (
      <div class="ps-sdp-head" data-side={side}>
        <strong>{side}</strong>
        <span class="ps-sdp-about">{peer ? `${peer} has not answered yet` : 'not here yet'}</span>
      </div>
    );
  const { described, model, problem } = read;
  return (
    <div class="ps-sdp-head" data-side={side}>
      <span>
        <strong>{described.type}</strong>
        {peer && (
          <>
            {' of '}
            <PeerName peers={peers} peer={peer} />
          </>
        )}
      </span>
      <span class="ps-sdp-about">
        {model ? plural(model.lines.length, 'line') : <span data-tone="bad">{problem}</span>}
      </span>
      <CopyButton label="Copy" text={() => described.sdp} />
    </div>
  );
}

interface LineProps {
  readonly side: Side;
  readonly line: SdpLine;
  /** Its place within the section, shared with the line of the other description that it goes with. */
  readonly row: number;
  readonly tokens: readonly Token[] | undefined;
  readonly at: Signal<Place>;
  readonly pointed: Signal<Place | null>;
  readonly shown: ReadonlySignal<Place>;
  readonly referred: ReadonlySignal<ReadonlySet<string>>;
}

function Line({ side, line, row, tokens, at, pointed, shown, referred }: LineProps) {
  const key = keyOf({ side, line: line.number });
  // Computed, so that moving on draws two lines again and not all of them.
  const isShown = useComputed(() => keyOf(shown.value) === key);
  const isStop = useComputed(() => keyOf(at.value) === key);
  const isReferred = useComputed(() => referred.value.has(key));
  const place: Place = { side, line: line.number };
  return (
    <li style={{ '--row': row }}>
      <button
        type="button"
        class="ps-sdp-line"
        data-line={key}
        data-referred={isReferred.value || undefined}
        aria-current={isShown.value || undefined}
        tabIndex={isStop.value ? 0 : -1}
        onFocus={() => (at.value = place)}
        onClick={() => (at.value = place)}
        onPointerMove={({ movementX, movementY }) => {
          // A line that scrolls under a resting pointer is not pointed at.
          if (movementX !== 0 || movementY !== 0) pointed.value = place;
        }}
      >
        <span class="ps-sdp-number">{line.number}</span>
        {/* It comes from another peer: text nodes only. */}
        <span class="ps-sdp-text">
          {tokens
            ? tokens.map(([text, name], index) => (
                <span key={index} class={name && `ps-${name}`}>
                  {text}
                </span>
              ))
            : line.raw}
        </span>
      </button>
    </li>
  );
}

function explain(model: SessionDescriptionModel | undefined, number: number): Explanation | undefined {
  const line = model?.lines[number - 1];
  return model && line && explainLine(line, model);
}

function ExplanationArea(props: {
  explanation: ReadonlySignal<Explanation | undefined>;
  shown: ReadonlySignal<Place>;
}) {
  const explanation = props.explanation.value;
  const { side, line } = props.shown.value;
  if (!explanation) return <div class="ps-explanation" aria-live="polite" />;
  const { title, text, fields, spec, also = [], refersTo = [] } = explanation;
  return (
    <div class="ps-explanation" aria-live="polite">
      <p class="ps-explanation-title">
        <strong>{title}</strong>
        <span class="ps-sdp-about">
          {side}, line {line}
        </span>
      </p>
      <p>{text}</p>
      {refersTo.length > 0 && (
        <p class="ps-sdp-about">
          It points to {refersTo.length === 1 ? 'line' : 'lines'} {refersTo.join(', ')}, marked above.
        </p>
      )}
      {fields && fields.length > 0 && <Fields fields={fields} />}
      <p class="ps-specs">
        {[...(spec ? [spec] : []), ...also].map((one) => (
          <SpecLink key={`${one.name} ${one.section ?? ''}`} spec={one} />
        ))}
      </p>
    </div>
  );
}

function SpecLink({ spec }: { spec: Spec }) {
  const { name, section, title } = spec;
  const words = `${name}${section ? ` §${section}` : ''}, ${title}`;
  const url = specUrl(spec);
  return url ? (
    <a href={url} rel="external noopener">
      {words}
    </a>
  ) : (
    <span>{words}</span>
  );
}

type Models = Record<Side, SessionDescriptionModel | undefined>;

/** Where a key leads: up and down within a description, left and right to the same section of the other one. */
function neighbour(key: string, { side, line }: Place, models: Models): Place | undefined {
  const model = models[side];
  if (!model) return undefined;
  const last = model.lines.length;
  switch (key) {
    case 'ArrowUp':
      return { side, line: Math.max(1, line - 1) };
    case 'ArrowDown':
      return { side, line: Math.min(last, line + 1) };
    case 'Home':
      return { side, line: 1 };
    case 'End':
      return { side, line: last };
    case 'ArrowLeft':
      return side === 'answer' ? across(line, model, 'offer', models.offer) : undefined;
    case 'ArrowRight':
      return side === 'offer' ? across(line, model, 'answer', models.answer) : undefined;
    default:
      return undefined;
  }
}

function across(
  number: number,
  from: SessionDescriptionModel,
  side: Side,
  to: SessionDescriptionModel | undefined,
): Place | undefined {
  const line = from.lines[number - 1];
  if (!line || !to) return undefined;
  const linesOf = (model: SessionDescriptionModel) =>
    line.sectionIndex < 0 ? model.session : (model.media[line.sectionIndex]?.lines ?? model.session);
  const own = linesOf(from);
  const other = linesOf(to);
  // The same attribute, if it is there; else the line at the same height.
  const same = other.find(({ raw }) => raw.split(':')[0] === line.raw.split(':')[0]);
  const target = same ?? other[Math.min(own.indexOf(line), other.length - 1)];
  return target && { side, line: target.number };
}
