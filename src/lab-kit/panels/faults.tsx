import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { toRtcError } from '../../rtc/errors.ts';
import {
  activeWires,
  candidateTypes,
  faultKey,
  MAX_DELAY_MS,
  MAX_NTH,
  MAX_SEED,
  messageKinds,
  type Fault,
  type FaultPlan,
  type FaultRule,
} from '../../rtc/faults/plan.ts';
import {
  candidateTypeWords,
  messageWords,
  parcelWords,
  ruleWords,
  wireWords,
} from '../../rtc/faults/words.ts';
import type { EntryOf, PeerLabel } from '../../rtc/timeline.ts';
import { useBoard } from '../use-board.ts';
import type { LabFaults, LabView, PanelProps } from '../view.ts';
import { aboutMessage, classics, faultsFold, faultsFor, newSeed } from './model/faults.ts';
import { endAt } from './model/fold.ts';
import { directionsOf } from './model/wire.ts';
import { inMs, plural } from './model/format.ts';
import { CopyButton, Empty } from './parts.tsx';
import { WireFaultsSection } from './wire-faults.tsx';
import './panel.css';
import './faults.css';

/** What goes wrong on purpose: the rules, what is held, what can be done at once, and what was done. */
export function FaultsPanel({ view }: PanelProps) {
  const compute = useMemo(faultsFold, []);
  useBoard(view.faults?.board);
  const { list } = view.entries.value;
  const { plan, acted, done } = compute(list, endAt(list, view.focus.value));
  const { faults } = view;
  const isInForce = faults !== null && isSame(plan, faults.board.plan);
  return (
    <div class="ps-panel ps-faults">
      {faults ? (
        <>
          <Held faults={faults} />
          <Rules
            view={view}
            board={faults.board}
            times={faults.board.plan.rules.map((_, index) => (isInForce ? (acted.get(index) ?? 0) : 0))}
          />
          {faults.noWire ? (
            <section aria-label="The wire">
              <Title>The wire</Title>
              <p class="ps-lead">
                {faults.noWire.text} <a href={faults.noWire.lesson}>The lab where it can be done</a>
              </p>
            </section>
          ) : (
            <WireFaultsSection view={view} board={faults.board} />
          )}
          <Now view={view} faults={faults} />
          <Again faults={faults} />
        </>
      ) : (
        <Planned plan={plan} acted={acted} hasRun={list.length > 0} />
      )}
      <Done view={view} done={done.slice(-SHOWN)} count={done.length} />
    </div>
  );
}

/** How many of the last faults are listed. */
const SHOWN = 100;

/** What a record says was to be done, where nothing can be done any more. */
function Planned({
  plan,
  acted,
  hasRun,
}: {
  plan: FaultPlan | undefined;
  acted: ReadonlyMap<number, number>;
  hasRun: boolean;
}) {
  if (!plan) {
    return (
      <Empty>
        {hasRun
          ? 'Nothing was set to go wrong in this run.'
          : 'Here stands what was made to go wrong in a run. This page has no board of its own.'}
      </Empty>
    );
  }
  return (
    <section aria-label="Faults of this run">
      <Title>Set to go wrong, with the seed {plan.seed}</Title>
      <ol class="ps-rules">
        {plan.rules.map((rule, index) => (
          <li key={index} class="ps-card" data-off={rule.off}>
            {ruleWords(rule)} <Acted times={acted.get(index) ?? 0} />
          </li>
        ))}
        {activeWires(plan).map((rule) => (
          <li key={`${rule.from} ${rule.to}`} class="ps-card">
            Relayed packets. {wireWords(rule)}
          </li>
        ))}
      </ol>
    </section>
  );
}

interface RulesProps {
  readonly view: LabView;
  readonly board: LabFaults['board'];
  /** How often each rule has acted. An array of its own each time: what only grows is not drawn again. */
  readonly times: readonly number[];
}

