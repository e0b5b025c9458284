import { signal, type ReadonlySignal } from '@preact/signals';
import { Description, limits } from '../../protocol/signaling.ts';
import { RtcError } from '../../rtc/errors.ts';
import type { Carrier, Envelope, Parcel } from '../../rtc/signaling/signaling.ts';
import type { PeerLabel } from '../../rtc/timeline.ts';

/** A text that a peer wants carried to the other side. */
export interface Letter {
  readonly from: PeerLabel;
  readonly to: PeerLabel;
  readonly type: Description['type'];
  readonly text: string;
}

/** The signaling channel made of a person: what is posted lies in the outbox until somebody carries it. */
export class HandCarrier implements Carrier {
  readonly #outbox = signal<readonly Letter[]>([]);
  readonly #taken = signal<readonly string[]>([]);
  readonly #signal: AbortSignal;
  #receiver: ((envelope: Envelope) => void) | undefined;

  constructor(ended: AbortSignal) {
    this.#signal = ended;
  }

  get outbox(): ReadonlySignal<readonly Letter[]> {
    return this.#outbox;
  }

  /** Ids of what was handed over in this page. */
  get taken(): ReadonlySignal<readonly string[]> {
    return this.#taken;
  }

  post({ from, to, signal: posted }: Parcel): { id: string; taken: Promise<void> } {
    if (!('description' in posted)) throw new RtcError('bad-input', 'only descriptions are carried by hand');
    const text = JSON.stringify(posted.description);
    this.#outbox.value = [...this.#outbox.value, { from, to, type: posted.description.type, text }];
    return { id: letterId(posted.description), taken: Promise.resolve() };
  }

  deliver(receiver: (envelope: Envelope) => void): void {
    this.#receiver = receiver;
  }

  /**
   * Hands a pasted text to a peer of this page.
   *
   * @param wanted what this peer can use now
   * @throws {RtcError} `bad-input` with a sentence that says what is wrong with the text
   */
  handOver(to: PeerLabel, from: PeerLabel, pasted: string, wanted: 'offer' | 'answer'): void {
    if (this.#signal.aborted) throw new RtcError('stopped');
    const description = readDescription(pasted);
    const own = this.#outbox.value.some(
      ({ from: author, text }) => author === to && sameText(text, description),
    );
    if (own) {
      throw new RtcError(
        'bad-input',
        `This is ${to}’s own ${description.type}. It belongs on the other side, in ${from}’s box.`,
      );
    }
    if (description.type !== wanted) {
      const here =
        wanted === 'offer' ? `${to} waits for an offer` : `${to} made an offer and waits for the answer`;
      throw new RtcError('bad-input', `This is an ${description.type}, but ${here}.`);
    }
    const id = letterId(description);
    if (this.#taken.value.includes(id))
      throw new RtcError('bad-input', `${to} has this ${description.type} already.`);
    this.#taken.value = [...this.#taken.value, id];
    this.#receiver?.({ id, from, to, signal: { description } });
  }
}

/**
 * Reads a description as people paste it: the JSON that the other box shows, or bare SDP.
 *
 * @throws {RtcError} `bad-input`
 */
export function readDescription(pasted: string): Description {
  const text = pasted.trim();
  if (text === '')
    throw new RtcError('bad-input', 'The box is empty: paste the text from the other side first.');
  if (text.length > limits.sdpLength * 2) {
    throw new RtcError('bad-input', `This text has ${text.length} characters; no description is that long.`);
  }
  if (text.startsWith('v=0')) {
    // Only an offer lets the other side choose its DTLS role (RFC 8842 §5.2).
    const type = /^a=setup:actpass/m.test(text) ? 'offer' : 'answer';
    return { type, sdp: `${text.split(/\r?\n/).join('\r\n')}\r\n` };
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    const cut = text.startsWith('{')
      ? 'It starts well and then breaks off: copy the whole text, to the last brace.'
      : '';
    throw new RtcError(
      'bad-input',
      cut || 'This is neither a description nor SDP. It should begin with {"type": or with v=0.',
    );
  }
  const parsed = Description.safeParse(json);
  if (!parsed.success) {
    throw new RtcError(
      'bad-input',
      'This is JSON, but no session description: it needs exactly “type” and “sdp”.',
    );
  }
  return parsed.data;
}

function sameText(text: string, description: Description): boolean {
  return letterId(JSON.parse(text) as Description) === letterId(description);
}

/** The o= line is unique for a description (RFC 8866 §5.2), so both tabs give a letter the same id. */
function letterId({ type, sdp }: Description): string {
  return `${type} ${/^o=.*$/m.exec(sdp)?.[0].trim() ?? sdp.length}`;
}
