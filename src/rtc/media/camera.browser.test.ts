import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { cdp } from 'vitest/browser';
import { listDevices, openCamera } from './camera.ts';

let end: AbortController;
beforeEach(() => {
  end = new AbortController();
});
afterEach(() => {
  end.abort();
  vi.restoreAllMocks();
  // The tests' own properties in front of the browser's.
  Reflect.deleteProperty(document, 'featurePolicy');
  Reflect.deleteProperty(navigator, 'mediaDevices');
});

async function permissions(setting: 'granted' | 'denied'): Promise<void> {
  const { targetInfo } = await cdp().send('Target.getTargetInfo');
  const context = targetInfo.browserContextId ? { browserContextId: targetInfo.browserContextId } : {};
  for (const name of ['camera', 'microphone'])
    await cdp().send('Browser.setPermission', {
      permission: { name },
      setting,
      origin: location.origin,
      ...context,
    });
}

describe('when permission is given', () => {
  beforeEach(() => permissions('granted'));

  test('opens camera and microphone, and stops them with the signal', async () => {
    const stream = await openCamera(
      { audio: true, video: { width: { ideal: 320 } } },
      { signal: end.signal },
    );
    const states = () => stream.getTracks().map(({ readyState }) => readyState);
    expect(states()).toEqual(['live', 'live']);
    end.abort();
    expect(states()).toEqual(['ended', 'ended']);
  });

  test('what comes after the end is stopped at once', async () => {
    const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    const { promise: delivered, resolve: deliver } = Promise.withResolvers<MediaStream>();
    // The person thinks about the browser's question for a while.
    vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockImplementation(async (constraints) => {
      await answered;
      const stream = await original(constraints);
      deliver(stream);
      return stream;
    });
    const opening = openCamera({ video: true }, { signal: end.signal });
    end.abort();
    await expect(opening).rejects.toMatchObject({ code: 'stopped' });
    answer();
    const stream = await delivered;
    await vi.waitFor(() => expect(stream.getTracks().map(({ readyState }) => readyState)).toEqual(['ended']));
  });

  test('names the constraint that cannot be met', async () => {
    const opening = openCamera({ video: { width: { exact: 99_999 } } }, { signal: end.signal });
    await expect(opening).rejects.toMatchObject({
      code: 'constraints-impossible',
      message: expect.stringContaining('“width”'),
    });
  });

  test('lists devices with their names', async () => {
    const devices = await listDevices();
    expect(new Set(devices.map(({ kind }) => kind))).toContain('videoinput');
    expect(devices.every(({ labelHidden, label }) => !labelHidden && label)).toBe(true);
  });
});

describe('when permission is refused', () => {
  beforeEach(() => permissions('denied'));

  test('says so, and that the browser will not ask again', async () => {
    const opening = openCamera({ video: true, audio: true }, { signal: end.signal });
    await expect(opening).rejects.toMatchObject({
      code: 'permission-denied',
      message: expect.stringContaining('does not ask again'),
    });
  });

  test('lists devices with words in place of their names', async () => {
    const devices = await listDevices();
    expect(devices.length).toBeGreaterThan(0);
    expect(devices.every(({ labelHidden, label }) => labelHidden && label.includes('hidden'))).toBe(true);
  });
});

test('asking for nothing is an error of the page', async () => {
  await expect(openCamera({}, { signal: end.signal })).rejects.toMatchObject({ code: 'bad-input' });
});

test('a frame that may not use the camera says who forbids it', async () => {
  Object.defineProperty(document, 'featurePolicy', {
    configurable: true,
    value: { allowsFeature: () => false },
  });
  vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockRejectedValue(
    new DOMException('Permission denied', 'NotAllowedError'),
  );
  await expect(openCamera({ video: true }, { signal: end.signal })).rejects.toMatchObject({
    code: 'permission-policy',
  });
});

test('without mediaDevices, as on plain http, it is the origin', async () => {
  vi.spyOn(globalThis, 'isSecureContext', 'get').mockReturnValue(false);
  Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: undefined });
  await expect(openCamera({ video: true }, { signal: end.signal })).rejects.toMatchObject({
    code: 'insecure-origin',
  });
  await expect(listDevices()).rejects.toMatchObject({ code: 'insecure-origin' });
});

test('an ended signal does not ask anyone', async () => {
  const asked = vi.spyOn(navigator.mediaDevices, 'getUserMedia');
  end.abort();
  await expect(openCamera({ video: true }, { signal: end.signal })).rejects.toMatchObject({
    code: 'stopped',
  });
  expect(asked).not.toHaveBeenCalled();
});
