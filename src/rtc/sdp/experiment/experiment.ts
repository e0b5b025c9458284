import type { SessionDescriptionModel } from '../parse.ts';
import type { Intervention, Observation } from './pair.ts';
import { runPair } from './pair.ts';
import { planOf, type Plan } from './plan.ts';
import { judge, type Outcome } from './verdict.ts';

export interface Experiment extends Intervention {
  /** The exchange that the learner looks at. */
  readonly offer: SessionDescriptionModel;
  readonly answer: SessionDescriptionModel | undefined;
  /** How the connections of that exchange were configured; servers and policies on candidates are left out. */
  readonly configuration?: RTCConfiguration;
  /** Ends the experiment and closes what it opened. */
  readonly signal: AbortSignal;
}

/** What an unedited pair gets, what an edited one gets at least and at most. Milliseconds. */
const CONTROL_MS = 2500;
const PATIENCE_MS = { least: 2500, most: 4000 };

/** Unedited pairs of which the observation is kept: one for each shape of exchange. */
const KEPT = 8;
const controls = new Map<string, Promise<Observation>>();

/**
 * Edits a line of a description on two disposable connections of this page, and tells what broke.
 *
 * The pair is made like the exchange that is looked at: its m-sections, directions, codecs and layers. A first pair runs
 * unedited; what differs in the second one came of the edit. Both exist in this page alone, use host candidates only, and
 * are closed before this returns; the lab's own connections are not touched. It takes 0.1 to 7 seconds.
 *
 * @throws {RtcError} `stopped` when `signal` aborts; `webrtc-unsupported`, `media-unsupported`
 */
export async function tryEdit(experiment: Experiment): Promise<Outcome> {
  const { offer, answer, configuration, side, where, edit, signal } = experiment;
  const plan = planOf(offer, answer, configuration);
  const control = await controlOf(plan, signal);
  const patienceMs = Math.min(PATIENCE_MS.most, Math.max(PATIENCE_MS.least, 3 * control.tookMs));
  const trial = await runPair({
    plan,
    intervention: { side, where, edit },
    goals: control.reached,
    patienceMs,
    signal,
  });
  return judge(control, trial);
}

async function controlOf(plan: Plan, signal: AbortSignal): Promise<Observation> {
  const key = JSON.stringify(plan);
  const known = controls.get(key);
  if (known) return known;
  const control = await runPair({ plan, patienceMs: CONTROL_MS, signal });
  if (!control.reached.has('connected alice')) return control; // the network may be there the next time
  controls.set(key, Promise.resolve(control));
  const [oldest] = controls.keys();
  if (controls.size > KEPT && oldest !== undefined) controls.delete(oldest);
  return control;
}
