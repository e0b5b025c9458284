import { RtcError, type RtcErrorCode } from '../errors.ts';

/** What is known beside the error. */
export interface MediaErrorContext {
  /** `isSecureContext` of the page. */
  readonly secureContext: boolean;
  /** Whether `navigator.mediaDevices` exists. */
  readonly mediaDevices: boolean;
  /** What was asked for. */
  readonly kinds: { readonly audio: boolean; readonly video: boolean };
  /** Features that the page's Permissions-Policy forbids, where the browser tells. */
  readonly policyForbids: readonly ('camera' | 'microphone')[];
  /** Whether the permission is refused for good, where the browser tells. */
  readonly permissionDenied: boolean;
}

/**
 * Turns what `getUserMedia()` threw into an error with help; an {@link RtcError} stays what it is.
 *
 * The names are the standard's (mediacapture-main §10.1), but they cover several causes each, which the browsers tell
 * apart in their messages only, each in its own words. The messages below are Chromium's and Firefox's.
 */
export function explainMediaError(thrown: unknown, context: MediaErrorContext): RtcError {
  if (thrown instanceof RtcError) return thrown;
  const { name, message, constraint } = read(thrown);
  const explain = (code: RtcErrorCode, detail: string) =>
    new RtcError(code, `${detail} (${[name, message].filter(Boolean).join(': ')})`, { cause: thrown });
  const device = deviceWords(context);

  if (!context.secureContext)
    return explain('insecure-origin', 'This page was loaded by plain http from another computer.');
  if (!context.mediaDevices)
    return explain('media-unsupported', 'This browser offers no camera or microphone to pages.');

  switch (name) {
    case 'NotAllowedError':
    case 'PermissionDeniedError': // Chromium until 2017, and other embedders
    case 'SecurityError':
      return explain(...whyNotAllowed(name, message, device, context));
    case 'NotFoundError':
    case 'DevicesNotFoundError':
      return explain('device-not-found', `There is no ${device} here.`);
    case 'NotReadableError':
    case 'TrackStartError':
      return explain('device-in-use', `The ${device} could not be started.`);
    case 'OverconstrainedError':
      return explain(
        'constraints-impossible',
        constraint
          ? `No device can satisfy the constraint “${constraint}”.`
          : 'No device can satisfy all constraints at once.',
      );
    case 'AbortError':
      // Firefox says so where Chromium says NotReadableError: "Starting videoinput failed".
      if (/^Starting \w+ failed/.test(message))
        return explain('device-in-use', `The ${device} could not be started.`);
      return explain('media-aborted', `The ${device} was found and did not start in time.`);
    case 'TypeError':
      if (!context.kinds.audio && !context.kinds.video)
        return explain('bad-input', 'Neither audio nor video was asked for.');
      return explain('bad-input', 'The constraints are not written as getUserMedia() expects them.');
    case 'InvalidStateError':
      return explain('media-aborted', 'The page is not active: devices open only in the page that is shown.');
    case 'NotSupportedError':
      return explain('media-unsupported', `This browser cannot open the ${device}.`);
    default:
      return explain('unexpected', `The ${device} could not be opened.`);
  }
}

/** Five causes under one name, told apart by what the page can find out and by Chromium's words. */
function whyNotAllowed(
  name: string,
  message: string,
  device: string,
  { policyForbids, permissionDenied }: MediaErrorContext,
): [RtcErrorCode, string] {
  if (policyForbids.length > 0)
    return ['permission-policy', `The page’s Permissions-Policy forbids it: ${policyForbids.join(', ')}.`];
  if (/dismissed/i.test(message))
    return ['permission-dismissed', 'The question was closed without an answer.'];
  if (/by system|system denied/i.test(message))
    return ['permission-system', `The operating system does not let this browser use the ${device}.`];
  if (name === 'SecurityError')
    return ['permission-denied', `The browser’s settings forbid the use of the ${device}.`];
  if (permissionDenied)
    return [
      'permission-denied',
      `This site may not use the ${device}; the browser does not ask again until you change that.`,
    ];
  return ['permission-denied', `The use of the ${device} was not allowed.`];
}

function read(thrown: unknown): { name: string; message: string; constraint: string } {
  if (typeof thrown !== 'object' || thrown === null)
    return { name: 'Error', message: String(thrown), constraint: '' };
  const text = (key: string) => {
    const value: unknown = Reflect.get(thrown, key);
    return typeof value === 'string' ? value : '';
  };
  return { name: text('name') || 'Error', message: text('message'), constraint: text('constraint') };
}

function deviceWords({ kinds: { audio, video } }: MediaErrorContext): string {
  if (audio && video) return 'camera or microphone';
  return audio ? 'microphone' : 'camera';
}
