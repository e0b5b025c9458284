import { expect, test } from 'vitest';
import { explainMediaError } from '../../rtc/media/explain-media-error.ts';
import { refusals } from './zoo.ts';

const here = {
  secureContext: true,
  mediaDevices: true,
  kinds: { audio: false, video: true },
  policyForbids: [],
  permissionDenied: false,
} as const;

test('each refusal of the zoo is explained, each in its own way', () => {
  const codes = refusals.map(({ make, context }) => explainMediaError(make(), { ...here, ...context }).code);
  expect(codes).toEqual([
    'permission-denied',
    'permission-dismissed',
    'permission-system',
    'device-not-found',
    'device-in-use',
    'constraints-impossible',
    'media-aborted',
    'permission-denied',
    'insecure-origin',
  ]);
});
