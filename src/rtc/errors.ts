/**
 * What can go wrong in a run, in words that a person can act on.
 *
 * Throw where the reason is known; translate once, at the rim (`DOMException` → `RtcError` → panel).
 */
export type RtcErrorCode =
  | 'permission-denied'
  | 'permission-dismissed'
  | 'permission-policy'
  | 'permission-system'
  | 'device-not-found'
  | 'device-in-use'
  | 'device-lost'
  | 'device-muted'
  | 'constraints-impossible'
  | 'insecure-origin'
  | 'media-unsupported'
  | 'media-aborted'
  | 'screen-unavailable'
  | 'webrtc-unsupported'
  | 'ice-failed'
  | 'no-candidates'
  | 'no-network'
  | 'connect-timeout'
  | 'dtls-failed'
  | 'description-refused'
  | 'candidate-refused'
  | 'signaling-lost'
  | 'signaling-refused'
  | 'bad-input'
  | 'turn-unauthorized'
  | 'turn-refused'
  | 'turn-unavailable'
  | 'autoplay-blocked'
  | 'sound-unavailable'
  | 'stopped'
  | 'unexpected';

/** Help for one kind of error: what happened, what to do next, and where the subject is taught. */
export interface ErrorHelp {
  /** What happened, one sentence. */
  readonly what: string;
  /** What to do next, one or two sentences. */
  readonly next: string;
  /** Path of the lesson on this site that explains it. Only lessons that exist. */
  readonly lesson?: string;
}

const HAND = '/lessons/signaling/by-hand/';
const PERMISSION = '/lessons/media/permission/';
const DEVICES = '/lessons/media/devices/';
const SCREEN = '/lessons/media/screen/';
const CONSTRAINTS = '/lessons/media/constraints/';
const CANDIDATES = '/lessons/connectivity/candidates/';
const TRICKLE = '/lessons/connectivity/trickle-ice/';
const TURN = '/lessons/connectivity/turn/';
const CHECKS = '/lessons/connectivity/checks/';

