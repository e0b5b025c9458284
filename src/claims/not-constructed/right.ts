export async function run(): Promise<string> {
  const stream = new MediaStream();
  return Promise.resolve(`a stream with ${stream.getTracks().length} tracks`);
}
