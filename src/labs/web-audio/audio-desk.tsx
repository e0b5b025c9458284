import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { PeerName, peerColour } from '../../lab-kit/panels/peer.tsx';
import type { LabView, PanelProps } from '../../lab-kit/view.ts';
import { dbfs, LevelMeter, tonesIn } from '../../rtc/media/levels.ts';
import { deskOf, type Desk, type Probe } from './desk.ts';
import { drawSpectrum, FREQUENCIES } from './spectrum.ts';
import '../../lab-kit/panels/panel.css';
import './audio-desk.css';

/** How often needles move, and how often numbers change so that they can be read. */
const NEEDLE_MS = 50;
const NUMBERS_MS = 250;
/** The quietest level of the scale, dBFS. */
const FLOOR_DBFS = -60;
/** The filter's slider goes over it in equal steps of pitch. */
const CUTOFF_HZ = { least: 100, most: 20_000 };

/** Where the sound is looked at, what it is there, and the two knobs. */
export function AudioDesk({ view }: PanelProps) {
  void view.entries.value; // the desk comes a moment after the run has begun
  const bench = view.bench.value;
  const desk = deskOf(bench);
  const isOver = view.state.value === 'ended' || view.state.value === 'failed';
  if (!desk)
    return (
      <div class="ps-panel audio-desk">
        <p class="ps-empty">Press Run: sound is then measured at three places, in your own browser.</p>
      </div>
    );
  return (
    <section class="ps-panel audio-desk" aria-label="The sound">
      <Context desk={desk} isOver={isOver} />
      <Knobs key={desk.id} desk={desk} isOver={isOver} />
      <div class="audio-probes">
        {desk.probes.value.map((probe) => (
          <ProbeCard key={`${desk.id} ${probe.peer} ${probe.place}`} view={view} probe={probe} />
        ))}
      </div>
    </section>
  );
}

/** The state of the context in words, and a way out of `suspended`. */
function Context({ desk, isOver }: { desk: Desk; isOver: boolean }) {
  const state = desk.state.value;
  const { sampleRate } = desk.audio;
  return (
    <p class="audio-context" data-state={state} aria-live="polite">
      <span>
        AudioContext <code>{state}</code>, {sampleRate.toLocaleString('en').replaceAll(',', '\u202f')} samples
        a second
      </span>
      {state === 'suspended' && !isOver && (
        <button type="button" class="ps-button" onClick={() => void desk.audio.resume()}>
          resume()
        </button>
      )}
    </p>
  );
}

function Knobs({ desk, isOver }: { desk: Desk; isOver: boolean }) {
  const cutoffHz = useSignal(desk.filter.frequency.value);
  const gainDb = useSignal(Math.round(dbfs(desk.gain.gain.value)));
  const listens = useSignal(false);
  const { least, most } = CUTOFF_HZ;
  const turnFilter = (share: number) => {
    const hz = Math.round(least * (most / least) ** share);
    cutoffHz.value = hz;
    desk.filter.frequency.value = hz;
  };
  const turnGain = (db: number) => {
    gainDb.value = db;
    // Not in one step: a jump in the samples is a click.
    desk.gain.gain.setTargetAtTime(10 ** (db / 20), desk.audio.currentTime, 0.02);
  };
  const listen = (on: boolean) => {
    listens.value = on;
    desk.loudspeakers.gain.setTargetAtTime(on ? 1 : 0, desk.audio.currentTime, 0.05);
  };
  return (
    <fieldset class="audio-knobs" disabled={isOver}>
      <legend class="ps-hidden">Filter, gain and loudspeakers</legend>
      <label>
        <span>Low-pass at</span>
        <input
          type="range"
          min="0"
          max="1"
          step="0.01"
          value={Math.log(cutoffHz.value / least) / Math.log(most / least)}
          aria-valuetext={`${cutoffHz.value} hertz`}
          onInput={({ currentTarget }) => turnFilter(currentTarget.valueAsNumber)}
        />
        <output>{inHz(cutoffHz.value)}</output>
      </label>
      <label>
        <span>Gain</span>
        <input
          type="range"
          min="-40"
          max="24"
          step="1"
          value={gainDb.value}
          aria-valuetext={`${gainDb.value} decibels`}
          onInput={({ currentTarget }) => turnGain(currentTarget.valueAsNumber)}
        />
        <output>{signed(gainDb.value)} dB</output>
      </label>
      <label class="ps-check">
        <input
          type="checkbox"
          checked={listens.value}
          onChange={({ currentTarget }) => listen(currentTarget.checked)}
        />
        Listen to bob (headphones on, if the source is a microphone)
      </label>
    </fieldset>
  );
}

