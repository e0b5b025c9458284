export async function run(): Promise<string> {
  const video = { mandatory: { minWidth: 640 }, deviceId: { exact: 'no such camera' } };
  try {
    await navigator.mediaDevices.getUserMedia({ video });
    return 'a stream';
  } catch (error) {
    const { name, message, constraint } = error as OverconstrainedError;
    return `${name}: ${constraint ?? message}`;
  }
}
