// others: null
export async function shareScreen(mediaDevices: MediaDevices): Promise<MediaStream | null> {
  try {
    return await mediaDevices.getDisplayMedia({ video: { frameRate: { max: 15 } } });
  } catch {
    return null;
  }
}
