import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { QUEUE_MS, type Impairment } from '../../protocol/impairment.ts';
import type { WireState } from '../../rtc/faults/wire.ts';
import { useBoard } from '../use-board.ts';
import type { LabFaults, LabView } from '../view.ts';
import {
  directionsOf,
  queueSlider,
  sliders,
  stopOf,
  wireOf,
  wirePresets,
  withWire,
  type Direction,
  type Slider,
} from './model/wire.ts';
import './wire-faults.css';

interface Props {
  readonly view: LabView;
  readonly board: LabFaults['board'];
}

/** What our server does to the relayed packets of a call: real ones, while the call goes on. */
export function WireFaultsSection({ view, board }: Props) {
  useBoard(board);
  const { plan } = board;
  const isOpen = useSignal(false);
  // Looked at again whenever something has happened, which the entries tell.
  const state = view.entries.value.version < 0 || !board.isRunning ? 'idle' : board.wire;
  const directions = directionsOf(view.peers.value);
  const isReachable = state !== 'direct' && state !== 'no-relay';
  const set = (which: readonly Direction[], impairment: Impairment) => {
    board.plan = withWire(plan, which, impairment);
  };
  const isSet = (plan.wire?.length ?? 0) > 0;
  return (
    <section class="ps-lossy" aria-label="The wire">
      <p class="ps-card-title">The wire</p>
      <p class="ps-lead" role="status" data-wire={state}>
        {stateWords[state]}
      </p>
      <div class="ps-bar" role="group" aria-label="Wires that everybody knows, in both directions">
        {wirePresets.map(({ name, impairment }) => (
          <button
            key={name}
            type="button"
            class="ps-button"
            disabled={!isReachable}
            onClick={() => {
              set(directions, impairment);
              isOpen.value = true;
            }}
          >
            {name}
          </button>
        ))}
        <button
          type="button"
          class="ps-button"
          disabled={!isSet}
          onClick={() => {
            const { wire: _, ...rest } = plan;
            board.plan = rest;
          }}
        >
          Reset
        </button>
      </div>
      <details
        class="ps-add"
        open={isSet || isOpen.value}
        onToggle={(event) => (isOpen.value = event.currentTarget.open)}
      >
        <summary>Each direction by itself</summary>
        <div class="ps-directions">
          {directions.map((direction) => (
            <WireDirection
              key={`${direction.from} ${direction.to}`}
              direction={direction}
              impairment={wireOf(plan, direction)}
              disabled={!isReachable}
              onChange={(impairment) => set([direction], impairment)}
            />
          ))}
        </div>
      </details>
    </section>
  );
}

const stateWords: Readonly<Record<WireState | 'idle', string>> = {
  idle: 'The packets of a relayed call cross the TURN server of this playground, which can lose them, delay them or let fewer through. Set it before a run, or while one goes on.',
  'no-relay':
    'This run asks for no relay of ours, so its packets do not pass here. Take a lab that does, one with iceTransportPolicy: “relay”.',
  'not-yet': 'This run has a relay of ours, and no path yet. What is set here holds from the first packet.',
  direct:
    'This call has found a direct path: its packets do not cross our server, and nothing can be done to them. Drop every candidate but relay (under “Add a fault”), or take a lab with iceTransportPolicy: “relay”.',
  relayed: 'The packets of this call cross our server. What you set acts at once, on real packets.',
};

interface DirectionProps {
  readonly direction: Direction;
  readonly impairment: Impairment;
  readonly disabled: boolean;
  readonly onChange: (impairment: Impairment) => void;
}

function WireDirection({ direction: { from, to }, impairment, disabled, onChange }: DirectionProps) {
  const isThrottled = impairment.rateKbps !== undefined;
  return (
    <fieldset class="ps-card ps-direction" disabled={disabled}>
      <legend>
        From {from} to {to}
      </legend>
      {[...sliders, ...(isThrottled ? [queueSlider] : [])].map((slider) => (
        <WireSlider
          key={slider.name}
          slider={slider}
          value={impairment[slider.name] ?? (slider === queueSlider ? QUEUE_MS : 0)}
          onChange={(value) => onChange({ ...impairment, [slider.name]: value })}
        />
      ))}
    </fieldset>
  );
}

interface SliderProps {
  readonly slider: Slider;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

function WireSlider({ slider, value, onChange }: SliderProps) {
  const id = useId();
  /** Where the thumb is while it is being dragged: the wire changes when it is let go. */
  const dragged = useSignal<number | null>(null);
  const valueAt = (stop: number) => slider.stops[stop] ?? value;
  const shown = dragged.value === null ? value : valueAt(dragged.value);
  const words = slider.words(shown);
  return (
    <div class="ps-slider" data-on={slider === queueSlider || shown > 0 || undefined}>
      <label for={id}>{slider.label}</label>
      <input
        id={id}
        type="range"
        min={0}
        max={slider.stops.length - 1}
        step={1}
        value={dragged.value ?? stopOf(slider, value)}
        aria-valuetext={words}
        onInput={(event) => (dragged.value = event.currentTarget.valueAsNumber)}
        onChange={(event) => {
          dragged.value = null;
          onChange(valueAt(event.currentTarget.valueAsNumber));
        }}
      />
      <output for={id}>{words}</output>
    </div>
  );
}
