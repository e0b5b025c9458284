/** Called in a click. Gives the stream of the screen that the user chooses, or null when the answer is no. */
export async function shareScreen(mediaDevices: MediaDevices): Promise<MediaStream | null> {
  try {
    return await mediaDevices.getDisplayMedia({ video: { frameRate: { max: 15 } } });
  } catch (error) {
    if ((error as DOMException).name === 'NotAllowedError') return null;
    throw error;
  }
}
