import { holdAudioContext } from '../../media/audio-context.ts';
import { LevelMeter } from '../../media/levels.ts';

/** Samples that are looked at: 43 ms at 48 kHz. */
const WINDOW = 2048;

/** How loud a track is. */
export interface TrackLevel {
  /** RMS of the last 43 ms, 0 … 1 for what fits into full scale; 0 while the audio graph stands still. */
  read(): number;
}

/**
 * Measures a track with an audio graph.
 *
 * @param track its `enabled` counts: a muted one is silent
 * @param signal ends it; the track stays
 */
export function openTrackLevel(track: MediaStreamTrack, signal: AbortSignal): TrackLevel {
  const audio = holdAudioContext(signal);
  const source = audio.createMediaStreamSource(new MediaStream([track]));
  const analyser = new AnalyserNode(audio, { fftSize: WINDOW });
  source.connect(analyser);
  signal.addEventListener('abort', () => source.disconnect(), { once: true });
  const samples = new Float32Array(WINDOW);
  const meter = new LevelMeter();
  return {
    read: () => {
      analyser.getFloatTimeDomainData(samples);
      meter.take(samples);
      return meter.instant;
    },
  };
}

/** Below this a meter shows nothing, dB relative to full scale. */
const FLOOR_DB = -60;

/** A level as a meter shows it, 0 … 1: even steps for what sounds like even steps. @param level RMS, 0 … 1 */
export const meterValue = (level: number): number =>
  level <= 0 ? 0 : Math.min(1, Math.max(0, 1 - (20 * Math.log10(level)) / FLOOR_DB));
