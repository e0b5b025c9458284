export async function run(): Promise<string> {
  try {
    await navigator.mediaDevices.getUserMedia({}); // neither audio nor video, so that nobody is asked
    return 'The promise was fulfilled.';
  } catch (error) {
    return `The promise was rejected: ${(error as DOMException).name}`;
  }
}
