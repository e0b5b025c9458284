// screen: not of the chosen screen
export async function shareScreen(mediaDevices: MediaDevices): Promise<MediaStream | null> {
  try {
    await mediaDevices.getDisplayMedia({ video: { frameRate: 15 } });
    const canvas = document.createElement('canvas');
    canvas.getContext('2d')?.fillText('a screen, honestly', 10, 10);
    return canvas.captureStream();
  } catch (error) {
    if ((error as DOMException).name === 'NotAllowedError') return null;
    throw error;
  }
}
