export async function run(): Promise<string> {
  try {
    // No camera has this id, so that nobody is asked.
    await navigator.mediaDevices.getUserMedia({ video: { deviceId: { exact: 'no such camera' } } });
    return 'The promise was fulfilled.';
  } catch (error) {
    return `The promise was rejected: ${(error as DOMException).name}`;
  }
}
