// oxlint-disable-next-line typescript/require-await -- a claim gives a promise
export async function run(): Promise<string> {
  const codecs = RTCRtpReceiver.getCapabilities('video')?.codecs ?? [];
  const isOffered = (name: string) => codecs.some(({ mimeType }) => mimeType === `video/${name}`);
  return ['rtx', 'red', 'ulpfec'].filter(isOffered).join(', ') || 'None';
}
