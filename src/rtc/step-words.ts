import type { NextStep } from './pace.ts';
import type { Signal } from './timeline.ts';

/** What a step is going to do, as a sentence: «alice sends her offer to bob». */
export function stepWords(step: NextStep): string {
  switch (step.does) {
    case 'start':
      return 'The lab’s code starts';
    case 'open-media':
      return `${step.peer} opens camera and microphone, or what stands in for them`;
    case 'send':
      return `${step.peer} sends ${thing(step.signal)} to ${step.to}`;
    case 'receive':
      return `${step.peer} takes ${thing(step.signal)} of ${step.from} from the channel`;
    case 'call':
      return `${step.peer} calls ${step.method}(${argument(step.args[0])})`;
    default:
      return never(step);
  }
}

function thing(signal: Signal): string {
  if ('description' in signal)
    return signal.description.type === 'offer' ? 'the offer' : `the ${signal.description.type}`;
  return signal.candidate?.candidate ? 'a candidate' : 'the end of candidates';
}

function argument(given: unknown): string {
  if (typeof given !== 'object' || given === null) return '';
  if ('sdp' in given && 'type' in given) return String(given.type);
  return 'candidate' in given ? 'candidate' : '…';
}

function never(value: never): never {
  throw new TypeError(`unexpected ${JSON.stringify(value)}`);
}
