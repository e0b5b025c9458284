import type { Entry } from '../timeline.ts';
import type { LegacyId } from './words.ts';

/** An old word in a call that was made. */
export interface CalledFinding {
  readonly id: LegacyId;
  readonly method: string;
  /** As the record has them. */
  readonly args: readonly string[];
}

/**
 * Finds old words in the calls that were recorded: in their methods and in what was handed to them. A text can hide a
 * word from the linter of texts; a call cannot hide what it says to the browser.
 */
export function lintCalls(entries: readonly Entry[]): readonly CalledFinding[] {
  return entries.flatMap((entry) =>
    entry.kind === 'call' ? idsOf(entry).map((id) => ({ id, method: entry.method, args: entry.args })) : [],
  );
}

/** As the recorder writes a function. */
const FUNCTION = 'function';

function idsOf({ method, args }: { readonly method: string; readonly args: readonly string[] }): LegacyId[] {
  const [first, second] = args;
  const said = args.join(' ');
  const found: LegacyId[] = [];
  switch (method) {
    case 'addStream':
      found.push('add-stream');
      break;
    case 'removeStream':
      found.push('remove-stream');
      break;
    case 'createOffer':
    case 'createAnswer':
      if (first === FUNCTION) found.push(args.length === 1 ? 'one-callback' : 'offer-callbacks');
      if (hasKey(said, 'mandatory')) found.push('mandatory-offer');
      if (hasKey(said, 'offerToReceive(?:Audio|Video)')) found.push('offer-to-receive');
      break;
    case 'setLocalDescription':
    case 'setRemoteDescription':
    case 'addIceCandidate':
      if (second === FUNCTION) found.push('description-callbacks');
      break;
    case 'getUserMedia':
      if (second !== undefined) found.push('callback-get-user-media');
      if (hasKey(said, 'chromeMediaSource') || hasKey(said, 'mediaSource'))
        found.push('screen-by-constraint');
      else if (hasKey(said, 'mandatory|optional|(?:min|max)(?:Width|Height|FrameRate|AspectRatio)'))
        found.push('mandatory-constraints');
      break;
    case 'createDataChannel':
      if (hasKey(second ?? '', 'reliable|maxRetransmitTime')) found.push('reliable-channel');
      break;
  }
  return found;
}

/** Whether an object that was handed over, as JSON, has a key. @param key a pattern */
const hasKey = (json: string, key: string): boolean => new RegExp(`[{,]"(?:${key})":`).test(json);
