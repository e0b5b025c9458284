import { RoomId } from '../protocol/signaling.ts';
import { toRtcError } from '../rtc/errors.ts';
import { planText, readPlan, type FaultPlan } from '../rtc/faults/plan.ts';
import { paceModes, type PaceMode } from '../rtc/pace.ts';
import { type Arrangement, type ControlSpecs, type LabDefinition } from './define.ts';

/** What a lab's URL says: `?room=…&arrangement=two-tabs&pace=step&faults=…&<control>=<choice>`. Names are those of the lab's definition. */
export interface Address {
  readonly room?: string;
  readonly arrangement?: Arrangement;
  readonly pace?: PaceMode;
  readonly controls: Readonly<Record<string, string>>;
  readonly faults?: FaultPlan;
  /** What could not be understood, each as a sentence; the rest holds all the same. */
  readonly problems: readonly string[];
}

/** Reads a lab's URL parameters. Parameters that are not ours are left alone. */
export function readAddress(
  search: URLSearchParams,
  lab: Pick<LabDefinition, 'arrangements' | 'controls'>,
): Address {
  const problems: string[] = [];
  const choose = <T extends string>(name: string, choices: readonly T[]): T | undefined => {
    const value = search.get(name);
    if (value === null) return undefined;
    const choice = choices.find((known) => known === value);
    if (!choice)
      problems.push(`The link says ${name}=${clip(value)}, which is none of: ${choices.join(', ')}.`);
    return choice;
  };
  const controls: Record<string, string> = {};
  for (const [name, spec] of Object.entries(lab.controls)) {
    const choice = choose(name, Object.keys(spec.choices));
    if (choice) controls[name] = choice;
  }
  const arrangement = choose('arrangement', lab.arrangements);
  const pace = choose('pace', paceModes);
  const given = search.get('room');
  const room = RoomId.safeParse(given).data;
  if (given !== null && !room) {
    problems.push(`The link names the room “${clip(given)}”; a room is 1 to 64 letters, digits, “-” or “_”.`);
  }
  const faults = readFaults(search.get('faults'), problems);
  return {
    controls,
    problems,
    ...(room && { room }),
    ...(arrangement && { arrangement }),
    ...(faults && { faults }),
    ...(pace && { pace }),
  };
}

function readFaults(text: string | null, problems: string[]): FaultPlan | undefined {
  if (text === null) return undefined;
  try {
    return readPlan(text);
  } catch (error) {
    problems.push(toRtcError(error).message);
    return undefined;
  }
}

/** A link to a lab as it is set here; with a room it opens the other side of a call. */
export function linkTo(
  base: string,
  lab: string,
  {
    room,
    arrangement,
    controls,
    faults,
    pace = 'run',
  }: {
    room?: string;
    arrangement: Arrangement;
    controls: Readonly<Record<string, string>>;
    faults?: FaultPlan;
    pace?: PaceMode;
  },
): string {
  const url = new URL(`/labs/${lab}/`, base);
  const given = {
    ...controls,
    arrangement,
    room,
    pace: pace === 'run' ? undefined : pace,
    faults: faults && planText(faults),
  };
  for (const [name, value] of Object.entries(given))
    if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

/** The choices that hold where nobody has chosen. */
export function initialControls(specs: ControlSpecs): Record<string, string> {
  return Object.fromEntries(Object.entries(specs).map(([name, { initial }]) => [name, initial]));
}

function clip(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