function Rules({ view, board, times }: RulesProps) {
  const guess = useSignal('');
  const problem = useSignal('');
  const isAdding = useSignal(false);
  const { plan } = board;
  const [offerer = 'alice', answerer = 'bob'] = view.peers.value;
  const set = (rules: readonly FaultRule[]) => {
    if (rules.length > 20) {
      problem.value = 'Twenty faults are the most. Remove one first.';
      return;
    }
    problem.value = '';
    board.plan = { ...plan, rules: [...rules] };
  };
  const add = (rules: readonly FaultRule[], about: string) => {
    set([...plan.rules, ...rules]);
    guess.value = about;
  };
  return (
    <section aria-label="Faults">
      <Title>What goes wrong</Title>
      {plan.rules.length === 0 && (
        <p class="ps-lead">
          The signaling channel is perfect so far. Take one of the classics, or write a rule of your own, then
          press {view.faults?.button ?? 'Run'} and see what the two peers make of it.
        </p>
      )}
      <ol class="ps-rules">
        {plan.rules.map((rule, index) => (
          <RuleCard
            key={index}
            rule={rule}
            number={index + 1}
            peers={view.peers.value}
            times={times[index] ?? 0}
            onChange={(next) => set(plan.rules.with(index, next))}
            onRemove={() => {
              guess.value = '';
              set(plan.rules.toSpliced(index, 1));
            }}
          />
        ))}
      </ol>
      <p class="ps-guess" role="status">
        {guess.value && (
          <>
            <b>Guess before you run:</b> {guess.value}
          </>
        )}
      </p>
      <p class="ps-problem" role="alert">
        {problem.value}
      </p>
      <details
        class="ps-add"
        open={plan.rules.length === 0 || isAdding.value}
        onToggle={(event) => (isAdding.value = event.currentTarget.open)}
      >
        <summary>Add a fault</summary>
        <div class="ps-bar" role="group" aria-label="Classics">
          {classics(offerer, answerer).map((classic) => (
            <button
              key={classic.name}
              type="button"
              class="ps-button"
              onClick={() => add(classic.rules, classic.guess)}
            >
              + {classic.name}
            </button>
          ))}
          <button
            type="button"
            class="ps-button ps-own"
            onClick={() =>
              add(
                [{ message: 'answer', from: answerer, to: offerer, fault: { do: 'delay', delayMs: 500 } }],
                '',
              )
            }
          >
            + A rule of my own
          </button>
        </div>
      </details>
    </section>
  );
}

interface RuleCardProps {
  readonly rule: FaultRule;
  readonly number: number;
  readonly peers: readonly PeerLabel[];
  readonly times: number;
  readonly onChange: (rule: FaultRule) => void;
  readonly onRemove: () => void;
}

/** One rule as a sentence whose parts can be chosen. */
function RuleCard({ rule, number, peers, times, onChange, onRemove }: RuleCardProps) {
  const { fault, message } = rule;
  const isMessage = message !== 'configuration';
  return (
    <li class="ps-card ps-rule" data-off={rule.off} aria-label={`Fault ${number}: ${ruleWords(rule)}`}>
      <p class="ps-sentence">
        <span>When</span>
        <Pick
          label="Which message"
          value={message}
          options={messageKinds.map((kind) => [kind, messageWords[kind]])}
          onPick={(kind) => onChange(aboutMessage(rule, kind))}
        />
        {message === 'candidate' && <CandidatePicks rule={rule} onChange={onChange} />}
        <DirectionPick rule={rule} peers={peers} onChange={onChange} />
        <span>then</span>
        <Pick
          label="What happens to it"
          value={faultKey(fault)}
          options={faultsFor(message).map(([words, one]) => [faultKey(one), words])}
          onPick={(key) => {
            const chosen = faultsFor(message).find(([, one]) => faultKey(one) === key);
            if (chosen) onChange({ ...rule, fault: chosen[1] });
          }}
        />
        {fault.do === 'delay' && (
          <DelayPicks fault={fault} onChange={(next) => onChange({ ...rule, fault: next })} />
        )}
        {(fault.do === 'delay' || fault.do === 'hold') && (
          <Pick
            label="What comes behind it"
            value={fault.overtaken ? 'passes' : 'waits'}
            options={[
              ['waits', 'and all behind it wait'],
              ['passes', 'and others pass it'],
            ]}
            onPick={(how) => {
              const { overtaken: _, ...rest } = fault;
              onChange({ ...rule, fault: how === 'passes' ? { ...rest, overtaken: true } : rest });
            }}
          />
        )}
        {isMessage && <OftenPicks rule={rule} onChange={onChange} />}
      </p>
      <p class="ps-rule-end">
        <Acted times={times} />
        <label class="ps-check">
          <input
            type="checkbox"
            checked={!rule.off}
            onChange={(event) => {
              const { off: _, ...on } = rule;
              onChange(event.currentTarget.checked ? on : { ...on, off: true });
            }}
          />
          active
        </label>
        <button type="button" class="ps-button" onClick={onRemove} aria-label={`Remove fault ${number}`}>
          Remove
        </button>
      </p>
    </li>
  );
}

