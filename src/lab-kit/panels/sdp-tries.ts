import { signal } from '@preact/signals';
import { toRtcError } from '../../rtc/errors.ts';
import { addressOf, type Edit } from '../../rtc/sdp/experiment/edit.ts';
import type { Intervention } from '../../rtc/sdp/experiment/pair.ts';
import type { Outcome, OutcomeKind } from '../../rtc/sdp/experiment/verdict.ts';
import type { SdpLine, SessionDescriptionModel } from '../../rtc/sdp/parse.ts';
import type { LabView } from '../view.ts';

export type Where = Intervention['where'];

/** What the learner asks: this line of this exchange, without it or with another text. */
export interface Question {
  readonly offer: SessionDescriptionModel;
  readonly answer: SessionDescriptionModel | undefined;
  readonly configuration?: RTCConfiguration;
  readonly side: 'offer' | 'answer';
  readonly where: Where;
  readonly line: SdpLine;
  /** What stands there in its place; left out, the line is taken away. */
  readonly text?: string;
}

export interface Try {
  readonly question: Question;
  readonly state:
    | { readonly is: 'running' }
    | { readonly is: 'done'; readonly outcome: Outcome }
    | { readonly is: 'failed'; readonly problem: string };
}

/** What was tried on the descriptions of one view, newest first. One try runs at a time. */
export class Tries {
  readonly list = signal<readonly Try[]>([]);
  /** The one whose result is shown. */
  readonly shown = signal<Try | null>(null);
  #running: AbortController | undefined;

  /** Tries it, or shows what came of it the last time. */
  async ask(question: Question): Promise<void> {
    this.stop();
    const known = this.list.value.find((one) => one.state.is === 'done' && isSame(one.question, question));
    if (known) {
      this.shown.value = known;
      return;
    }
    const running = new AbortController();
    this.#running = running;
    this.shown.value = { question, state: { is: 'running' } };
    const state = await attempt(question, running.signal);
    if (this.#running !== running) return; // another one was asked for meanwhile, or it was stopped
    this.#running = undefined;
    const done: Try = { question, state };
    this.shown.value = done;
    if (state.is === 'done' && state.outcome.kind !== 'not-applicable')
      this.list.value = [done, ...this.list.value.filter((one) => !isSame(one.question, question))];
  }

  stop(): void {
    this.#running?.abort();
    this.#running = undefined;
    if (this.shown.value?.state.is === 'running') this.shown.value = null;
  }
}

async function attempt(question: Question, signal: AbortSignal): Promise<Try['state']> {
  const { line, text, side } = question;
  const model = question[side];
  const found = model && addressOf(line, model);
  if (!found?.ok) return { is: 'failed', problem: found?.why ?? 'The description is not there any more.' };
  const at = found.address;
  const edit: Edit = text === undefined ? { does: 'remove', at } : { does: 'replace', at, text };
  try {
    // Only who presses the button pays for it.
    const { tryEdit } = await import('../../rtc/sdp/experiment/experiment.ts');
    return { is: 'done', outcome: await tryEdit({ ...question, edit, signal }) };
  } catch (error) {
    const { code, help, message } = toRtcError(error);
    return { is: 'failed', problem: code === 'unexpected' ? message : help.what };
  }
}

function isSame(a: Question, b: Question): boolean {
  return (
    a.side === b.side &&
    a.where === b.where &&
    a.line.number === b.line.number &&
    a.text === b.text &&
    a.offer.text === b.offer.text &&
    a.answer?.text === b.answer?.text
  );
}

const ofView = new WeakMap<LabView, Tries>();

/** The tries of a view; they outlive the panel, which goes whenever another tab is opened. */
export function triesOf(view: LabView): Tries {
  const tries = ofView.get(view) ?? new Tries();
  ofView.set(view, tries);
  return tries;
}

/** What came of it in a word or two, and how grave it is: 2 broke, 1 changed, 0 neither. */
export const outcomeWords: Readonly<Record<OutcomeKind, readonly [word: string, gravity: 0 | 1 | 2]>> = {
  'not-applicable': ['cannot be tried', 0],
  'no-control': ['cannot be told', 0],
  refused: ['refused', 2],
  'ice-failed': ['no path', 2],
  'dtls-failed': ['no handshake', 2],
  'no-media': ['no media', 2],
  'no-channel': ['no data channel', 2],
  changed: ['works differently', 1],
  nothing: ['nothing broke', 0],
};
