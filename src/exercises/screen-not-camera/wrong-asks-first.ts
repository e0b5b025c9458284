// asked: `getUserMedia()` resolved, then `getDisplayMedia()` InvalidStateError
export async function shareScreen(mediaDevices: MediaDevices): Promise<MediaStream | null> {
  const voice = await mediaDevices.getUserMedia({ audio: true });
  try {
    const screen = await mediaDevices.getDisplayMedia({ video: { frameRate: { max: 15 } } });
    return new MediaStream([...screen.getTracks(), ...voice.getAudioTracks()]);
  } catch (error) {
    if ((error as DOMException).name === 'NotAllowedError') return null;
    throw error;
  }
}