function Acted({ times }: { times: number }) {
  return <span class="ps-count">{times === 0 ? 'has not acted yet' : `acted ${times}×`}</span>;
}

interface PartProps {
  readonly rule: FaultRule;
  readonly onChange: (rule: FaultRule) => void;
}

function CandidatePicks({ rule, onChange }: PartProps) {
  const { candidateType, protocol, ...rest } = rule;
  return (
    <>
      <Pick
        label="Type of candidate"
        value={candidateType ?? 'any'}
        options={[
          ['any', 'of any type'],
          ...candidateTypes.map((type) => [type, `of type ${candidateTypeWords[type]}`] as const),
        ]}
        onPick={(type) =>
          onChange({
            ...rest,
            ...(protocol && { protocol }),
            ...(type !== 'any' && { candidateType: type }),
          })
        }
      />
      <Pick
        label="Protocol of the candidate"
        value={protocol ?? 'any'}
        options={[
          ['any', 'udp or tcp'],
          ['udp', 'udp'],
          ['tcp', 'tcp'],
        ]}
        onPick={(name) =>
          onChange({
            ...rest,
            ...(candidateType && { candidateType }),
            ...(name !== 'any' && { protocol: name }),
          })
        }
      />
    </>
  );
}

/** Which way; a configuration goes nowhere, there it is whose. */
function DirectionPick({ rule, peers, onChange }: PartProps & { peers: readonly PeerLabel[] }) {
  const { from, to, ...rest } = rule;
  if (rule.message === 'configuration') {
    return (
      <Pick
        label="Whose"
        value={from ?? 'any'}
        options={[
          ['any', 'is opened by anybody'],
          ...peers.map((peer) => [peer, `is opened by ${peer}`] as const),
        ]}
        onPick={(peer) => onChange({ ...rest, ...(peer !== 'any' && { from: peer }) })}
      />
    );
  }
  const key = (one?: string, other?: string) => `${one ?? ''}→${other ?? ''}`;
  const ways = directionsOf(peers);
  const own = key(from, to);
  // A link may name peers of another lab.
  const isKnown = own === '→' || ways.some((way) => key(way.from, way.to) === own);
  return (
    <Pick
      label="In which direction"
      value={own}
      options={[
        ['→', 'goes either way'],
        ...ways.map((way) => [key(way.from, way.to), `goes from ${way.from} to ${way.to}`] as const),
        ...(isKnown ? [] : [[own, `goes from ${from ?? 'anybody'} to ${to ?? 'anybody'}`] as const]),
      ]}
      onPick={(way) => {
        const [one, other] = way.split('→');
        onChange({ ...rest, ...(one && { from: one }), ...(other && { to: other }) });
      }}
    />
  );
}

type Delay = Extract<Fault, { do: 'delay' }>;

function DelayPicks({ fault, onChange }: { fault: Delay; onChange: (fault: Delay) => void }) {
  const { jitterMs = 0, ...rest } = fault;
  return (
    <>
      <span>by</span>
      <Count
        label="Delay in milliseconds"
        value={fault.delayMs}
        max={MAX_DELAY_MS}
        onCount={(delayMs) => onChange({ ...fault, delayMs })}
      />
      <span>ms, by chance up to</span>
      <Count
        label="Longest extra delay in milliseconds"
        value={jitterMs}
        max={MAX_DELAY_MS}
        onCount={(more) => onChange({ ...rest, ...(more > 0 && { jitterMs: more }) })}
      />
      <span>ms more</span>
    </>
  );
}

