import { Fragment } from 'preact';
import { useMemo } from 'preact/hooks';
import { endAt } from '../../lab-kit/panels/model/fold.ts';
import { inMs } from '../../lab-kit/panels/model/format.ts';
import { machines } from '../../lab-kit/panels/model/machines.ts';
import { toneOf } from '../../lab-kit/panels/model/states.ts';
import { PeerName } from '../../lab-kit/panels/peer.tsx';
import { useBoard } from '../../lab-kit/use-board.ts';
import type { LabFaults, LabView, PanelProps } from '../../lab-kit/view.ts';
import { cutBetween, isCut, type FaultRule } from '../../rtc/faults/plan.ts';
import { four, momentsOf, statesNow, type Moment } from './moments.ts';
import '../../lab-kit/ends.css';
import './four.css';

/** The four state machines of both ends, step by step in one order, and buttons that make something go wrong. */
export function Four({ view }: PanelProps) {
  const { list } = view.entries.value;
  const end = endAt(list, view.focus.value);
  const seen = useMemo(() => list.slice(0, end), [list, list.length, end]);
  const peers = view.peers.value;
  const now = statesNow(seen);
  return (
    <section class="ends" aria-label="Four machines at once">
      <div class="ends-two">
        {peers.map((peer) => (
          <section key={peer} class="ends-one">
            <h2>
              <PeerName peers={peers} peer={peer} />
            </h2>
            <dl>
              {four.map((machine) => {
                const state = now.get(peer)?.[machine] ?? '–';
                return (
                  <Fragment key={machine}>
                    <dt>{machines[machine].title}</dt>
                    <dd class="four-state" data-tone={toneOf(state)}>
                      {state}
                    </dd>
                  </Fragment>
                );
              })}
            </dl>
          </section>
        ))}
      </div>
      {view.faults && <GoWrong view={view} faults={view.faults} />}
      <Steps view={view} moments={momentsOf(seen)} />
      <p class="ps-hidden" aria-live="polite">
        {[...now].map(([peer, states]) => `${peer} ${states['connection-state']}`).join(', ')}
      </p>
    </section>
  );
}

const lose = (from: string, to: string): readonly FaultRule[] => [
  { message: 'candidate', from, to, fault: { do: 'drop' } },
];

/** What can be done to the run that comes, and to the one that goes on. */
function GoWrong({ view, faults }: { view: LabView; faults: LabFaults }) {
  const { board } = faults;
  useBoard(board);
  const [alice = 'alice', bob = 'bob'] = view.peers.value;
  const isOpen = board.isRunning && view.bench.value?.connections.get(bob)?.signalingState !== 'closed';
  const wire = board.isRunning ? board.wire : 'no-relay';
  const cut = isCut(board.plan);
  const losses = [
    ['No candidate is lost', []],
    [`Lose ${alice}’s`, lose(alice, bob)],
    ['Lose all', [...lose(alice, bob), ...lose(bob, alice)]],
  ] as const;
  const isInForce = (rules: readonly FaultRule[]) =>
    JSON.stringify(board.plan.rules) === JSON.stringify(rules);
  const change = () => {
    const { wire: _, ...rest } = board.plan;
    board.plan = cut ? rest : { ...rest, wire: [...cutBetween(alice, bob)] };
  };
  return (
    <div class="four-faults">
      <div role="group" aria-label="Candidates, from the next run on">
        {losses.map(([name, rules]) => (
          <button
            key={name}
            type="button"
            class="lab-button"
            aria-pressed={isInForce(rules)}
            onClick={() => {
              board.plan = { ...board.plan, rules: [...rules] };
              faults.again();
            }}
          >
            {name}
          </button>
        ))}
      </div>
      <div role="group" aria-label="In the run that goes on">
        <button
          type="button"
          class="lab-button"
          disabled={!isOpen || !view.hosted.value.includes(bob)}
          onClick={() => board.closePeer(bob)}
        >
          Close {bob}
        </button>
        <button type="button" class="lab-button" disabled={wire !== 'relayed' && !cut} onClick={change}>
          {cut ? 'Mend the path' : 'Cut the path'}
        </button>
        <span>{wire === 'relayed' || cut ? '' : 'To cut it, choose “Path: Over this site’s relay”.'}</span>
      </div>
    </div>
  );
}

/** One row for each step, at the side of its peer; a click shows that moment in all panels. */
function Steps({ view, moments }: { view: LabView; moments: readonly Moment[] }) {
  const peers = view.peers.value;
  if (moments.length === 0)
    return <p class="four-none">Press Run: each step of each machine gets a row, in the order of time.</p>;
  return (
    <ol class="four-steps" aria-label="Every step">
      {moments.map(({ peer, machine, state, because, atMs, seq }) => (
        <li key={`${seq} ${machine}`} data-side={peers.indexOf(peer) === 0 ? 'left' : 'right'}>
          <button type="button" title="Show this moment everywhere" onClick={() => (view.focus.value = seq)}>
            <span class="four-what">
              <PeerName peers={peers} peer={peer} /> {machines[machine].title}{' '}
              <b class="four-state" data-tone={toneOf(state)}>
                {state}
              </b>
            </span>
            <span class="four-why">
              {inMs(atMs)} ms · {because}
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}
