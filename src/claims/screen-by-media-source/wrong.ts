export async function run(): Promise<string> {
  // Nothing has this id, so that nobody is asked. Where was it looked for?
  const video = { mediaSource: 'screen', deviceId: { exact: 'no such thing' } };
  try {
    await navigator.mediaDevices.getUserMedia({ video });
    return 'Something opened.';
  } catch (error) {
    const { name } = error as DOMException;
    // A camera with another id does not fit. A screen is not found, or wants a click of just now.
    return `It was looked for among the ${name === 'OverconstrainedError' ? 'cameras' : 'screens'}: ${name}`;
  }
}