function OftenPicks({ rule, onChange }: PartProps) {
  const { often, ...rest } = rule;
  return (
    <>
      <Pick
        label="How often"
        value={often?.is ?? 'always'}
        options={[
          ['always', 'every time'],
          ['nth', 'only number'],
          ['sometimes', 'by chance, in'],
        ]}
        onPick={(is) => {
          if (is === 'nth') onChange({ ...rest, often: { is, nth: 1 } });
          else if (is === 'sometimes') onChange({ ...rest, often: { is, probability: 0.5 } });
          else onChange(rest);
        }}
      />
      {often?.is === 'nth' && (
        <>
          <Count
            label="Which one, counted in each direction"
            value={often.nth}
            min={1}
            max={MAX_NTH}
            onCount={(nth) => onChange({ ...rest, often: { is: 'nth', nth } })}
          />
          <span>of each direction</span>
        </>
      )}
      {often?.is === 'sometimes' && (
        <>
          <Count
            label="Chance in per cent"
            value={Math.round(often.probability * 100)}
            max={100}
            onCount={(percent) =>
              onChange({ ...rest, often: { is: 'sometimes', probability: percent / 100 } })
            }
          />
          <span>% of the cases</span>
        </>
      )}
    </>
  );
}

/** Messages that wait for a hand. */
function Held({ faults: { board } }: { faults: LabFaults }) {
  const { held, delayed } = board;
  return (
    <section aria-label="Held messages" aria-live="polite">
      {(held.length > 0 || delayed > 0) && <Title>On the way</Title>}
      {held.length > 0 && (
        <ul class="ps-held">
          {held.map((waiting, index) => {
            const words = parcelWords(waiting.parcel.from, waiting.parcel.to, waiting.parcel.signal);
            return (
              <li key={index}>
                <span>{words} is held</span>
                <button
                  type="button"
                  class="ps-button ps-go"
                  onClick={() => board.release(waiting)}
                  aria-label={`Let ${words} go`}
                >
                  Let it go
                </button>
              </li>
            );
          })}
        </ul>
      )}
      {held.length > 1 && (
        <button type="button" class="ps-button" onClick={() => board.releaseAll()}>
          Let all {held.length} go
        </button>
      )}
      {delayed > 0 && (
        <p class="ps-lead">{plural(delayed, 'message')} on the way, or waiting behind another.</p>
      )}
    </section>
  );
}

/** What can be done to the connections that are open now. */
function Now({ view, faults: { board } }: { view: LabView; faults: LabFaults }) {
  const apartMs = useSignal('0');
  const outcome = useSignal<{ text: string; isBad: boolean; leadsToLesson?: boolean } | null>(null);
  const bench = view.bench.value;
  // Looked at again whenever something has happened, which the entries tell.
  const { version } = view.entries.value;
  const isOver = !board.isRunning;
  const open =
    isOver || version < 0
      ? []
      : [...(bench?.connections ?? [])].filter(([, pc]) => pc.signalingState !== 'closed');
  const act = (action: () => void, text: string) => {
    try {
      action();
      outcome.value = { text, isBad: false };
    } catch (error) {
      outcome.value = { text: toRtcError(error).message, isBad: true };
    }
  };
  const glare = async () => {
    outcome.value = { text: 'Both peers are asked for an offer.', isBad: false };
    try {
      const silent = await board.glare(Number(apartMs.value));
      outcome.value =
        silent.length === 0
          ? { text: 'The offers were made. Messages shows whether they met, and who gave way.', isBad: false }
          : {
              text: `${silent.join(' and ')} made no offer: the code of this lab does not listen to negotiationneeded.`,
              isBad: true,
              leadsToLesson: true,
            };
    } catch (error) {
      outcome.value = { text: toRtcError(error).message, isBad: true };
    }
  };
  return (
    <section aria-label="At once">
      <Title>At once</Title>
      {open.length === 0 ? (
        <p class="ps-lead">
          While a run goes on you can close a connection here, stop a track, or make both peers offer at the
          same time.
        </p>
      ) : (
        <div class="ps-bar">
          {open.map(([peer]) => (
            <button
              key={peer}
              type="button"
              class="ps-button"
              onClick={() =>
                act(
                  () => board.closePeer(peer),
                  `${peer}’s connection is closed. When does the other side notice?`,
                )
              }
            >
              Close {peer}’s connection
            </button>
          ))}
          {open.flatMap(([peer, pc]) =>
            (['video', 'audio'] as const)
              .filter((kind) =>
                pc.getSenders().some(({ track }) => track?.kind === kind && track.readyState === 'live'),
              )
              .map((kind) => (
                <button
                  key={`${peer} ${kind}`}
                  type="button"
                  class="ps-button"
                  onClick={() =>
                    act(
                      () => board.stopTrack(peer, kind),
                      `The ${kind} track of ${peer} is stopped. Is the other side told?`,
                    )
                  }
                >
                  Stop {peer}’s {kind}
                </button>
              )),
          )}
          {open.length > 1 && (
            <span class="ps-glare">
              <button type="button" class="ps-button" onClick={() => void glare()}>
                Both offer
              </button>
              <Pick
                label="How far apart the two offers are"
                value={apartMs.value}
                options={['0', '50', '200', '1000'].map((ms) => [
                  ms,
                  ms === '0' ? 'at the same time' : `${ms} ms apart`,
                ])}
                onPick={(ms) => (apartMs.value = ms)}
              />
            </span>
          )}
        </div>
      )}
      <p class={outcome.value?.isBad ? 'ps-problem' : 'ps-lead'} role="status">
        {outcome.value?.text}{' '}
        {outcome.value?.leadsToLesson && (
          <a href="/lessons/signaling/perfect-negotiation/">The lesson whose code does</a>
        )}
      </p>
    </section>
  );
}