/** One place: its spectrum, its needle and its numbers, written to the page directly. */
function ProbeCard({ view, probe }: { view: LabView; probe: Probe }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const needle = useRef<HTMLElement>(null);
  const slow = useRef<HTMLElement>(null);
  const numbers = useRef<HTMLDListElement>(null);
  const { peer, place, analyser } = probe;
  const peers = view.peers.value;
  useEffect(() => {
    const meter = new LevelMeter();
    const samples = new Float32Array(2048);
    const levels = new Float32Array(analyser.frequencyBinCount);
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)');
    let drawnMs = -Infinity;
    let writtenMs = -Infinity;
    let frame = 0;
    const draw = (nowMs: number) => {
      frame = requestAnimationFrame(draw);
      if (analyser.context.state === 'closed') return; // the last picture stays
      if (nowMs - drawnMs < (isCalm.matches ? NUMBERS_MS : NEEDLE_MS)) return;
      drawnMs = nowMs;
      analyser.getFloatTimeDomainData(samples);
      analyser.getFloatFrequencyData(levels);
      meter.take(samples);
      needle.current?.style.setProperty('--level', String(shareOf(dbfs(meter.instant))));
      slow.current?.style.setProperty('--level', String(shareOf(dbfs(meter.slow))));
      if (canvas.current) drawSpectrum(canvas.current, levels, analyser.context.sampleRate);
      if (nowMs - writtenMs < NUMBERS_MS) return;
      writtenMs = nowMs;
      const tones = tonesIn(levels, analyser.context.sampleRate);
      const words: Readonly<Record<string, string>> = {
        instant: inDbfs(dbfs(meter.instant)),
        slow: inDbfs(dbfs(meter.slow)),
        peak: inDbfs(dbfs(meter.peak)),
        clip: `${(meter.clip * 100).toFixed(1)} %`,
        tones: tones.length === 0 ? 'silence' : tones.map(({ frequencyHz }) => inHz(frequencyHz)).join(' · '),
      };
      for (const [name, text] of Object.entries(words)) {
        const cell = numbers.current?.querySelector(`[data-is="${name}"]`);
        if (cell && cell.textContent !== text) cell.textContent = text;
      }
      numbers.current?.toggleAttribute('data-clips', meter.clip > 0);
    };
    frame = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame);
  }, [analyser]);
  return (
    <article
      class="audio-probe"
      data-probe={place}
      aria-label={`${peer}: ${place}`}
      style={{ '--peer': peerColour(peers, peer) }}
    >
      <h3>
        <PeerName peers={peers} peer={peer} />: {place}
      </h3>
      <div class="audio-spectrum" aria-hidden="true">
        <canvas ref={canvas} width="600" height="160" />
        <p>
          {FREQUENCIES.map(({ words, share }) => (
            <span key={words} style={{ insetInlineStart: `${share * 100}%` }}>
              {words}
            </span>
          ))}
        </p>
      </div>
      <div class="audio-meter" aria-hidden="true">
        <i ref={needle} />
        <b ref={slow} />
      </div>
      <dl ref={numbers}>
        {rows.map(([name, title]) => (
          <div key={name}>
            <dt>{title}</dt>
            <dd data-is={name}>–</dd>
          </div>
        ))}
      </dl>
    </article>
  );
}

const rows = [
  ['instant', 'RMS, instant'],
  ['slow', 'RMS, slow'],
  ['peak', 'Peak'],
  ['clip', 'Clipped'],
  ['tones', 'Loudest at'],
] as const;

const shareOf = (levelDbfs: number) => Math.min(1, Math.max(0, 1 - levelDbfs / FLOOR_DBFS));
const signed = (value: number) => (value < 0 ? `−${-value}` : `${value > 0 ? '+' : ''}${value}`);
const inDbfs = (value: number) =>
  value < -120 ? 'silence' : `${value < 0 ? '−' : ''}${Math.abs(value).toFixed(1)} dBFS`;
const inHz = (hz: number) => `${Math.round(hz).toLocaleString('en').replaceAll(',', '\u202f')} Hz`;
