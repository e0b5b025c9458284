import { afterEach, expect, test } from 'vitest';
import { DESK, DrawnScreens } from './drawn-display.ts';
import { readFrameCode } from './frame-code.ts';

const end = new AbortController();
afterEach(() => document.body.replaceChildren());

test('the drawn desktop carries its frame code, and ends as a captured screen does', async () => {
  const screens = new DrawnScreens({ signal: end.signal });
  const stream = await screens.getDisplayMedia();
  const video = Object.assign(document.createElement('video'), { muted: true, srcObject: stream });
  document.body.append(video);
  await video.play();
  await expect.poll(() => readFrameCode(video)?.peer).toBe(DESK);
  let ended = 0;
  stream.getVideoTracks()[0]?.addEventListener('ended', () => (ended += 1));
  screens.display?.endByBrowser();
  screens.display?.endByBrowser();
  expect(ended).toBe(1);
  expect(stream.active).toBe(false);
});

test.each([
  ['min', { video: { width: { min: 640 } } }],
  ['exact', { video: { frameRate: { exact: 5 } } }],
  ['advanced', { video: { advanced: [{ width: 640 }] } }],
  ['video: false', { video: false, audio: true }],
] as const)('%s is refused with a TypeError', async (_, options) => {
  const screens = new DrawnScreens({ signal: end.signal });
  await expect(screens.getDisplayMedia(options as DisplayMediaStreamOptions)).rejects.toThrow(TypeError);
});

test('without a click it is an InvalidStateError, and what the user says is passed on', async () => {
  const idle = new DrawnScreens({ signal: end.signal, isActive: () => false });
  await expect(idle.getDisplayMedia()).rejects.toMatchObject({ name: 'InvalidStateError' });
  const no = new DOMException('no', 'NotAllowedError');
  const refused = new DrawnScreens({ signal: end.signal, refusal: () => no });
  await expect(refused.getDisplayMedia({ video: { frameRate: { max: 15 } } })).rejects.toBe(no);
});
