/** Called in a click. Gives the stream of the screen that the user chooses, or null when the answer is no. */
export async function shareScreen(mediaDevices: MediaDevices): Promise<MediaStream | null> {
  const constraints = {
    audio: false,
    video: { mandatory: { chromeMediaSource: 'screen', minWidth: 1280, maxFrameRate: 15 } },
  };
  // @ts-expect-error: these are no constraints any more
  return mediaDevices.getUserMedia(constraints);
}
