import { computed, useComputed, useSignal, type ReadonlySignal, type Signal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { describeAnswer, describeChanges } from '../../rtc/sdp/changes.ts';
import { explainLine, type Explanation } from '../../rtc/sdp/explain.ts';
import { modelOrNothing, parseSdp, type SdpLine, type SessionDescriptionModel } from '../../rtc/sdp/parse.ts';
import { summarise } from '../../rtc/sdp/summary.ts';
import type { PeerLabel } from '../../rtc/timeline.ts';
import type { LabView, PanelProps } from '../view.ts';
import { candidatesFold } from './model/candidates.ts';
import { descriptionsFold, previousOf, type Described, type Negotiation } from './model/descriptions.ts';
import { endAt } from './model/fold.ts';
import { inMs, plural } from './model/format.ts';
import { factsFold, livesOn, type LivesOn, type TransceiverFacts } from './model/lives-on.ts';
import { marksOf, type Mark, type Marks } from './model/marks.ts';
import { sideBySide, type PlacedLine } from './model/side-by-side.ts';
import { CopyButton, Empty, Segments } from './parts.tsx';
import { PeerName } from './peer.tsx';
import { History, Result, SdpBench, TryWord } from './sdp-bench.tsx';
import { ExplanationArea } from './sdp-explanation.tsx';
import { highlightSdp, type Token } from './sdp-highlight.ts';
import { triesOf, type Tries, type Try, type Where } from './sdp-tries.ts';
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

/**
 * Offer and answer side by side, m-section by m-section: what each line says, where it lives on, what changed since the
 * description before, and what breaks without it.
 */
export function SdpPanel({ view }: PanelProps) {
  const compute = useMemo(descriptionsFold, []);
  const wanted = useSignal<number | null>(null);
  const onlyChanges = useSignal(false);
  const { list } = view.entries.value;
  const negotiations = compute(list, endAt(list, view.focus.value));
  const chosen = negotiations.find(({ number }) => number === wanted.value) ?? negotiations.at(-1);
  const offeredBefore = chosen && previousOf(negotiations, chosen, 'offer')?.sdp;
  const answeredBefore = chosen && previousOf(negotiations, chosen, 'answer')?.sdp;
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
          {(offeredBefore ?? answeredBefore) !== undefined && (
            <>
              <label class="ps-check" title="Compared with what the same peer had said before">
                <input
                  type="checkbox"
                  checked={onlyChanges.value}
                  onChange={({ currentTarget }) => (onlyChanges.value = currentTarget.checked)}
                />
                Only what changed
              </label>
              <span class="ps-sdp-legend">
                <span data-mark="added">+ added</span> <span data-mark="changed">~ changed</span>{' '}
                <span data-mark="gone">− gone</span>
              </span>
            </>
          )}
        </div>
      )}
      {chosen ? (
        // Pieces, not the exchange itself: it is one object that grows, and would look unchanged.
        <Exchange
          key={chosen.number}
          view={view}
          offerer={chosen.offerer}
          answerer={chosen.answerer}
          offered={chosen.offer}
          answered={chosen.answer}
          isRolledBack={chosen.isRolledBack === true}
          {...{ offeredBefore, answeredBefore, onlyChanges }}
        />
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

interface Ends {
  readonly offerer: PeerLabel | undefined;
  readonly answerer: PeerLabel | undefined;
}
interface ExchangeProps extends Ends {
  readonly view: LabView;
  readonly offered: Described;
  readonly answered: Described | undefined;
  readonly isRolledBack: boolean;
  /** What the same peers had said before, where they had. */
  readonly offeredBefore: string | undefined;
  readonly answeredBefore: string | undefined;
  readonly onlyChanges: Signal<boolean>;
}

function Exchange(props: ExchangeProps) {
  const {
    view,
    offerer,
    answerer,
    offered,
    answered,
    isRolledBack,
    offeredBefore,
    answeredBefore,
    onlyChanges,
  } = props;
  const peers = view.peers.value;
  const grid = useRef<HTMLDivElement>(null);
  const offer = useRead(offered);
  const answer = useRead(answered);
  const reads = { offer, answer };
  const tokens = { offer: useTokens(offered.sdp), answer: useTokens(answered?.sdp) };

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

  const offerMarks = useMarks(offeredBefore, offer?.model);
  const answerMarks = useMarks(answeredBefore, answer?.model);
  const marks = { offer: offerMarks, answer: answerMarks };
  const news = useMemo(
    () => newsOf({ offer: offeredBefore, answer: answeredBefore }, { offer, answer }),
    [offeredBefore, answeredBefore, offer, answer],
  );

  const tries = triesOf(view);
  const where = useSignal<Where>('on-the-way');
  const editing = useSignal(false);
  const triedLines = useComputed(() => triedOf(tries.list.value, models.value));
  const ask = (text?: string) => {
    const { side, line: number } = at.value;
    const line = reads[side]?.model?.lines[number - 1];
    if (!offer?.model || !line) return;
    const configuration = configurationOf(view, offerer);
    void tries.ask({
      offer: offer.model,
      answer: answer?.model,
      ...(configuration && { configuration }),
      side,
      where: where.value,
      line,
      ...(text !== undefined && { text }),
    });
  };

  const stand = () => grid.current?.querySelector<HTMLElement>(`[data-line='${keyOf(at.value)}']`)?.focus();
  const go = (place: Place | undefined) => {
    if (!place) return;
    at.value = place;
    pointed.value = null;
    front.value = place.side;
    stand();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Delete') ask();
    else if (event.key === 'F2' || event.key === 'Enter') editing.value = true;
    else {
      const next = neighbour(
        event.key,
        at.value,
        { offer: offer?.model, answer: answer?.model },
        isShownLine,
      );
      if (!next) return;
      editing.value = false;
      go(next);
    }
    event.preventDefault();
  };
  const isShownLine = ({ side, line }: Place): boolean =>
    !onlyChanges.value || marks[side] === undefined || marks[side].lines.has(line);

  const column = (side: Side, lines: readonly PlacedLine[], index: number) => {
    const rows = lines.filter(({ line }) => isShownLine({ side, line: line.number }));
    const lastRow = rows.reduce((last, { row }) => Math.max(last, row), 0);
    return (
      <ol class="ps-sdp-lines" data-side={side}>
        {rows.map(({ line, row }) => (
          <Line
            key={line.number}
            tokens={tokens[side]?.[line.number - 1]}
            mark={marks[side]?.lines.get(line.number)}
            {...{ side, line, row, at, pointed, shown, referred, editing, triedLines }}
          />
        ))}
        {marks[side]?.gone.get(index)?.map((line, place) => (
          <li key={`gone-${line.number}`} class="ps-sdp-gone" style={{ '--row': lastRow + place + 1 }}>
            <span class="ps-sdp-sign" aria-hidden="true">
              −
            </span>
            <span class="ps-sdp-text">
              <span class="ps-hidden">gone: </span>
              {line.raw}
            </span>
          </li>
        ))}
      </ol>
    );
  };
  const sections = useMemo(() => sideBySide(offer?.model, answer?.model), [offer?.model, answer?.model]);
  const visible = sections.filter(
    ({ index, ...lines }) =>
      !onlyChanges.value ||
      sides.some(
        (side) =>
          marks[side] === undefined ||
          marks[side].gone.has(index) ||
          lines[side].some(({ line }) => marks[side]?.lines.has(line.number)),
      ),
  );

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
          {sides.map((side) => (
            <div key={side} data-side={side}>
              <p>{reads[side]?.model && summarise(reads[side].model)}</p>
              {news[side].map(({ title, sentences }) => (
                <details key={title} class="ps-sdp-news" open>
                  <summary>{title}</summary>
                  <ul>
                    {sentences.map((sentence) => (
                      <li key={sentence}>{sentence}</li>
                    ))}
                  </ul>
                </details>
              ))}
            </div>
          ))}
        </div>
        {visible.map(({ index, title, hint, ...lines }) => (
          <section key={title} class="ps-sdp-section" aria-label={title}>
            <p class="ps-sdp-title">
              {title} <small>{hint}</small>
            </p>
            <div class="ps-sdp-columns">
              {column('offer', lines.offer, index)}
              {column('answer', lines.answer, index)}
            </div>
          </section>
        ))}
        {visible.length === 0 && <p class="ps-sdp-summary">No line has changed.</p>}
      </div>
      <Inspector
        {...{ view, offerer, answerer, models, at, pointed, marks, tries, where, editing, triedLines, ask }}
        goBack={stand}
        explanation={explanation}
      />
      <History tries={tries} />
    </>
  );
}

function useMarks(before: string | undefined, after: SessionDescriptionModel | undefined): Marks | undefined {
  return useMemo(
    () => (before !== undefined && after ? marksOf(modelOrNothing(before), after) : undefined),
    [before, after],
  );
}

interface News {
  readonly title: string;
  readonly sentences: readonly string[];
}

/** What the two descriptions say that those before, and the offer, did not. */
function newsOf(
  before: Record<Side, string | undefined>,
  { offer, answer }: Reads,
): Record<Side, readonly News[]> {
  const changes = (side: Side, read: Read | undefined): News[] =>
    before[side] !== undefined && read?.model
      ? [
          {
            title: 'Changed since the one before',
            sentences: describeChanges(modelOrNothing(before[side]), read.model),
          },
        ]
      : [];
  const reply =
    offer?.model && answer?.model
      ? [{ title: 'Against the offer', sentences: describeAnswer(offer.model, answer.model) }]
      : [];
  return { offer: changes('offer', offer), answer: [...reply, ...changes('answer', answer)] };
}

type Reads = Record<Side, Read | undefined>;

interface InspectorProps extends Ends {
  readonly view: LabView;
  readonly models: ReadonlySignal<Reads>;
  readonly at: ReadonlySignal<Place>;
  readonly pointed: ReadonlySignal<Place | null>;
  readonly explanation: ReadonlySignal<Explanation | undefined>;
  readonly marks: Record<Side, Marks | undefined>;
  readonly tries: Tries;
  readonly where: Signal<Where>;
  readonly editing: Signal<boolean>;
  readonly triedLines: ReadonlySignal<ReadonlyMap<string, Try>>;
  readonly ask: (text?: string) => void;
  readonly goBack: () => void;
}

/**
 * The line under the pointer is explained; what can be tried is tried on the one that was chosen, by a click or the
 * keyboard: the pointer has to cross others on its way to the button.
 */
function Inspector(props: InspectorProps) {
  const { view, offerer, answerer, models, at, pointed, explanation, marks, tries, triedLines, ...rest } =
    props;
  const facts = useMemo(factsFold, []);
  const candidates = useMemo(candidatesFold, []);
  const chosen = at.value;
  const place = pointed.value ?? chosen;
  const { list } = view.entries.value;
  const model = models.value[place.side]?.model;
  const line = model?.lines[place.line - 1];
  const lives = (): readonly LivesOn[] => {
    if (!model || !line) return [];
    const end = endAt(list, view.focus.value);
    const [writer, reader] = place.side === 'offer' ? [offerer, answerer] : [answerer, offerer];
    const transceivers = view.focus.value === null ? transceiversOf(view) : undefined;
    return livesOn({
      line,
      model,
      writer,
      reader,
      facts: facts(list, end),
      candidates: candidates(list, end),
      ...(transceivers && { transceivers }),
    });
  };
  const [writer, reader] = chosen.side === 'offer' ? [offerer, answerer] : [answerer, offerer];
  const lineChosen = models.value[chosen.side]?.model?.lines[chosen.line - 1];
  const { shown } = tries;
  const own =
    shown.value && isAbout(shown.value, chosen, models.value)
      ? shown.value
      : triedLines.value.get(keyOf(chosen));
  return (
    <div class="ps-inspector">
      {lineChosen && (
        <SdpBench
          line={lineChosen}
          isBusy={shown.value?.state.is === 'running'}
          {...{ writer, reader, ...rest }}
        />
      )}
      <div class="ps-explanation">
        <div aria-live="polite">
          {own && keyOf(place) === keyOf(chosen) && <Result one={own} stop={() => tries.stop()} />}
        </div>
        <ExplanationArea
          explanation={explanation.value}
          place={`${place.side}, line ${place.line}`}
          mark={marks[place.side]?.lines.get(place.line)}
          lives={lives()}
          show={(target) => (view.target.value = target)}
        />
      </div>
    </div>
  );
}

const isAbout = ({ question }: Try, { side, line }: Place, { offer, answer }: Reads): boolean =>
  question.side === side &&
  question.line.number === line &&
  question.offer.text === offer?.model?.text &&
  question.answer?.text === answer?.model?.text;

/** The transceivers as they are now; a recorded run has none. */
function transceiversOf(view: LabView): Map<PeerLabel, readonly TransceiverFacts[]> | undefined {
  const { connections } = view.bench.value ?? {};
  return (
    connections &&
    new Map(
      [...connections].map(([peer, pc]) => [
        peer,
        pc.getTransceivers().map(({ mid, direction, currentDirection, sender }) => ({
          mid,
          direction,
          currentDirection,
          sends: sender.track !== null,
        })),
      ]),
    )
  );
}

function configurationOf(view: LabView, peer: PeerLabel | undefined): RTCConfiguration | undefined {
  const opened = view.entries.value.list.findLast(
    (entry) => entry.kind === 'peer-opened' && entry.peer === peer,
  );
  return opened?.kind === 'peer-opened' ? opened.configuration : undefined;
}

/** The latest try of each line of this exchange, by the line's key. */
function triedOf(list: readonly Try[], reads: Reads): ReadonlyMap<string, Try> {
  const placed = list.map((one) => ({
    one,
    place: { side: one.question.side, line: one.question.line.number },
  }));
  return new Map(
    placed
      .filter(({ one, place }) => isAbout(one, place, reads))
      .toReversed()
      .map(({ one, place }) => [keyOf(place), one]),
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
  readonly mark: Mark | undefined;
  readonly editing: Signal<boolean>;
  readonly triedLines: ReadonlySignal<ReadonlyMap<string, Try>>;
}

function Line(props: LineProps) {
  const { side, line, row, tokens, at, pointed, shown, referred, mark, editing, triedLines } = props;
  const key = keyOf({ side, line: line.number });
  // Computed, so that moving on draws two lines again and not all of them.
  const isShown = useComputed(() => keyOf(shown.value) === key);
  const isStop = useComputed(() => keyOf(at.value) === key);
  const isReferred = useComputed(() => referred.value.has(key));
  const tried = useComputed(() => triedLines.value.get(key));
  const place: Place = { side, line: line.number };
  const stand = () => {
    pointed.value = null;
    if (keyOf(at.value) === key) return;
    at.value = place;
    editing.value = false;
  };
  return (
    <li style={{ '--row': row }}>
      <button
        type="button"
        class="ps-sdp-line"
        data-line={key}
        data-referred={isReferred.value || undefined}
        aria-current={isShown.value || undefined}
        tabIndex={isStop.value ? 0 : -1}
        data-mark={mark?.kind}
        onFocus={stand}
        onClick={stand}
        onPointerMove={({ movementX, movementY }) => {
          // A line that scrolls under a resting pointer is not pointed at.
          if (movementX !== 0 || movementY !== 0) pointed.value = place;
        }}
      >
        <span class="ps-sdp-number">{line.number}</span>
        <span class="ps-sdp-sign" aria-hidden="true">
          {mark && (mark.kind === 'added' ? '+' : '~')}
        </span>
        {/* It comes from another peer: text nodes only. */}
        <span class="ps-sdp-text">
          {tokens
            ? tokens.map(([text, name], index) => (
                <span key={index} class={name && `ps-${name}`}>
                  {text}
                </span>
              ))
            : line.raw}
          {mark && <span class="ps-hidden">, {mark.kind}</span>}
          {tried.value && <TryWord one={tried.value} />}
        </span>
      </button>
    </li>
  );
}

function explain(model: SessionDescriptionModel | undefined, number: number): Explanation | undefined {
  const line = model?.lines[number - 1];
  return model && line && explainLine(line, model);
}

type Models = Record<Side, SessionDescriptionModel | undefined>;

/** Where a key leads: up and down within a description, left and right to the same section of the other one. */
function neighbour(
  key: string,
  { side, line }: Place,
  models: Models,
  isShown: (place: Place) => boolean,
): Place | undefined {
  const model = models[side];
  if (!model) return undefined;
  const lines = model.lines.map(({ number }) => number).filter((number) => isShown({ side, line: number }));
  const on = (number: number | undefined): Place | undefined =>
    number === undefined ? undefined : { side, line: number };
  const across = (to: Side) => {
    const there = counterpart(line, model, to, models[to]);
    return there && isShown(there) ? there : undefined;
  };
  switch (key) {
    case 'ArrowUp':
      return on(lines.findLast((number) => number < line) ?? lines[0]);
    case 'ArrowDown':
      return on(lines.find((number) => number > line) ?? lines.at(-1));
    case 'Home':
      return on(lines[0]);
    case 'End':
      return on(lines.at(-1));
    case 'ArrowLeft':
      return side === 'answer' ? across('offer') : undefined;
    case 'ArrowRight':
      return side === 'offer' ? across('answer') : undefined;
    default:
      return undefined;
  }
}

/** The line of the other description that is about the same thing. */
function counterpart(
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
