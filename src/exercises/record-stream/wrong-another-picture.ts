// picture: No counter could be read
export async function record(stream: MediaStream, ms: number): Promise<Blob> {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
  const context = canvas.getContext('2d');
  let frame = 0;
  const timer = setInterval(() => {
    frame += 1;
    if (!context) return;
    context.fillStyle = `hsl(${frame * 5} 50% 50%)`;
    context.fillRect(0, 0, 320, 180);
    context.fillStyle = '#fff';
    context.fillText(`frame ${frame}, alice`, 20, 20);
  }, 33);
  const recorder = new MediaRecorder(
    new MediaStream([...canvas.captureStream(30).getVideoTracks(), ...stream.getAudioTracks()]),
  );
  const file = new Promise<Blob>((resolve) =>
    recorder.addEventListener('dataavailable', ({ data }) => resolve(data)),
  );
  recorder.start();
  await new Promise((resolve) => setTimeout(resolve, ms));
  recorder.stop();
  clearInterval(timer);
  return file;
}