/** The seed, and how to repeat a run or hand it on. */
function Again({ faults }: { faults: LabFaults }) {
  const { board } = faults;
  const { plan } = board;
  if (plan.rules.length === 0 && activeWires(plan).length === 0) return null;
  const seeded = (seed: number) => void (board.plan = { ...plan, seed });
  return (
    <section aria-label="Repeat">
      <Title>Once more</Title>
      <div class="ps-bar">
        <span class="ps-select">
          Seed <Count label="Seed" value={plan.seed} max={MAX_SEED} onCount={seeded} />
        </span>
        <button type="button" class="ps-button" onClick={() => faults.again()}>
          Again with the same seed
        </button>
        <button type="button" class="ps-button" onClick={() => (seeded(newSeed()), faults.again())}>
          Again with a new seed
        </button>
        {faults.link && (
          <CopyButton label="Copy a link with these faults" text={() => faults.link?.() ?? ''} />
        )}
      </div>
    </section>
  );
}

/** What the board did in this run, newest last. */
function Done({ view, done, count }: { view: LabView; done: readonly EntryOf<'fault'>[]; count: number }) {
  if (done.length === 0) return null;
  return (
    <section aria-label="What was done">
      <Title>What was done in this run</Title>
      {count > done.length && (
        <p class="ps-lead">
          The last {done.length} of {count}.
        </p>
      )}
      <ol class="ps-done">
        {done.map((entry) => (
          <li key={entry.seq}>
            <button
              type="button"
              aria-current={view.focus.value === entry.seq}
              onClick={() => (view.focus.value = entry.seq)}
            >
              <span class="ps-time">{inMs(entry.atMs)} ms</span> {entry.text}
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Title({ children }: { children: ComponentChildren }) {
  return <p class="ps-card-title">{children}</p>;
}

interface PickProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [value: T, words: string])[];
  readonly onPick: (value: T) => void;
}

/** A part of a sentence that can be another one. */
function Pick<T extends string>({ label, value, options, onPick }: PickProps<T>) {
  return (
    <select
      class="ps-pick"
      aria-label={label}
      value={value}
      onChange={(event) => {
        const chosen = options.find(([id]) => id === event.currentTarget.value);
        if (chosen) onPick(chosen[0]);
      }}
    >
      {options.map(([id, words]) => (
        <option key={id} value={id}>
          {words}
        </option>
      ))}
    </select>
  );
}

interface CountProps {
  readonly label: string;
  readonly value: number;
  readonly min?: number;
  readonly max: number;
  readonly onCount: (value: number) => void;
}

/** A whole number; one that is none, or too large, becomes the nearest that is allowed. */
function Count({ label, value, min = 0, max, onCount }: CountProps) {
  return (
    <input
      class="ps-pick"
      type="number"
      inputMode="numeric"
      aria-label={label}
      min={min}
      max={max}
      step={1}
      value={value}
      onChange={({ currentTarget: field }) => {
        const given = Math.round(field.valueAsNumber);
        const allowed = Number.isFinite(given) ? Math.min(max, Math.max(min, given)) : value;
        field.value = `${allowed}`;
        if (allowed !== value) onCount(allowed);
      }}
    />
  );
}

const isSame = (one: FaultPlan | undefined, other: FaultPlan): boolean =>
  one !== undefined && JSON.stringify(one.rules) === JSON.stringify(other.rules);
