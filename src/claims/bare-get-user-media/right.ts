export async function run(): Promise<string> {
  const stream = await navigator.mediaDevices.getUserMedia({}); // it is called, and says what is missing
  return `a stream with ${stream.getTracks().length} tracks`;
}
