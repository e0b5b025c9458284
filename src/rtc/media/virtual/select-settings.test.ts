import { describe, expect, test } from 'vitest';
import { selectCamera, selectSettings, type CameraModel } from './select-settings.ts';

const camera: CameraModel = {
  deviceId: 'a',
  groupId: 'g',
  label: 'Camera',
  facingMode: 'user',
  modes: [
    { width: 1280, height: 720, frameRate: 30 },
    { width: 640, height: 480, frameRate: 30 },
  ],
};
const select = (constraints: MediaTrackConstraints) => {
  const selected = selectSettings(camera, constraints);
  if (!selected.ok) return selected.constraint;
  const { width, height, frameRate, resizeMode } = selected.settings;
  return `${width}×${height}@${frameRate} ${resizeMode}`;
};

describe('a camera of 1280 × 720 and 640 × 480', () => {
  test.each<[string, MediaTrackConstraints, string]>([
    ['nothing', {}, '640×480@30 none'],
    ['an ideal it has', { width: 1280 }, '1280×720@30 none'],
    ['an ideal far beyond it', { width: { ideal: 99_999 } }, '1280×720@30 none'],
    ['exact beyond it', { width: { exact: 99_999 } }, 'width'],
    ['min beyond it', { height: { min: 721 } }, 'height'],
    ['min above max', { width: { min: 600, max: 500 } }, 'width'],
    ['a smaller size', { width: { exact: 320 }, height: { exact: 180 } }, '320×180@30 crop-and-scale'],
    ['min of what the larger mode has', { width: { min: 700 } }, '1280×720@30 none'],
    ['a ratio', { aspectRatio: { exact: 1 }, height: 480 }, '480×480@30 crop-and-scale'],
    ['a rate', { frameRate: { max: 10 } }, '640×480@10 crop-and-scale'],
    ['a rate beyond it', { frameRate: { exact: 60 } }, 'frameRate'],
    ['no cutting', { width: 300, resizeMode: { exact: 'none' } } as MediaTrackConstraints, '640×480@30 none'],
    ['the other side', { facingMode: { exact: 'environment' } }, 'facingMode'],
    ['an ideal other side', { facingMode: 'environment' }, '640×480@30 none'],
    ['another device', { deviceId: { exact: 'b' } }, 'deviceId'],
    [
      'legacy words, which nobody knows',
      { mandatory: { minWidth: 99_999 } } as MediaTrackConstraints,
      '640×480@30 none',
    ],
    ['an unknown property', { colour: { exact: 'red' } } as MediaTrackConstraints, '640×480@30 none'],
    ['an advanced set that can be had', { advanced: [{ width: 1280 }] }, '1280×720@30 none'],
    ['an advanced set that cannot', { advanced: [{ width: 4000 }] }, '640×480@30 none'],
    [
      'the second advanced set, when the first cannot be had',
      { advanced: [{ width: 4000 }, { width: 320 }] },
      '320×240@30 crop-and-scale',
    ],
  ])('%s', (_, constraints, wanted) => {
    expect(select(constraints)).toBe(wanted);
  });
});

test('the nearest of several cameras is chosen, and the refusal names what matters', () => {
  const small: CameraModel = {
    ...camera,
    deviceId: 'b',
    modes: [{ width: 320, height: 180, frameRate: 30 }],
  };
  expect(selectCamera([small, camera], { width: 1280 })).toMatchObject({
    ok: true,
    camera: { deviceId: 'a' },
  });
  expect(selectCamera([small, camera], { width: { exact: 4000 }, deviceId: { exact: 'b' } })).toMatchObject({
    ok: false,
    constraint: 'width',
  });
});
