export async function run(): Promise<string> {
  // @ts-expect-error: a class cannot be called
  const stream = MediaStream() as MediaStream;
  return Promise.resolve(`a stream with ${stream.getTracks().length} tracks`);
}
