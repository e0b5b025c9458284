export function run(): Promise<string> {
  return new Promise((tell) => {
    // @ts-expect-error: not in the standard, and so not in its types
    // oxlint-disable-next-line typescript/no-unsafe-call -- that is the point
    navigator.getUserMedia(
      { video: { deviceId: { exact: 'no such camera' } } }, // so that nobody is asked
      () => tell('The success callback ran.'),
      (error: DOMException) => tell(`The error callback ran: ${error.name}`),
    );
  });
}
