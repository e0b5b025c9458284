import type { NextStep } from './pace.ts';
import type { PeerLabel, Signal } from './timeline.ts';
import { never } from './never.ts';

/** What a step does in an exchange of descriptions (JSEP, RFC 9429 §3.2). */
export type StepKind =
  | 'start'
  | 'open-media'
  | 'create-offer'
  | 'create-answer'
  | 'set-local-offer'
  | 'set-local-answer'
  | 'set-remote-offer'
  | 'set-remote-answer'
  | 'set-local-rollback'
  | 'set-remote-rollback'
  | 'send-offer'
  | 'send-answer'
  | 'receive'
  | 'candidate'
  | 'capture'
  | 'other';

/**
 * Which kind a step is. `state` is its peer's signaling state: `setLocalDescription()` without an argument makes what
 * is due, an answer while an offer of the other side is pending, else an offer (webrtc-pc §4.4.2).
 */
export function kindOfStep(step: NextStep, state: RTCSignalingState = 'stable'): StepKind {
  switch (step.does) {
    case 'start':
    case 'open-media':
    case 'receive':
      return step.does;
    case 'send':
      if (!('description' in step.signal)) return 'candidate';
      return isOffer(step.signal.description.type) ? 'send-offer' : 'send-answer';
    case 'call':
      return kindOfCall(step.method, typeOf(step.args[0]), state);
    default:
      return never(step);
  }
}

function kindOfCall(method: string, given: string | undefined, state: RTCSignalingState): StepKind {
  switch (method) {
    case 'createOffer':
      return 'create-offer';
    case 'createAnswer':
      return 'create-answer';
    case 'addIceCandidate':
      return 'candidate';
    case 'getUserMedia':
    case 'getDisplayMedia':
    case 'enumerateDevices':
    case 'selectAudioOutput':
      return 'capture';
    case 'setLocalDescription':
      if (given === 'rollback') return 'set-local-rollback';
      if (given !== undefined) return isOffer(given) ? 'set-local-offer' : 'set-local-answer';
      return state === 'have-remote-offer' || state === 'have-local-pranswer'
        ? 'set-local-answer'
        : 'set-local-offer';
    case 'setRemoteDescription':
      if (given === 'rollback') return 'set-remote-rollback';
      return isOffer(given) ? 'set-remote-offer' : 'set-remote-answer';
    default:
      return 'other';
  }
}

/** What a step is going to do, as a sentence that begins with its peer: «alice sends the offer to bob». */
export function stepWords(step: NextStep, state?: RTCSignalingState): string {
  const kind = kindOfStep(step, state);
  switch (step.does) {
    case 'start':
      return 'The code of the lab starts';
    case 'send':
      return `${step.peer} sends ${thing(step.signal)} to ${step.to}`;
    case 'receive':
      return `${step.peer} takes ${thing(step.signal)} of ${step.from} from the channel`;
    case 'open-media':
    case 'call': {
      const makes = step.does === 'call' && step.args.length === 0;
      const how = step.does === 'call' ? `: ${step.method}()` : '';
      return `${step.peer} ${deed(kind, makes, step.does === 'call' ? step.method : '')}${how}`;
    }
    default:
      return never(step);
  }
}

/** The same for a kind of step between two peers, without a call at hand; for the options of a question. */
export function kindWords(kind: StepKind, peer: PeerLabel, other: PeerLabel): string {
  switch (kind) {
    case 'send-offer':
      return `${peer} sends the offer to ${other}`;
    case 'send-answer':
      return `${peer} sends the answer to ${other}`;
    default:
      return `${peer} ${deed(kind, true)}`;
  }
}

function deed(kind: StepKind, makes: boolean, method = ''): string {
  switch (kind) {
    case 'open-media':
      return 'opens camera and microphone, or what stands in for them';
    case 'create-offer':
      return 'makes an offer and does not set it yet';
    case 'create-answer':
      return 'makes the answer and does not set it yet';
    case 'set-local-offer':
      return makes
        ? 'makes an offer and sets it as local description'
        : 'sets the offer as local description';
    case 'set-local-answer':
      return makes
        ? 'makes the answer and sets it as local description'
        : 'sets the answer as local description';
    case 'set-remote-offer':
      return 'sets the offer as remote description';
    case 'set-remote-answer':
      return 'sets the answer as remote description';
    case 'set-local-rollback':
    case 'set-remote-rollback':
      return 'takes the pending offer back';
    case 'candidate':
      return 'adds a candidate';
    default:
      return otherDeeds[method] ?? 'goes on';
  }
}

const otherDeeds: Readonly<Record<string, string>> = {
  applyConstraints: 'asks an open track for something else',
  enumerateDevices: 'asks which devices there are',
  getDisplayMedia: 'asks for a screen, a window or a tab',
  getUserMedia: 'asks for camera or microphone',
  selectAudioOutput: 'asks for a loudspeaker',
  setSinkId: 'chooses a loudspeaker',
  replaceTrack: 'changes what a sender sends',
  setParameters: 'changes how a sender encodes',
};

/** Why it comes, or what comes of it: one sentence for each kind of step. */
export const stepReasons: Readonly<Record<StepKind, string>> = {
  start: 'Nothing exists yet: no connection, no socket, no track.',
  'open-media': 'A track that is there before the offer is made is in the offer (RFC 9429 §5.2).',
  'create-offer': 'The description is only text until it is set (RFC 9429 §5.2).',
  'create-answer': 'It says yes or no to each m-section of the offer (RFC 9429 §5.3).',
  'set-local-offer':
    'The state becomes have-local-offer, and the browser begins to look for candidates (RFC 9429 §5.5).',
  'set-local-answer':
    'For this peer the session is agreed: its state is stable, and ICE begins as soon as it has candidates of the other side (RFC 9429 §5.5).',
  'set-remote-offer':
    'The state becomes have-remote-offer: an answer is due, and track events fire (RFC 9429 §5.6).',
  'set-remote-answer':
    'The state is stable again: both ends have the same two descriptions, and ICE runs at both (RFC 9429 §5.6).',
  'set-local-rollback': 'Back to stable, as if that offer had never been set (RFC 9429 §5.7).',
  'set-remote-rollback': 'Back to stable, as if that offer had never been set (RFC 9429 §5.7).',
  'send-offer': 'The application carries it; WebRTC does not say how (RFC 9429 §3.1).',
  'send-answer': 'It goes back the way the offer came (RFC 9429 §3.1).',
  receive: 'Signals are handed over one at a time and in order.',
  candidate: 'A candidate crosses as soon as it is found (RFC 8838).',
  capture: 'The browser decides, and may ask a person first.',
  other: 'No new offer is needed for this.',
};

function thing(signal: Signal): string {
  if ('description' in signal)
    return signal.description.type === 'offer' ? 'the offer' : `the ${signal.description.type}`;
  return signal.candidate?.candidate ? 'a candidate' : 'the end of candidates';
}

const isOffer = (type: string | undefined): boolean => type === 'offer';

function typeOf(given: unknown): string | undefined {
  if (typeof given !== 'object' || given === null || !('type' in given)) return undefined;
  return String(given.type);
}
