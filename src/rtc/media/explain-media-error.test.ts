import { describe, expect, test } from 'vitest';
import { help, RtcError } from '../errors.ts';
import { explainMediaError, type MediaErrorContext } from './explain-media-error.ts';

const usual: MediaErrorContext = {
  secureContext: true,
  mediaDevices: true,
  kinds: { audio: true, video: true },
  policyForbids: [],
  permissionDenied: false,
};
const overconstrained = (constraint: string, message = '') =>
  Object.assign(new Error(message), { name: 'OverconstrainedError', constraint });

// The messages are the browsers' own.
test.each([
  ['Chromium: blocked', new DOMException('Permission denied', 'NotAllowedError'), 'permission-denied'],
  [
    'Chromium: closed the question',
    new DOMException('Permission dismissed', 'NotAllowedError'),
    'permission-dismissed',
  ],
  [
    'Chromium on macOS',
    new DOMException('Permission denied by system', 'NotAllowedError'),
    'permission-system',
  ],
  [
    'Firefox: blocked',
    new DOMException(
      'The request is not allowed by the user agent or the platform in the current context.',
      'NotAllowedError',
    ),
    'permission-denied',
  ],
  ['switched off', new DOMException('The operation is insecure.', 'SecurityError'), 'permission-denied'],
  [
    'Chromium: no camera',
    new DOMException('Requested device not found', 'NotFoundError'),
    'device-not-found',
  ],
  [
    'Firefox: no camera',
    new DOMException('The object can not be found here.', 'NotFoundError'),
    'device-not-found',
  ],
  ['Chromium: in use', new DOMException('Could not start video source', 'NotReadableError'), 'device-in-use'],
  [
    'Firefox: in use',
    new DOMException('Failed to allocate videosource', 'NotReadableError'),
    'device-in-use',
  ],
  ['Firefox: did not start', new DOMException('Starting videoinput failed', 'AbortError'), 'device-in-use'],
  ['Chromium: too slow', new DOMException('Timeout starting video source', 'AbortError'), 'media-aborted'],
  ['Chromium: too much asked', overconstrained('width'), 'constraints-impossible'],
  [
    'Firefox: too much asked',
    overconstrained('frameRate', 'Constraints could not be satisfied.'),
    'constraints-impossible',
  ],
  [
    'a page in the back',
    new DOMException('Document is not fully active', 'InvalidStateError'),
    'media-aborted',
  ],
  ['no such thing', new DOMException('Not supported', 'NotSupportedError'), 'media-unsupported'],
  ['wrong constraints', new TypeError('Malformed constraint'), 'bad-input'],
  ['a new error', new DOMException('?', 'QuotaExceededError'), 'unexpected'],
  ['no error at all', 'oops', 'unexpected'],
  ['nothing', undefined, 'unexpected'],
] as const)('%s is %3$s', (_, thrown, code) => {
  const error = explainMediaError(thrown, usual);
  expect(error.code).toBe(code);
  expect(error.cause).toBe(thrown);
  expect(help[error.code].next.length).toBeGreaterThan(20);
});

describe('what the page can find out decides first', () => {
  const denied = new DOMException('Permission denied', 'NotAllowedError');
  // What `navigator.mediaDevices.getUserMedia` throws where `mediaDevices` is undefined.
  const missing = new TypeError("Cannot read properties of undefined (reading 'getUserMedia')");

  test.each([
    ['plain http on a LAN', missing, { secureContext: false, mediaDevices: false }, 'insecure-origin'],
    ['Firefox’s own check', denied, { secureContext: false }, 'insecure-origin'],
    ['an embedded browser', missing, { mediaDevices: false }, 'media-unsupported'],
    ['a Permissions-Policy', denied, { policyForbids: ['camera'] as const }, 'permission-policy'],
    ['nothing asked for', new TypeError('…'), { kinds: { audio: false, video: false } }, 'bad-input'],
  ] as const)('%s', (_, thrown, context, code) => {
    expect(explainMediaError(thrown, { ...usual, ...context }).code).toBe(code);
  });

  test('says that a refusal stays', () => {
    expect(explainMediaError(denied, { ...usual, permissionDenied: true }).message).toContain(
      'does not ask again',
    );
  });
});

test('names the constraint that cannot be met', () => {
  expect(explainMediaError(overconstrained('deviceId'), usual).message).toContain('“deviceId”');
  expect(explainMediaError(overconstrained(''), usual).message).toContain('at once');
});

test('names the device that was asked for, and quotes the browser', () => {
  const gone = new DOMException('Requested device not found', 'NotFoundError');
  const error = explainMediaError(gone, { ...usual, kinds: { audio: true, video: false } });
  expect(error.message).toBe('There is no microphone here. (NotFoundError: Requested device not found)');
});

test('leaves an error that is explained already as it is', () => {
  const error = new RtcError('stopped');
  expect(explainMediaError(error, usual)).toBe(error);
});
