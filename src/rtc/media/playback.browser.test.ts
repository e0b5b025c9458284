import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { attachStream } from './playback.ts';
import { openSyntheticMedia } from './synthetic.ts';

let end: AbortController;
let video: HTMLVideoElement;
beforeEach(() => {
  end = new AbortController();
  video = document.createElement('video');
  document.body.append(video);
});
afterEach(() => {
  end.abort();
  video.remove();
  vi.restoreAllMocks();
});

const media = () => openSyntheticMedia({ peer: 'alice', signal: end.signal }).stream;

test('plays, and says once when the first frame is there and how large it is', async () => {
  const onFirstFrame = vi.fn();
  await attachStream(video, media(), { signal: end.signal, onFirstFrame });
  await vi.waitFor(() => expect(onFirstFrame).toHaveBeenCalledWith(320, 180));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(onFirstFrame).toHaveBeenCalledTimes(1);
  expect(video).toMatchObject({ paused: false, muted: true, playsInline: true });
});

test('says it without frame callbacks too', async () => {
  // They are missing in old browsers, and not called in a background tab.
  vi.spyOn(HTMLVideoElement.prototype, 'requestVideoFrameCallback').mockReturnValue(1);
  const onFirstFrame = vi.fn();
  await attachStream(video, media(), { signal: end.signal, onFirstFrame });
  await vi.waitFor(() => expect(onFirstFrame).toHaveBeenCalledWith(320, 180));
});

test('waits for video that comes after audio', async () => {
  const source = media();
  const stream = new MediaStream(source.getAudioTracks());
  const onFirstFrame = vi.fn();
  await attachStream(video, stream, { signal: end.signal, onFirstFrame });
  expect(onFirstFrame).not.toHaveBeenCalled();
  stream.addTrack(source.getVideoTracks()[0]!);
  await vi.waitFor(() => expect(onFirstFrame).toHaveBeenCalledWith(320, 180), 5000);
});

test('a browser that wants a click first is told apart from other errors', async () => {
  const play = vi.spyOn(video, 'play');
  play.mockRejectedValueOnce(
    new DOMException('play() failed because the user didn’t interact', 'NotAllowedError'),
  );
  const stream = media();
  const attached = attachStream(video, stream, { signal: end.signal, muted: false });
  await expect(attached).rejects.toMatchObject({ code: 'autoplay-blocked' });
  expect(video.srcObject).toBe(stream);
  play.mockRejectedValueOnce(new DOMException('The element has no supported sources.', 'NotSupportedError'));
  await expect(attachStream(video, stream, { signal: end.signal })).rejects.toMatchObject({
    code: 'unexpected',
  });
});

test('lets go of the element at the end, and of nobody else’s stream', async () => {
  await attachStream(video, media(), { signal: end.signal });
  end.abort();
  expect(video.srcObject).toBeNull();

  const first = new AbortController();
  end = new AbortController();
  await attachStream(video, media(), { signal: first.signal });
  const second = media();
  await attachStream(video, second, { signal: end.signal });
  first.abort();
  expect(video.srcObject).toBe(second);
});

test('does not wait past the end for a stream that never shows anything', async () => {
  const attached = attachStream(video, new MediaStream(), { signal: end.signal });
  end.abort();
  await expect(attached).rejects.toMatchObject({ code: 'stopped' });
});
