export async function run(): Promise<string> {
  try {
    // A page may not insist on anything here: it is refused before anybody is asked.
    await navigator.mediaDevices.getDisplayMedia({ video: { width: { exact: 640 } } });
    return 'Something was captured.';
  } catch (error) {
    // InvalidStateError in place of TypeError: the click that it needs was too long ago.
    return `A screen was asked for, and no camera: ${(error as DOMException).name}`;
  }
}
