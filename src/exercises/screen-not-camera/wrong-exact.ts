// asked: `getDisplayMedia()` TypeError
export async function shareScreen(mediaDevices: MediaDevices): Promise<MediaStream | null> {
  try {
    return await mediaDevices.getDisplayMedia({ video: { width: { min: 1280 }, frameRate: { max: 15 } } });
  } catch (error) {
    if ((error as DOMException).name === 'NotAllowedError') return null;
    throw error;
  }
}
