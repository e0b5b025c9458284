export async function run(): Promise<string> {
  // @ts-expect-error: no such name
  // oxlint-disable-next-line typescript/no-unsafe-assignment, typescript/no-unsafe-call -- it is what old code says
  const audio = new webkitAudioContext();
  return Promise.resolve(String(audio));
}