/** One entry for each code: a new code without help does not compile. */
export const help: Readonly<Record<RtcErrorCode, ErrorHelp>> = {
  'permission-denied': {
    what: 'The browser did not let this page use the camera or microphone.',
    next: 'Open the site settings beside the address bar, allow the device, and try again. The synthetic picture and tone work without any permission.',
    lesson: PERMISSION,
  },
  'permission-dismissed': {
    what: 'The permission question was closed without an answer.',
    next: 'Try again and choose “Allow”, or go on with the synthetic picture and tone.',
    lesson: PERMISSION,
  },
  'permission-policy': {
    what: 'This page, or the page that frames it, has switched camera or microphone off for itself.',
    next: 'Open the page in a tab of its own. Whoever serves it allows the devices with the header Permissions-Policy, and a frame with allow="camera; microphone".',
    lesson: PERMISSION,
  },
  'permission-system': {
    what: 'The operating system does not let this browser use the camera or microphone.',
    next: 'Allow it in the system’s privacy settings, restart the browser, and try again.',
    lesson: PERMISSION,
  },
  'device-not-found': {
    what: 'No camera or microphone of the requested kind is connected.',
    next: 'Plug one in and try again, or go on with the synthetic picture and tone.',
    lesson: PERMISSION,
  },
  'device-in-use': {
    what: 'The camera or microphone exists, but the system could not start it. Another program is probably using it.',
    next: 'Close other video calls and camera programs, then try again.',
    lesson: PERMISSION,
  },
  'device-lost': {
    what: 'The device that was used is gone, and nothing else of its kind has taken its place.',
    next: 'Plug it in again, or choose another one in the list. The others go on seeing and hearing whatever is left.',
    lesson: DEVICES,
  },
  'device-muted': {
    what: 'The browser or the system has muted the device: it gives nothing at the moment.',
    next: 'Look for a switch on the device, a key with a crossed-out microphone or camera, or the sign in the address bar. It comes back by itself.',
    lesson: DEVICES,
  },
  'constraints-impossible': {
    what: 'No device can deliver what was asked for.',
    next: 'Ask with “ideal” in place of “exact” or “min”, then look at what getSettings() reports.',
    lesson: CONSTRAINTS,
  },
  'insecure-origin': {
    what: 'Browsers offer camera and microphone only in a secure context: https, or http on localhost.',
    next: 'Open this page by https (start the server with HTTPS=on), or on the computer itself at http://localhost.',
    lesson: PERMISSION,
  },
  'media-unsupported': {
    what: 'This browser lacks what is needed to make or capture this media.',
    next: 'Use a current Chromium, Firefox or Safari.',
  },
  'media-aborted': {
    what: 'The browser started to open the device and then gave up.',
    next: 'Try again; when it happens twice, unplug the device and plug it in again.',
  },
  'screen-unavailable': {
    what: 'The screen could not be shared.',
    next: 'On macOS the system has to allow it: Privacy & Security, Screen Recording. Browsers of phones cannot share their screen at all. The drawn desktop needs no permission.',
    lesson: SCREEN,
  },
  'webrtc-unsupported': {
    what: 'This browser has no RTCPeerConnection. WebRTC is switched off or missing.',
    next: 'Use a current Chromium, Firefox or Safari, and look for an extension or a policy that disables WebRTC.',
  },
  'ice-failed': {
    what: 'No candidate pair answered: the two peers found no path to each other.',
    next: 'Look at the candidates. Did both ends get some, and did they cross? Behind strict NATs a relay candidate is needed.',
    lesson: CHECKS,
  },
  'no-candidates': {
    what: 'The browser found no candidate: no address at which the other peer could reach it.',
    next: 'With relay candidates only, look at the TURN server. Otherwise an extension or a policy of the browser may keep its addresses from the page.',
    lesson: CANDIDATES,
  },
  'no-network': {
    what: 'No network interface is up, so the browser has no address to offer: it would go on looking for ever.',
    next: 'Connect this computer to any network; one without internet is enough. Loopback does not count, not even for a call within one page. If you are connected, an extension or a policy of the browser may keep its addresses from the page.',
    lesson: CANDIDATES,
  },
  'connect-timeout': {
    what: 'The connection was not ready within the time allowed.',
    next: 'Look at the last entries of the timeline: a description or a candidate that was sent and never received is the usual cause.',
    lesson: TRICKLE,
  },
  'dtls-failed': {
    what: 'A path was found, but the encrypted handshake on it failed.',
    next: 'Compare the fingerprint in the description with the certificate of the peer: one that was altered on the way ends like this.',
  },
  'description-refused': {
    what: 'The browser refused a session description.',
    next: 'Read the browser’s own words below. The usual causes: pasted into the wrong box, cut off, or applied in the wrong signaling state.',
    lesson: HAND,
  },
  'candidate-refused': {
    what: 'The browser refused a candidate.',
    next: 'A candidate can be added only after the remote description, and only to the m-section that it names.',
    lesson: TRICKLE,
  },
  'signaling-lost': {
    what: 'The signaling server does not answer.',
    next: 'A running call goes on without it. The page tries again by itself; is the server still running?',
    lesson: HAND,
  },
  'signaling-refused': {
    what: 'The signaling server refused the request.',
    next: 'Its reason stands below.',
    lesson: HAND,
  },
  'bad-input': {
    what: 'This is not what belongs here.',
    next: 'The reason stands below; nothing was changed.',
  },
  'turn-unauthorized': {
    what: 'The TURN server refused the user name or the credential.',
    next: 'Time-limited credentials expire: ask for new ones. The fields are “username” and “credential”.',
    lesson: TURN,
  },
  'turn-refused': {
    what: 'The TURN server gave no relayed address.',
    next: 'Its reason stands below.',
    lesson: TURN,
  },
  'turn-unavailable': {
    what: 'This site has no STUN or TURN server of that kind.',
    next: 'Whoever started it can read why in its log and at /healthz; TURN=embedded, the default, starts the one that comes with it.',
    lesson: TURN,
  },
  'autoplay-blocked': {
    what: 'The browser did not start playback by itself.',
    next: 'Click the picture once. Browsers start sound only after a click, a tap or a key.',
  },
  'sound-unavailable': {
    what: 'The browser could not start sound.',
    next: 'Is a loudspeaker or a headset connected? Firefox needs one even for a tone that nobody hears. The picture goes on without.',
  },
  stopped: { what: 'The run was stopped.', next: 'Press Run to start it again.' },
  unexpected: {
    what: 'Something happened that this page did not foresee.',
    next: 'The browser’s own words stand below. Run it again; if it stays, they belong in a bug report.',
  },
};

/** An error with a code from {@link help}; `cause` keeps what the browser or the server said. */
export class RtcError extends Error {
  override readonly name = 'RtcError';
  readonly code: RtcErrorCode;

  /**
   * @param code what kind of error, see {@link help}
   * @param detail what was seen in this very case; shown under the help text
   */
  constructor(code: RtcErrorCode, detail?: string, options?: ErrorOptions) {
    super(detail ?? help[code].what, options);
    this.code = code;
  }

  get help(): ErrorHelp {
    return help[this.code];
  }
}

/** Translates anything that was thrown; an {@link RtcError} stays what it is. */
export function toRtcError(thrown: unknown, fallback: RtcErrorCode = 'unexpected'): RtcError {
  if (thrown instanceof RtcError) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError')
    return new RtcError('stopped', undefined, { cause: thrown });
  const detail = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new RtcError(fallback, detail, { cause: thrown });
}
