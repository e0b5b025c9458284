import { paceModes, type PaceMode } from '../../rtc/pace.ts';
import { thirdColumns, type ThirdColumn } from './column-words.ts';

/** What the URL of the comparison says: `?task=call&third=helper&pace=step&present=1`. */
export interface CompareAddress {
  readonly task?: string;
  readonly third?: ThirdColumn;
  readonly pace?: PaceMode;
  readonly presents: boolean;
  /** What could not be understood, each as a sentence; the rest holds all the same. */
  readonly problems: readonly string[];
}

/** Reads the URL parameters. Parameters that are not ours are left alone. @param tasks the ids that there are */
export function readCompareAddress(search: URLSearchParams, tasks: readonly string[]): CompareAddress {
  const problems: string[] = [];
  const choose = <T extends string>(name: string, choices: readonly T[]): T | undefined => {
    const value = search.get(name);
    if (value === null) return undefined;
    const choice = choices.find((known) => known === value);
    const said = value.length > 40 ? `${value.slice(0, 40)}…` : value;
    if (!choice) problems.push(`The link says ${name}=${said}, which is none of: ${choices.join(', ')}.`);
    return choice;
  };
  const task = choose('task', tasks);
  const third = choose('third', thirdColumns);
  const pace = choose('pace', paceModes);
  return {
    presents: search.has('present'),
    problems,
    ...(task && { task }),
    ...(third && { third }),
    ...(pace && { pace }),
  };
}

/** A link to the comparison as it is set here. */
export function linkToCompare(
  base: string,
  { task, third, pace }: { task: string; third: ThirdColumn | null; pace: PaceMode },
): string {
  const url = new URL('/compare/', base);
  url.searchParams.set('task', task);
  if (third) url.searchParams.set('third', third);
  if (pace !== 'run') url.searchParams.set('pace', pace);
  return url.href;
}
